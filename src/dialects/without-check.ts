// What it means that a translation gives up a check: said in the report where somebody has to decide about it. Whoever gives up protection
// has its rules closed (convert/closed.ts), which is said there.

import type { Condition } from '../model/index.js';
import type { AddItem } from './item-list.js';

const TEXT: Readonly<Record<Condition['kind'], string | undefined>> = {
  'external-auth': undefined,
  'basic-auth': undefined,
  'client-certificate': undefined,
  'rate-limit': 'requests are forwarded without it',
  'connection-limit': 'requests are forwarded without it',
  'body-size': 'requests are forwarded without it',
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
  const text = TEXT[kind];
  add(`condition.${kind}`, `${summary}: ${left}${text === undefined ? '' : `; ${text}`}`, origin);
  for (const detail of details) add(`condition.${kind}`, `belongs to what is ${left}`, detail.origin);
}
