// What it means that a translation gives up a check: said in the report where somebody has to decide about it.

import type { Condition } from '../model/index.js';

const TEXT: Partial<Record<Condition['kind'], string>> = {
  'basic-auth': 'who sends no Authorization header gets 401, but ANY user name and password gets in',
  'external-auth': 'EVERYBODY gets in, nobody is asked',
  'client-certificate': 'EVERY client gets in, no certificate is asked for',
  'backend-error': 'the error pages of the destination go to the client as they are',
  affinity: 'a client may change between the versions',
};

export const withoutCheck = ({ kind }: Condition): string => TEXT[kind] ?? 'requests pass without it';
