// Which endpoint a request sticks to: what all hash policies of its route find (generateHash in source/common/http/hash_policy.cc of
// Envoy).

import { randomBytes } from 'node:crypto';
import type { Delivery } from '../model/index.js';
import { cookieValue, type Forwarded, hashesFor } from '../simulate/index.js';
import { hashOf } from './balance.js';
import type { OpenOptions } from './endpoint.js';
import { headerOf, linesOf } from './header-list.js';
import type { HeaderList, RequestHead } from './message.js';
import type { Arrival } from './runtime.js';

/** Of a decision whose route has `delivery`. `headers`: those that go out. */
export function openOptions(
  delivery: Delivery,
  { destination, sessionCookies }: Pick<Forwarded, 'destination' | 'sessionCookies'>,
  head: Pick<RequestHead, 'target'>,
  { headers, arrival }: { readonly headers: HeaderList; readonly arrival: Connected },
): OpenOptions {
  const keys = (hashesFor(delivery, destination) ?? []).flatMap(
    (policy) => keyOf(policy, head, headers, arrival.source) ?? [],
  );
  for (const _ of sessionCookies ?? []) keys.push(sessionValue(arrival));
  return keys.length > 0 ? { delivery, hash: hashOf(keys.join('\n')) } : { delivery };
}

type Connected = Pick<Arrival, 'source' | 'sessionValue'>;

/** One for all session cookies of a connection. */
export const sessionValue = (connected: Connected): string =>
  (connected.sessionValue ??= randomBytes(8).toString('hex'));

type HashPolicy = NonNullable<Delivery['hash']>[number];

function keyOf(
  { by, name = '' }: HashPolicy,
  head: Pick<RequestHead, 'target'>,
  headers: HeaderList,
  source: string,
): string | undefined {
  switch (by) {
    case 'source-ip':
      return source;
    case 'header':
      return headerOf(headers, name.toLowerCase());
    case 'cookie':
      return cookieValue(linesOf(headers, 'cookie'), name);
    case 'query':
      return parameterOf(head.target, name);
  }
}

function parameterOf(target: string, name: string): string | undefined {
  const at = target.indexOf('?');
  if (at === -1) return undefined;
  for (const pair of target.slice(at + 1).split('&')) {
    const equal = pair.indexOf('=');
    if ((equal === -1 ? pair : pair.slice(0, equal)) === name) return equal === -1 ? '' : pair.slice(equal + 1);
  }
  return undefined;
}
