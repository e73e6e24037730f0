// What the quick test in front of the algebra leaves out is reached: asked of the algebra, on random small hosts.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { suspectRoutes } from '../src/lint/suspect-routes.js';
import type { EffectiveGateway, Route, RouteMatch } from '../src/model/index.js';
import { originOf } from '../src/model/index.js';
import { parseSource } from '../src/sources/index.js';
import { reachability } from '../src/space/index.js';

const resource = parseSource('f.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n').resources[0]!;
const origin = originOf(resource);

const text = fc.constantFrom('a', 'a', 'b', 'GET', '', 'a b', 'ä');
const value = fc.oneof(
  { weight: 8, arbitrary: text.map((of) => ({ kind: 'exact' as const, value: of })) },
  { weight: 1, arbitrary: text.map((of) => ({ kind: 'prefix' as const, value: of })) },
  fc.constant({ kind: 'any' as const }),
  fc.constant({ kind: 'exact' as const, value: 'A', ignoreCase: true }),
  fc.constant({ kind: 'regex' as const, pattern: 'a|b' }),
);
const named = (...names: string[]) =>
  fc.array(
    fc
      .record({ name: fc.constantFrom(...names), value, invert: fc.constantFrom(false, false, false, false, true) })
      .map(({ invert, ...rest }) => (invert ? { ...rest, invert } : rest)),
    { maxLength: 2 },
  );
const match: fc.Arbitrary<RouteMatch> = fc.record({
  path: fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(
          fc.constantFrom('exact' as const, 'prefix' as const, 'segment-prefix' as const),
          fc.constantFrom('/a', '/a', '/a', '/a', '/a/b', '/a/', '/A', '/a//b', '/a/../b', '/./', '/a%2f'),
        )
        .map(([kind, path]) => ({ kind, value: path })),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'regex' as const, pattern: '/a.*' }) },
  ),
  headers: named(
    'x',
    'x',
    'x',
    'x',
    'y',
    ':method',
    ':authority',
    'x-forwarded-proto',
    'x-forwarded-for',
    'host',
  ).chain((headers) =>
    fc
      .constantFrom<RouteMatch['headers'][number]['missing']>(undefined, undefined, 'empty', 'absent')
      .map((missing) => headers.map((h) => (missing === undefined ? h : { ...h, missing }))),
  ),
  query: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, named('q', 'r')),
});

const gatewayOf = (matches: readonly RouteMatch[], engine: EffectiveGateway['engine']): EffectiveGateway => ({
  id: 'a/g',
  dialect: 'istio',
  engine,
  listeners: [
    {
      port: 80,
      filterChains: [
        {
          kind: 'http',
          match: { transport: 'any' },
          virtualHosts: [
            {
              name: 'h',
              domains: [{ kind: 'exact', value: 'h.example.com' }],
              routes: matches.map(
                (of): Route => ({ match: of, action: { kind: 'direct-response', status: 200 }, origin }),
              ),
            },
          ],
        },
      ],
    },
  ],
  unsupported: [],
});

/** Later routes often have the path or the conditions of the first one. */
const hosts = fc.array(fc.tuple(match, fc.boolean(), fc.boolean()), { minLength: 2, maxLength: 4 }).map((list) =>
  list.map(([one, samePath, sameConditions]): RouteMatch => {
    const { path, headers, query } = list[0]![0];
    return { ...one, ...(samePath ? { path } : {}), ...(sameConditions ? { headers, query } : {}) };
  }),
);

test('a host that is not suspect has no route that nothing reaches', () => {
  let quick = 0;
  fc.assert(
    fc.property(hosts, fc.constantFrom<EffectiveGateway['engine']>('envoy', 'nginx'), (matches, engine) => {
      const gateway = gatewayOf(matches, engine);
      if (suspectRoutes(gateway)) return;
      quick++;
      const never = reachability(gateway).filter(({ reach }) => reach.status === 'unreachable');
      // One that no request meets (a path that no engine passes on) is no question of earlier routes.
      const covered = never.filter(({ reach }) => reach.status === 'unreachable' && reach.coveredBy.length > 0);
      expect(
        covered.map(({ index }) => index),
        JSON.stringify(matches),
      ).toEqual([]);
    }),
    { seed: 20261201, numRuns: Number(process.env.SUSPECT_RUNS ?? 3000) },
  );
  expect(quick).toBeGreaterThan(100);
});
