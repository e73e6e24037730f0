// What came back and what arrived, in the words of an exchange file (fixtures/truth/README.md).

import type { GatewayRequest } from '../../src/model/index.js';
import type { ExpectedResult } from '../../src/requests/expectation.js';
import type { RawAnswer } from './client.js';
import type { Echo, Echoed } from './echo.js';

export const headerOf = (raw: RawAnswer, name: string): string | undefined =>
  raw.headers.find(([n]) => n === name)?.[1];

/** Waits for copies of a request: they may arrive after its answer. */
export async function settled(echo: Echo, id: string): Promise<void> {
  for (let i = 0, before = -1; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 15));
    const now = echo.seen.get(id)?.length ?? 0;
    if (now === before) return;
    before = now;
  }
}

export const sent = ({ method, path, headers }: Echoed) => ({
  method,
  path,
  host: headers.find(([n]) => n === 'host')?.[1] ?? '',
});

/** Headers of the answer but for those that `bookkeeping` names: not the gateway's doing. */
export function responseHeaders(raw: RawAnswer, bookkeeping: RegExp): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of raw.headers)
    if (!bookkeeping.test(name)) out[name] = name in out ? `${out[name]}, ${value}` : value;
  return out;
}

/** The request as it arrived, with what the gateway changed in its headers but for those that `hop` names. */
export function upstreamOf(request: GatewayRequest, own: Echoed, hop: RegExp): NonNullable<ExpectedResult['upstream']> {
  const sentHeaders = Object.fromEntries(
    Object.entries(request.headers ?? {}).map(([k, v]) => [k.toLowerCase(), [v].flat().join(',')]),
  );
  const got = new Map<string, string[]>();
  for (const [name, value] of own.headers) got.set(name, [...(got.get(name) ?? []), value]);
  const set: Record<string, string | string[]> = {};
  for (const [name, values] of got)
    if (!hop.test(name) && values.join(',') !== sentHeaders[name])
      set[name] = values.length === 1 ? values[0]! : values;
  const removed = Object.keys(sentHeaders).filter((name) => !got.has(name) && !hop.test(name));
  const proto = got.get('x-forwarded-proto')?.[0];
  return {
    ...sent(own),
    ...(Object.keys(set).length > 0 ? { set } : {}),
    ...(removed.length > 0 ? { removed } : {}),
    ...(proto === undefined ? {} : { proto }),
  };
}
