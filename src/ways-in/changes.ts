// What happens to a request on its way, in a few words each.

import { actionWords } from '../diff/words.js';
import type { HeaderOps, Mirror, Route } from '../model/index.js';

/** Of a mirror: only what the copy gets. */
export function changesOf(route: Route, mirror?: Mirror): string[] {
  if (mirror) return mirror.hostSuffix ? [`host of the mirrored request ends in ${mirror.hostSuffix}`] : [];
  const [, ...extras] = actionWords(route).split('; ');
  const delivery = route.action.kind === 'forward' ? route.action.delivery : undefined;
  return [
    ...extras,
    ...headerWords('request', route.requestHeaders),
    ...headerWords('response', route.responseHeaders),
    // Without an origin it is the gateway's own default.
    ...(delivery?.origin && delivery.timeoutMs ? [`timeout ${delivery.timeoutMs} ms`] : []),
    ...(delivery?.origin && delivery.retries ? [`${delivery.retries.attempts} retries`] : []),
    ...(delivery?.hash?.length ? [`session affinity by ${delivery.hash.map((h) => h.name ?? h.by).join(', ')}`] : []),
    ...(route.maxRequestBytes === undefined ? [] : [`bodies up to ${route.maxRequestBytes} bytes`]),
  ];
}

function headerWords(side: 'request' | 'response', ops: HeaderOps | undefined): string[] {
  const names = (list: readonly (readonly [string, string])[] | undefined) => (list ?? []).map(([name]) => name);
  const words = (verb: string, list: readonly string[]) =>
    list.length > 0 ? [`${side} headers ${verb}: ${list.join(', ')}`] : [];
  return [...words('removed', ops?.remove ?? []), ...words('set', names(ops?.set)), ...words('added', names(ops?.add))];
}
