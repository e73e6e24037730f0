// What it means that a translation gives up a check: said in the report where somebody has to decide about it.

import type { Condition } from '../model/index.js';
import type { AddItem } from './item-list.js';

const TEXT: Partial<Record<Condition['kind'], string>> = {
  'basic-auth': 'requests without an Authorization header get 401, but ANY user name and password is accepted',
  'external-auth': 'ALL requests are accepted without authentication',
  'client-certificate': 'ALL clients are accepted, no certificate is requested',
  'backend-error': 'the error pages of the destination go to the client unchanged',
  affinity: 'a client may change between the versions',
};

/** The items of a condition that the target is written without, and of the fields that say more of it. */
export function noteLeftCheck(
  { kind, summary, origin, details = [] }: Condition,
  add: AddItem,
  why: string | false | undefined = undefined,
): void {
  const left = why || 'not translated';
  add(`condition.${kind}`, `${summary}: ${left}; ${TEXT[kind] ?? 'requests are forwarded without it'}`, origin);
  for (const detail of details) add(`condition.${kind}`, `belongs to what is ${left}`, detail.origin);
}
