// Which endpoint a request sticks to: the first hash policy that finds something decides (Envoy
// source/common/http/hash_policy.cc; Istio writes one policy per route).

import type { Delivery } from '../model/index.js';
import { hashOf } from './balance.js';
import type { OpenOptions } from './endpoint.js';
import { headerOf } from './header-list.js';
import type { HeaderList, RequestHead } from './message.js';

export function openOptions(delivery: Delivery, head: RequestHead, headers: HeaderList, source: string): OpenOptions {
  if (delivery.hash === undefined) return { delivery };
  for (const policy of delivery.hash) {
    const key = keyOf(policy, head, headers, source);
    if (key !== undefined) return { delivery, hash: hashOf(key) };
  }
  return { delivery };
}

type HashPolicy = NonNullable<Delivery['hash']>[number];

function keyOf(
  { by, name = '' }: HashPolicy,
  head: RequestHead,
  headers: HeaderList,
  source: string,
): string | undefined {
  switch (by) {
    case 'source-ip':
      return source;
    case 'header':
      return headerOf(headers, name.toLowerCase());
    case 'cookie':
      return cookieOf(headerOf(headers, 'cookie'), name);
    case 'query':
      return parameterOf(head.target, name);
  }
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
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
