// The compiled matcher finds what a linear scan finds: random route tables, hosts and requests.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DomainPattern, HeaderMatcher, Route, StringMatcher } from '../src/model/index.js';
import { engine as envoy } from '../src/simulate/engines/envoy/index.js';
import { indexHosts } from '../src/simulate/host-index.js';
import { matches } from '../src/simulate/match-route.js';
import { indexRoutes } from '../src/simulate/route-index.js';
import { viewOf } from '../src/simulate/view-of.js';
import { testOrigin } from './simulate/test-origin.js';

const segment = fc.constantFrom('a', 'b', 'ab', 'A', 'abc', '');
const path = fc.array(segment, { minLength: 0, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
const pattern = fc.oneof(
  fc.constantFrom(
    '/a.*',
    '/a/[ab]+',
    '.*',
    '/ab?c?',
    '/(a|b)/.*',
    '(?i)/a',
    '/a|/b',
    '/a/b{2}',
    '^/a$',
    '/a\\.b',
    '/a+/?.*',
  ),
  path,
);
const pathMatcher: fc.Arbitrary<StringMatcher | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({
    kind: fc.constantFrom(
      'exact' as const,
      'prefix' as const,
      'segment-prefix' as const,
      'suffix' as const,
      'contains' as const,
    ),
    value: path,
    ignoreCase: fc.boolean(),
  }),
  pattern.map((p) => ({ kind: 'regex' as const, pattern: p })),
);
const route: fc.Arbitrary<Route> = fc
  .record({ path: pathMatcher, header: fc.option(fc.constantFrom('x', 'y')) })
  .map(({ path: p, header }) => ({
    match: {
      ...(p ? { path: p } : {}),
      headers: header === null ? [] : [{ name: 'x-h', value: { kind: 'exact' as const, value: header } }],
      query: [],
    },
    action: { kind: 'direct-response', status: 200 },
    origin: testOrigin,
  }));

test('an index of routes finds the first that matches, as a scan does', () => {
  fc.assert(
    fc.property(
      fc.array(route, { minLength: 0, maxLength: 40 }),
      fc.array(fc.tuple(path, fc.constantFrom(undefined, 'x', 'y')), { minLength: 5, maxLength: 20 }),
      (routes, requests) => {
        const index = indexRoutes(routes, () => undefined);
        for (const [at, header] of requests) {
          const request = {
            port: 80,
            scheme: 'http' as const,
            method: 'GET',
            host: 'h',
            path: at,
            headers: header ? { 'x-h': header } : {},
          };
          const view = viewOf(request, undefined, { path: at, query: '' }, envoy);
          const scanned = index.routes.find((r) => matches(r.predicates, view));
          expect(index.find(view)?.order).toBe(scanned?.order);
        }
      },
    ),
    { seed: 7, numRuns: 500 },
  );
});

const headerValue = fc.constantFrom('a', 'b', 'c', '', 'a,b');
const headerMatcher: fc.Arbitrary<HeaderMatcher> = fc.record(
  {
    name: fc.constantFrom('x-a', 'x-b', ':method'),
    value: fc.oneof(
      fc.record({ kind: fc.constant('exact' as const), value: headerValue, ignoreCase: fc.boolean() }),
      fc.record({ kind: fc.constant('prefix' as const), value: headerValue }),
      fc.constant({ kind: 'any' as const }),
    ),
    invert: fc.boolean(),
    missing: fc.constantFrom('no-match' as const, 'absent' as const, 'empty' as const),
  },
  { requiredKeys: ['name', 'value'] },
);

test('routes of one path that headers tell apart are found as a scan finds them', () => {
  const lines = fc.oneof(headerValue, fc.array(headerValue, { minLength: 1, maxLength: 3 }));
  fc.assert(
    fc.property(
      fc.array(fc.array(headerMatcher, { minLength: 0, maxLength: 3 }), { minLength: 17, maxLength: 60 }),
      fc.array(fc.dictionary(fc.constantFrom('x-a', 'x-b'), lines, { maxKeys: 2, noNullPrototype: true }), {
        minLength: 5,
        maxLength: 20,
      }),
      (lists, requests) => {
        const action = { kind: 'direct-response' as const, status: 200 };
        const routes = lists.map((headers): Route => ({ match: { headers, query: [] }, action, origin: testOrigin }));
        const index = indexRoutes(routes, () => undefined);
        for (const headers of requests) {
          const request = { port: 80, scheme: 'http' as const, method: 'GET', host: 'h', path: '/', headers };
          const view = viewOf(request, undefined, { path: '/', query: '' }, envoy);
          const scanned = index.routes.find((r) => matches(r.predicates, view));
          expect(index.find(view)?.order).toBe(scanned?.order);
        }
      },
    ),
    { seed: 7, numRuns: 500 },
  );
});

const label = fc.constantFrom('a', 'b', 'example', 'com', 'x');
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const domain: fc.Arbitrary<DomainPattern> = fc.oneof(
  name.map((value) => ({ kind: 'exact' as const, value })),
  name.map((value) => ({ kind: 'suffix' as const, value: `.${value}` })),
  fc.constant({ kind: 'any' as const }),
);

test('an index of hosts prefers exact names, then the longest suffix, then any', () => {
  const rank = (d: DomainPattern, host: string): number => {
    if (d.kind === 'any') return 1;
    if (d.kind === 'exact') return d.value === host ? 1000 : 0;
    return host.endsWith(d.value) && host.length > d.value.length ? 1 + d.value.length : 0;
  };
  fc.assert(
    fc.property(
      fc.array(domain, { maxLength: 12 }),
      fc.array(name, { minLength: 1, maxLength: 10 }),
      (domains, hosts) => {
        const index = indexHosts(domains.map((d, value) => ({ domains: [d], value })));
        for (const host of hosts) {
          const best = Math.max(0, ...domains.map((d) => rank(d, host)));
          const wanted = best === 0 ? undefined : domains.findIndex((d) => rank(d, host) === best);
          expect(index.find(host)?.value).toBe(wanted);
        }
      },
    ),
    { seed: 7, numRuns: 500 },
  );
});
