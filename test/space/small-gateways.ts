// Random small gateways over a small alphabet, and all requests that such a gateway can tell apart (paths up to a
// length). Deterministic: a seed is a gateway.

import type {
  AuthorizationCondition,
  AuthorizationRule,
  ChainMatch,
  DomainPattern,
  EffectiveGateway,
  FilterChain,
  GatewayRequest,
  HeaderMatcher,
  HttpPolicies,
  QueryMatcher,
  Resource,
  Route,
  RouteMatch,
  StringMatcher,
  VirtualHost,
} from '../../src/model/index.js';

export type Random = (n: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const pick = <T>(r: Random, list: readonly T[]): T => list[r(list.length)]!;

const resource: Resource = {
  apiVersion: 'v1',
  group: '',
  version: 'v1',
  kind: 'Test',
  name: 't',
  namespace: 'default',
  labels: {},
  annotations: {},
  order: 0,
  object: {},
  document: { file: 't.yaml', startLine: 1, text: '' },
  base: [],
};

const PATHS = ['/', '/a', '/b', '/a/', '/ab', '/a/b', '/aa', '/b/a', '//', '/a/a'];
const PATTERNS = [
  '/a.*',
  '/[ab]',
  '/(a|b)*',
  '.*b',
  '/a+/?',
  '/.',
  '/.*/.*',
  '/[^a]*',
  '(?i)/A',
  '/a{1,2}b?',
  '.*',
  '/ab|/ba',
  'x',
  '/a\\b.*',
  '/\\w+',
  '(',
  '^/a$',
  '',
];
const VALUES = ['a', 'b', 'ab', ''];
const VALUE_PATTERNS = ['a.*', '[ab]', 'a|b', '.+', '.*', '(?i)A', 'a*', '[^a]*', 'b?'];
const HOSTS: readonly DomainPattern[] = [
  { kind: 'any' },
  { kind: 'exact', value: 'a.x' },
  { kind: 'exact', value: 'b.a.x' },
  { kind: 'suffix', value: '.x' },
  { kind: 'suffix', value: '.a.x' },
  { kind: 'one-label', value: '.x' },
  { kind: 'one-label', value: '.a.x' },
];
const CIDRS = ['127.0.0.0/8', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '0.0.0.0/0', '::/0', '2001:db8::/32'];

function pathMatcher(r: Random): StringMatcher {
  const ignoreCase = r(6) === 0 ? { ignoreCase: true } : {};
  switch (r(8)) {
    case 0:
    case 1:
      return { kind: 'exact', value: pick(r, PATHS), ...ignoreCase };
    case 2:
    case 3:
      return { kind: 'prefix', value: pick(r, PATHS), ...ignoreCase };
    case 4:
      return { kind: 'segment-prefix', value: pick(r, ['/a', '/b', '/a/b', '']), ...ignoreCase };
    case 5:
      return pick(r, [
        { kind: 'any' },
        { kind: 'suffix', value: 'b', ...ignoreCase },
        { kind: 'contains', value: 'ab', ...ignoreCase },
      ] as const);
    default:
      return { kind: 'regex', pattern: pick(r, PATTERNS) };
  }
}

function valueMatcher(r: Random): StringMatcher {
  const kind = pick(r, ['exact', 'exact', 'prefix', 'suffix', 'contains', 'any', 'regex'] as const);
  if (kind === 'any') return { kind };
  if (kind === 'regex') return { kind, pattern: pick(r, VALUE_PATTERNS) };
  return { kind, value: pick(r, VALUES), ...(r(5) === 0 ? { ignoreCase: true } : {}) };
}

const header = (r: Random, name: string, value: StringMatcher): HeaderMatcher => ({
  name,
  value,
  ...(r(4) === 0 ? { invert: true } : {}),
  ...(r(3) === 0 ? { missing: pick(r, ['empty', 'no-match', 'absent'] as const) } : {}),
});

/** Kinds of predicates of one gateway beside the path: few at a time, so that all requests can be enumerated. */
const DIMENSIONS = ['method', 'x', 'y', 'q', 'authority', 'scheme', 'source', 'claim'] as const;
type Extra = (typeof DIMENSIONS)[number];

/** What the predicates beside the path are put into. */
interface Parts {
  readonly headers: HeaderMatcher[];
  readonly query: QueryMatcher[];
  source?: NonNullable<RouteMatch['source']>;
  claims?: NonNullable<RouteMatch['claims']>;
}

const METHOD_TESTS: readonly StringMatcher[] = [
  { kind: 'exact', value: 'GET' },
  { kind: 'exact', value: 'POST' },
  { kind: 'regex', pattern: 'P.*' },
];

const AUTHORITY_TESTS: readonly StringMatcher[] = [
  { kind: 'exact', value: 'a.x' },
  { kind: 'exact', value: 'b.a.x' },
  { kind: 'prefix', value: 'b' },
  { kind: 'regex', pattern: '.*:80' },
  { kind: 'exact', value: 'A.x', ignoreCase: true },
];

const headerTwice = (r: Random, { headers }: Parts, name: string): void => {
  headers.push(header(r, name, valueMatcher(r)));
  if (r(5) === 0) headers.push(header(r, name, valueMatcher(r)));
};

const ADD: { readonly [K in Extra]: (r: Random, parts: Parts) => void } = {
  method: (r, { headers }) => headers.push(header(r, ':method', pick(r, METHOD_TESTS))),
  x: (r, parts) => headerTwice(r, parts, 'x'),
  y: (r, parts) => headerTwice(r, parts, 'y'),
  q: (r, { headers, query }) => {
    query.push({ name: 'q', value: valueMatcher(r), ...(r(4) === 0 ? { invert: true } : {}) });
    if (r(4) === 0)
      headers.push({ name: ':path', value: { kind: pick(r, ['exact', 'prefix']), value: pick(r, PATHS) } });
  },
  authority: (r, { headers }) => headers.push(header(r, ':authority', pick(r, AUTHORITY_TESTS))),
  scheme: (r, { headers }) => {
    const name = pick(r, [':scheme', 'x-forwarded-proto']);
    headers.push(header(r, name, { kind: 'exact', value: pick(r, ['http', 'https']) }));
  },
  source: (r, parts) => {
    const cidrs = [pick(r, CIDRS), ...(r(3) === 0 ? [pick(r, CIDRS)] : [])];
    parts.source = [{ cidrs, address: 'client', ...(r(4) === 0 ? { invert: true } : {}) }];
  },
  claim: (r, parts) => {
    parts.claims = [{ claim: ['g'], value: valueMatcher(r), ...(r(4) === 0 ? { invert: true } : {}) }];
  },
};

function match(r: Random, extras: readonly Extra[]): RouteMatch {
  const parts: Parts = { headers: [], query: [] };
  for (const extra of extras) if (r(2) !== 0) ADD[extra](r, parts);
  return { path: r(8) === 0 ? { kind: 'any' } : pathMatcher(r), ...parts };
}

function action(r: Random): Pick<Route, 'action' | 'requestHeaders'> {
  const to = (host: string) => ({ to: { host, port: 80 }, weight: 1 });
  switch (r(6)) {
    case 0:
      return {
        action: {
          kind: 'forward',
          destinations: [to('v1')],
          rewrite: { path: { kind: 'prefix', from: '/', to: pick(r, ['/a', '/']) } },
        },
      };
    case 1:
      return { action: { kind: 'redirect', status: 301, host: pick(r, ['r1', 'r2']) } };
    case 2:
      return { action: { kind: 'forward', destinations: [to('v1')] }, requestHeaders: { remove: ['z'] } };
    case 3:
      return { action: { kind: 'direct-response', status: pick(r, [200, 201]) } };
    default:
      return { action: { kind: 'forward', destinations: [to(pick(r, ['v1', 'v2']))] } };
  }
}

export interface Shape {
  readonly gateway: EffectiveGateway;
  readonly extras: readonly Extra[];
  readonly tls: boolean;
}

export function randomGateway(r: Random): Shape {
  const extras = DIMENSIONS.filter(() => r(5) === 0).slice(0, 3);
  const tls = r(4) === 0;
  let count = 0;
  const routes = (): Route[] =>
    Array.from({ length: 1 + r(5) }, () => ({
      match: match(r, extras),
      ...action(r),
      origin: { resource, path: ['routes', count++] },
    }));
  const virtualHosts = (): VirtualHost[] =>
    Array.from({ length: 1 + r(3) }, (_, i) => ({
      name: `v${i}`,
      domains: Array.from({ length: 1 + r(2) }, () => pick(r, HOSTS)),
      routes: routes(),
    }));
  const condition = (): AuthorizationCondition => {
    const list = <T>(of: () => T) =>
      r(3) === 0 ? { notValues: [of()] } : { values: r(3) === 0 ? [of(), of()] : [of()] };
    const kinds = ['path', 'port', ...extras.filter((e) => ['x', 'claim', 'source', 'method'].includes(e))];
    switch (pick(r, kinds)) {
      case 'path':
        return { key: 'paths', test: { on: 'path', ...list(() => pathMatcher(r)) } };
      case 'x':
        return { key: 'x', test: { on: 'header', name: 'x', ...list(() => valueMatcher(r)) } };
      case 'method':
        return {
          key: 'methods',
          test: {
            on: 'header',
            name: ':method',
            ...list(() =>
              pick(r, [
                { kind: 'exact', value: 'GET' },
                { kind: 'prefix', value: 'P' },
              ] as const),
            ),
          },
        };
      case 'claim':
        return { key: 'g', test: { on: 'claim', claim: ['g'], ...list(() => valueMatcher(r)) } };
      case 'source':
        return { key: 'ipBlocks', test: { on: 'address', address: 'client', ...list(() => pick(r, CIDRS)) } };
      default:
        return { key: 'ports', test: { on: 'port', ...list(() => pick(r, [80, 443])) } };
    }
  };
  const rule = (): AuthorizationRule => ({
    from: [],
    to: Array.from({ length: r(3) }, () => Array.from({ length: 1 + r(2) }, condition)),
    when: Array.from({ length: r(2) }, condition),
    origin: { resource, path: ['policy', count++] },
  });
  const policies = (): { policies?: HttpPolicies } =>
    r(5) > 0
      ? {}
      : {
          policies: {
            authentication: [],
            authorization: Array.from({ length: 1 + r(2) }, () => ({
              action: pick(r, ['ALLOW', 'DENY', 'DENY', 'AUDIT'] as const),
              name: 'p',
              namespace: 'default',
              rules: Array.from({ length: r(3) }, rule),
              origin: { resource, path: ['policy', count++] },
            })),
          },
        };
  const raw: ChainMatch = { transport: 'raw' };
  const chains: FilterChain[] = [{ kind: 'http', match: raw, virtualHosts: virtualHosts(), ...policies() }];
  const secure: FilterChain[] = Array.from({ length: 1 + r(2) }, () => ({
    kind: 'http',
    match: {
      transport: 'tls',
      ...(r(3) === 0 ? {} : { sni: [pick(r, HOSTS)] }),
      ...(extras.includes('source') && r(3) === 0 ? { source: [pick(r, CIDRS)] } : {}),
    },
    tls: { mode: 'simple', credentials: [] },
    virtualHosts: virtualHosts(),
    ...policies(),
  }));
  const gateway: EffectiveGateway = {
    id: 'g',
    dialect: 'istio',
    engine: 'envoy',
    listeners: [{ port: 80, filterChains: chains }, ...(tls ? [{ port: 443, filterChains: secure }] : [])],
    unsupported: [],
  };
  return { gateway, extras, tls };
}

/** One small change; often one that changes nothing. */
export function mutate(r: Random, { gateway, extras, tls }: Shape): Shape {
  const listeners = gateway.listeners.map((l) => ({
    ...l,
    filterChains: l.filterChains.map((c) =>
      c.kind !== 'http'
        ? c
        : {
            ...c,
            ...mutatePolicies(r, c.policies),
            virtualHosts: c.virtualHosts.map((v) => ({ ...v, routes: mutateRoutes(r, v.routes, extras) })),
          },
    ),
  }));
  return { gateway: { ...gateway, listeners }, extras, tls };
}

/** Sometimes the first policy goes. */
const mutatePolicies = (r: Random, policies: HttpPolicies | undefined): { policies?: HttpPolicies } =>
  policies && r(2) === 0 ? { policies: { ...policies, authorization: policies.authorization.slice(1) } } : {};

function mutateRoutes(r: Random, routes: readonly Route[], extras: readonly Extra[]): Route[] {
  const list = [...routes];
  const i = r(list.length);
  switch (r(7)) {
    case 0:
      if (i + 1 < list.length) [list[i], list[i + 1]] = [list[i + 1]!, list[i]!];
      return list;
    case 1:
      list.splice(i, 1);
      return list;
    case 2:
      list[i] = { ...list[i]!, match: match(r, extras) };
      return list;
    case 3:
      list[i] = { ...list[i]!, match: { ...list[i]!.match, headers: list[i]!.match.headers.slice(1) } };
      return list;
    case 4:
      list.splice(i, 0, { ...list[i]!, origin: { resource, path: ['copy', i] } });
      return list;
    default:
      return list;
  }
}

const ADDRESSES = ['127.0.0.1', '10.0.0.1', '10.1.0.1', '10.1.2.3', '192.0.2.1', '2001:db8::1', 'fe80::1'];
const HOST_NAMES = ['a.x', 'b.a.x', 'c.x', 'd.c.x', 'c.a.x', 'd.c.a.x', 'z'];
const AUTHORITIES = ['a.x:80', 'b.a.x:80', 'A.x', 'B.a.x', 'bc.x', 'b.z'];
const SERVER_NAMES = [undefined, null, 'a.x', 'b.a.x', 'c.x', 'd.c.x', 'c.a.x', 'z'];

interface Asked {
  readonly request: GatewayRequest;
  readonly claims?: Record<string, unknown>;
}

/** All requests that gateways of this shape can tell apart, with paths up to `depth` characters behind the slash. */
export function* allRequests({ extras, tls }: Shape, depth: number): Generator<Asked> {
  const values = extras.length > 1 ? [undefined, 'a', 'ab', '', 'c'] : [undefined, 'a', 'b', 'ab', '', 'A', 'c'];
  const when = <T>(extra: Extra, list: readonly T[]): readonly (T | undefined)[] =>
    extras.includes(extra) ? list : [undefined];
  const rest = {
    method: when('method', ['GET', 'POST', 'PUT']),
    x: when('x', values),
    y: when('y', values),
    q: when('q', values),
    source: when('source', ADDRESSES),
    g: when('claim', values),
    path: pathsUpTo(depth - (extras.length > 1 ? 1 : 0)),
  };
  for (const connection of connectionsOf(tls, [...HOST_NAMES, ...(extras.includes('authority') ? AUTHORITIES : [])]))
    for (const values of product(rest)) yield askedOf(connection, values);
}

interface Values {
  readonly method: string | undefined;
  readonly x: string | undefined;
  readonly y: string | undefined;
  readonly q: string | undefined;
  readonly source: string | undefined;
  readonly g: string | undefined;
  readonly path: string;
}

const askedOf = (
  { scheme, sni, host }: ReturnType<typeof connectionsOf>[number],
  { method = 'GET', x, y, q, source, g, path }: Values,
): Asked => ({
  request: {
    port: scheme === 'https' ? 443 : 80,
    scheme,
    method,
    host,
    path: q === undefined ? path : `${path}?q=${q}`,
    headers: { ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }), z: 'z' },
    ...(sni === undefined ? {} : { sni }),
    ...(source === undefined ? {} : { source }),
  },
  ...(g === undefined ? {} : { claims: { g } }),
});

/** Of the letters that the patterns are about; and two that differ by case, or in nothing that they ask for. */
function pathsUpTo(length: number): string[] {
  const paths = ['/'];
  for (let i = 0, from = 0; i < length; i++) {
    const end = paths.length;
    for (; from < end; from++) for (const c of 'ab/') paths.push(paths[from]! + c);
  }
  return [...paths, '/A', '/X'];
}

/** With a server name of its own, only the first hosts. */
const connectionsOf = (tls: boolean, hosts: readonly string[]) =>
  (tls ? (['http', 'https'] as const) : (['http'] as const)).flatMap((scheme) =>
    (scheme === 'https' ? SERVER_NAMES : [undefined]).flatMap((sni) =>
      (sni === undefined ? hosts : hosts.slice(0, 3)).map((host) => ({ scheme, sni, host })),
    ),
  );

/** All combinations of one value of each list; the last one changes first. */
function* product<T extends { readonly [name: string]: readonly unknown[] }>(
  lists: T,
): Generator<{ readonly [K in keyof T]: T[K][number] }> {
  const names = Object.keys(lists);
  const total = names.reduce((n, name) => n * lists[name]!.length, 1);
  for (let i = 0; i < total; i++) {
    let rest = i;
    const row: Record<string, unknown> = {};
    for (const name of names.toReversed()) {
      const list = lists[name]!;
      row[name] = list[rest % list.length];
      rest = Math.floor(rest / list.length);
    }
    yield row as { readonly [K in keyof T]: T[K][number] };
  }
}
