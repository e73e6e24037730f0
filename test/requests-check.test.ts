// The strict comparison gives the verdicts of truth/compare.mjs, on results that are right and on results that were damaged.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GatewayRequest, SimulationResult } from '../src/model/index.js';
import { checkResult, type ExpectedResult } from '../src/requests/index.js';

const compare = join(import.meta.dirname, '../fixtures/truth/compare.mjs');
const recordings = join(import.meta.dirname, '../fixtures/truth/istio/action');

interface Exchange {
  readonly request: GatewayRequest;
  readonly response: ExpectedResult;
}

const exchanges = readdirSync(recordings).flatMap(
  (name) => JSON.parse(readFileSync(join(recordings, name, 'exchanges.json'), 'utf8')) as Exchange[],
);

/** A recording as if it had been simulated: shares are weights. */
function asResult(response: ExpectedResult): SimulationResult {
  const { split, ...rest } = structuredClone(response) as ExpectedResult & { split?: { share?: number }[] };
  const weights = split?.map(({ share = 0, ...o }) => ({ ...o, weight: 100 * share }));
  return { ...rest, ...(weights && weights.length > 1 ? { split: weights } : {}) } as SimulationResult;
}

type Mutable = Record<string, unknown> & { upstream?: Record<string, unknown> };
const damages: Readonly<Record<string, (r: Mutable) => void>> = {
  nothing: () => {},
  status: (r) => (r.status = 599),
  'no status': (r) => delete r.status,
  destination: (r) => (r.destination = { host: 'other', port: 1 }),
  'no destination': (r) => (r.destination = null),
  subset: (r) => r.destination && Object.assign(r.destination, { subset: 'v9' }),
  path: (r) => r.upstream && Object.assign(r.upstream, { path: '/other' }),
  'host case': (r) => r.upstream && Object.assign(r.upstream, { host: String(r.upstream.host).toUpperCase() }),
  host: (r) => r.upstream && Object.assign(r.upstream, { host: 'other' }),
  proto: (r) => r.upstream && Object.assign(r.upstream, { proto: 'gopher' }),
  'header set': (r) =>
    r.upstream && Object.assign(r.upstream, { set: { ...(r.upstream.set as object), 'x-new': '1' } }),
  'bookkeeping set': (r) =>
    r.upstream && Object.assign(r.upstream, { set: { ...(r.upstream.set as object), 'x-request-id': '1' } }),
  'header lost': (r) => r.upstream && delete r.upstream.set,
  removed: (r) => r.upstream && Object.assign(r.upstream, { removed: ['x-gone'] }),
  'no upstream': (r) => delete r.upstream,
  headers: (r) => Object.assign(r, { headers: { ...(r.headers as object), 'x-a': 'b' } }),
  'no headers': (r) => delete r.headers,
  'spaces in lists': (r) =>
    r.headers &&
    Object.assign(r, {
      headers: Object.fromEntries(
        Object.entries(r.headers).map(([k, v]) => [k.toUpperCase(), String(v).replaceAll(', ', ',')]),
      ),
    }),
  'default port': (r) =>
    r.headers &&
    Object.assign(r, {
      headers: Object.fromEntries(
        Object.entries(r.headers).map(([k, v]) => [k, String(v).replace(/^http:\/\/([^:/]+)\//, 'http://$1:80/')]),
      ),
    }),
  body: (r) => Object.assign(r, { body: 'other' }),
  closed: (r) => Object.assign(r, { connection: 'closed' }),
  'one outcome': (r) => delete r.split,
  'skewed split': (r) =>
    Array.isArray(r.split) && Object.assign(r, { split: r.split.map((o, i) => ({ ...o, weight: i === 0 ? 95 : 5 })) }),
  'more outcomes': (r) => Object.assign(r, { split: [...((r.split as []) ?? []), { host: 'x', port: 1, weight: 40 }] }),
  'rare outcome': (r) => Object.assign(r, { split: [...((r.split as []) ?? []), { host: 'x', port: 1, weight: 10 }] }),
  mirrors: (r) => Object.assign(r, { mirrors: [] }),
};

test('the strict comparison agrees with compare.mjs', async () => {
  const { differ } = (await import(compare)) as {
    differ: (request: unknown, want: unknown, got: unknown) => string | null;
  };
  const verdicts = { same: 0, different: 0 };
  fc.assert(
    fc.property(fc.nat(exchanges.length - 1), fc.subarray(Object.keys(damages), { maxLength: 2 }), (i, chosen) => {
      const { request, response } = exchanges[i]!;
      const got = asResult(response);
      for (const name of chosen) damages[name]!(got as unknown as Mutable);
      const differences = checkResult(request, response, got, { strict: true });
      const verdict = differ(request, response, got);
      verdicts[verdict === null ? 'same' : 'different']++;
      expect(differences.length > 0, `${verdict} / ${JSON.stringify(differences)} after ${chosen.join()}`).toBe(
        verdict !== null,
      );
    }),
    { seed: 11, numRuns: 4000 },
  );
  expect(Math.min(verdicts.same, verdicts.different)).toBeGreaterThan(500);
});

test('without strict only what is named is asserted', () => {
  const request = { method: 'GET' };
  const got: SimulationResult = {
    status: 301,
    destination: null,
    headers: { location: 'https://a.com:443/x', 'x-a': '1' },
    route: 'r',
  };
  expect(checkResult(request, {}, got)).toEqual([]);
  expect(checkResult(request, { headers: { Location: 'https://a.com/x' } }, got)).toEqual([]);
  expect(checkResult(request, { status: 302, route: 'q', headers: { 'x-b': '1' } }, got)).toEqual([
    { field: 'status', want: '302', got: '301' },
    { field: 'headers.x-b', want: '1', got: 'nothing' },
    { field: 'route', want: 'q', got: 'r' },
  ]);
  expect(
    checkResult(request, { headers: { location: 'https://a.com/x' } }, got, { strict: true }).map((d) => d.field),
  ).toEqual(['status', 'headers.x-a']);
});
