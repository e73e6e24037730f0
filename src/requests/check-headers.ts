// Comparison of headers: which are bookkeeping, how lines are joined, which ports of a location say nothing.

import type { Difference } from './difference.js';

/** Headers that gateways and clients set on their own: a recording leaves them out (fixtures/truth/README.md). */
const BOOKKEEPING = new Set(
  (
    'x-request-id traceparent tracestate content-length connection transfer-encoding x-real-ip x-scheme host date server ' +
    'content-type keep-alive vary strict-transport-security'
  ).split(' '),
);
const BOOKKEEPING_FAMILIES = ['x-forwarded-', 'x-envoy-', 'x-b3-', 'x-original-forwarded-', 'x-meshgw-'];

function isBookkeeping(name: string): boolean {
  if (name === 'x-envoy-original-path' || name === 'x-envoy-original-host') return false;
  return BOOKKEEPING.has(name) || BOOKKEEPING_FAMILIES.some((family) => name.startsWith(family));
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

const byLowerName = (headers: Headers): Map<string, string> =>
  new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), joined(value)]));

/** Several lines are joined with a comma, and spaces behind commas say nothing. */
const joined = (value: string | readonly string[]): string =>
  (typeof value === 'string' ? [value] : value).map(String).join(',').replaceAll(', ', ',');

/** A location without the default port of its scheme. */
const withoutDefaultPort = (url: string): string =>
  url.replace(/^(http:\/\/[^/]*):80(?=\/|\?|$)/, '$1').replace(/^(https:\/\/[^/]*):443(?=\/|\?|$)/, '$1');

/** The value of a cookie that Envoy makes of the addresses of a connection (session-cookies.ts of simulate/). */
const withoutMadeValues = (cookies: string): string => cookies.replace(/="(?:[0-9a-f]{1,16}|…)"(?=;|$)/g, '="…"');

/** What may differ without saying anything is left out. */
const normal = (name: string, value: string): string =>
  name === 'location' ? withoutDefaultPort(value) : name === 'set-cookie' ? withoutMadeValues(value) : value;

export function headersDiffer(field: string, want: Headers, got: Headers, strict: boolean): Difference[] {
  const wanted = byLowerName(want);
  const given = byLowerName(got);
  const differences: Difference[] = [];
  for (const [name, value] of wanted) {
    if (strict && isBookkeeping(name)) continue;
    const is = given.get(name) ?? '';
    const same = normal(name, value) === normal(name, is);
    if (!same) differences.push({ field: `${field}.${name}`, want: value, got: given.get(name) ?? 'nothing' });
  }
  if (strict)
    for (const [name, value] of given)
      if (!wanted.has(name) && !isBookkeeping(name))
        differences.push({ field: `${field}.${name}`, want: 'nothing', got: value });
  return differences;
}

export function removedDiffer(want: readonly string[], got: readonly string[], strict: boolean): Difference[] {
  const names = (list: readonly string[]) => [...new Set(list.map((h) => h.toLowerCase()))].sort();
  const wanted = names(want);
  const given = names(got);
  const same = strict ? wanted.join() === given.join() : wanted.every((name) => given.includes(name));
  return same ? [] : [{ field: 'upstream.removed', want: `[${wanted.join()}]`, got: `[${given.join()}]` }];
}
