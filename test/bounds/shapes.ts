// Configurations made to be expensive: each is what somebody could write or generate, at a size at which anything that
// grows faster than the file shows. `test/work-bounds.test.ts` runs every command on them.

import {
  API_GATEWAY,
  documents,
  envoyFilter,
  GATEWAY,
  header,
  httpRoute,
  ingress,
  ingressPath,
  plainGateway,
  policy,
  prefix,
  routeRule,
  rule,
  splitRule,
  times,
  tlsGateway,
  tokens,
  uri,
  virtualService,
  words,
} from './documents.js';

export interface Shape {
  readonly name: string;
  /** The file, and the same with one thing changed (for `diff`). */
  readonly yaml: () => string;
  readonly changed: () => string;
  /** What `convert --verify` is asked for; none: the shape is not converted. */
  readonly convert: readonly string[];
  /** A request for `simulate`. */
  readonly url: string;
  /** Runs with the tests of every day. */
  readonly short?: true;
}

type Made = Partial<Pick<Shape, 'convert' | 'url' | 'short'>>;

const FROM_ISTIO = ['istio-to-gateway-api', 'istio-to-ingress'];
const FROM_GATEWAY_API = ['gateway-api-to-istio', 'gateway-api-to-ingress'];
const FROM_NGINX = ['ingress-to-istio', 'ingress-to-gateway-api'];
const SHORT: Made = { short: true };

/** `make`: the objects; its argument stands where the changed file differs. */
function shape(name: string, make: (to: string) => readonly string[], made: Made = {}): Shape {
  const text = (to: string) => documents(make(to));
  return {
    ...{ name, yaml: () => text('web'), changed: () => text('other') },
    ...{ convert: FROM_ISTIO, url: 'http://a.example.com/x', ...made },
  };
}

/** The rules of one host, the last of which goes elsewhere in the changed file. */
const oneHost = (name: string, n: number, match: (i: number) => string, made?: Made): Shape =>
  shape(
    name,
    (to) => [
      GATEWAY,
      virtualService(
        'v',
        'a.example.com',
        times(n, (i) => rule(match(i), i === n - 1 ? to : `web${i % 3}`)),
      ),
    ],
    made,
  );

/** One rule of one host. */
const oneRule = (name: string, of: (to: string) => string, made?: Made): Shape =>
  shape(name, (to) => [GATEWAY, virtualService('v', 'a.example.com', [of(to)])], made);

/** A VirtualService for each host, the first of which goes elsewhere in the changed file. */
const manyHosts = (
  name: string,
  n: number,
  rules: (i: number, to: string) => readonly string[],
  { host = (i: number) => `h${i}.example.com`, ...made }: Made & { readonly host?: (i: number) => string } = {},
): Shape =>
  shape(
    name,
    (to) => [GATEWAY, ...times(n, (i) => virtualService(`v${i}`, `'${host(i)}'`, rules(i, i === 0 ? to : 'web')))],
    { url: `http://${host(1).replace('*', 'x')}/a`, ...made },
  );

/** Policies in front of one rule, which goes elsewhere in the changed file. */
const guarded = (name: string, policies: () => readonly string[]): Shape =>
  shape(name, (to) => [GATEWAY, virtualService('v', 'a.example.com', [rule(prefix('/'), to)]), ...policies()]);

/** An Ingress of nginx for each number, the first of which goes elsewhere in the changed file. */
const nginx = (name: string, n: number, host: (i: number) => string, paths: (i: number) => string[], made?: Made) =>
  shape(
    name,
    (to) =>
      times(n, (i) =>
        ingress(
          `i${i}`,
          host(i),
          paths(i).map((path) => ingressPath(path, 'ImplementationSpecific', i === 0 ? to : `s${i}`)),
          "nginx.ingress.kubernetes.io/use-regex: 'true', nginx.ingress.kubernetes.io/rewrite-target: /$2",
        ),
      ),
    { convert: FROM_NGINX, ...made },
  );

/** HTTPRoutes of five rules, the first of which goes elsewhere in the changed file. */
const httpRoutes = (
  name: string,
  n: number,
  host: (i: number) => string,
  match: (i: number, k: number) => string,
  made?: Made,
) =>
  shape(
    name,
    (to) => [
      API_GATEWAY,
      ...times(n, (i) =>
        httpRoute(
          `r${i}`,
          host(i),
          times(5, (k) => routeRule(match(i, k), i === 0 ? to : `s${i}`)),
        ),
      ),
    ],
    { convert: FROM_GATEWAY_API, ...made },
  );

const sameHost = () => 'a.example.com';
const ownHost = (i: number) => `h${i}.example.com`;
const byUser = (i: number) => `{uri: {prefix: /}, headers: {x-user: {exact: u${i}}}}`;
const address = (i: number) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}/32`;
const fields = (n: number, of: (i: number) => string) => times(n, of).join(', ');
const split = (n: number, match?: string) => (to: string) =>
  splitRule(
    times(n, (i) => (i === 0 ? to : `web${i}`)),
    match,
  );

export const shapes: readonly Shape[] = [
  // Patterns that overlap.
  oneHost('20 paths .*kN.*', 20, (i) => uri(`.*k${i}.*`), SHORT),
  oneHost('50 paths .*kN.*', 50, (i) => uri(`.*k${i}.*`)),
  oneHost('100 paths .*kN.*', 100, (i) => uri(`.*k${i}.*`), SHORT),
  oneHost('1000 paths .*kN.*', 1000, (i) => uri(`.*k${i}.*`)),
  oneHost('300 paths .*kNx.*, none in another', 300, (i) => uri(`.*k${i}x.*`)),
  oneHost('100 paths /a/.*kN', 100, (i) => uri(`/a/.*k${i}`)),
  oneHost('1000 paths /a/[a-z]+/N', 1000, (i) => uri(`/a/[a-z]+/${i}`)),
  oneHost('300 paths without a fixed text', 300, (i) => uri(`/[a-z]{${1 + (i % 20)}}[0-9]{${1 + (i % 15)}}`)),
  oneHost('100 of one header .*kN.*', 100, (i) => header('x-a', `{regex: '.*k${i}.*'}`)),
  oneHost('300 of one header .*kNx.*', 300, (i) => header('x-a', `{regex: '.*k${i}x.*'}`)),
  oneHost('100 headers .*kN.* each its own', 100, (i) => header(`x-${i}`, `{regex: '.*k${i}.*'}`), SHORT),
  oneHost(
    '60 headers, two of them a rule',
    60,
    (i) => `{headers: {x-${i}: {exact: a}, x-${(i * 7) % 60}b: {exact: b}}}`,
  ),
  oneHost('100 of one query .*kN.*', 100, (i) => `{queryParams: {a: {regex: '.*k${i}.*'}}}`),
  oneHost('100 queries each its own', 100, (i) => `{queryParams: {a${i}: {regex: '.*k${i}.*'}}}`),
  oneHost('100 authorities .*kN.*', 100, (i) => `{authority: {regex: '.*k${i}.*'}}`),
  oneHost(
    '200 paths and headers',
    200,
    (i) => `{uri: {regex: '.*k${i}.*'}, headers: {x-${i % 9}: {regex: '.*h${i}.*'}}}`,
  ),
  // Patterns that are large alone.
  oneHost('nested quantifiers', 30, (i) => uri(`/((a+)+(b|c)*)+${i}(.*x)*`)),
  oneHost('exponential automata', 20, (i) => uri(`/(a|b)*a(a|b){${12 + (i % 8)}}`)),
  oneHost('alternations of 2000 words', 30, (i) => uri(`/(${words(2000, `w${i}x`)})/.*`)),
  oneHost('alternations anywhere', 30, (i) => uri(`.*(${words(300, `w${i}x`)}).*`)),
  oneHost('counted repetition', 30, (i) => uri(`/[a-z]{1,${900 + i}}/.{0,${900 - i}}x`)),
  oneHost('counted repetition of counted', 30, (i) => uri(`/(x[a-z]{20}y{3,30}){30}${i}`)),
  oneHost('unicode classes', 30, (i) => uri(`/\\p{L}+(?i:k${i})[^\\p{Lu}]*`)),
  // Many of one thing.
  oneRule('100,000 destinations in one rule', split(100_000)),
  oneRule('10,000 destinations in one rule', split(10_000)),
  oneRule('1,000 destinations in one rule', split(1000), SHORT),
  oneRule('300 matches of 300 destinations', (to) =>
    split(
      300,
      fields(300, (i) => prefix(`/r${i}`)),
    )(to),
  ),
  oneRule(
    '5,000 mirrors in one rule',
    (to) =>
      `${rule(prefix('/'), to)}    mirrors:\n${times(5000, (i) => `    - {destination: {host: m${i}, port: {number: 80}}}\n`).join('')}`,
  ),
  oneRule('10,000 headers in one match', (to) =>
    rule(`{headers: {${fields(10_000, (i) => `x-${i}: {exact: a}`)}}}`, to),
  ),
  oneRule('5,000 patterns of headers in one match', (to) =>
    rule(`{headers: {${fields(5000, (i) => `x-${i}: {regex: '.*k${i}.*'}`)}}}`, to),
  ),
  oneRule('10,000 matches in one rule', (to) =>
    rule(
      fields(10_000, (i) => prefix(`/r${i}`)),
      to,
    ),
  ),
  oneHost('100,000 routes in one host', 100_000, (i) => `{uri: {${i % 2 ? 'exact' : 'prefix'}: /r${i}}}`),
  oneHost('10,000 routes by header', 10_000, byUser),
  oneHost('1,000 routes by header', 1000, byUser, SHORT),
  oneHost('2,000 routes by 2,000 headers', 2000, (i) => header(`x-${i}`, '{exact: a}')),
  shape(
    '10,000 hosts of one VirtualService',
    (to) => [GATEWAY, virtualService('v', fields(10_000, ownHost), [rule(prefix('/a')), rule(uri('/b/.*x'), to)])],
    { url: 'http://h1.example.com/a' },
  ),
  manyHosts('10,000 VirtualServices', 10_000, (_, to) => [rule(prefix('/a')), rule(prefix('/'), to)]),
  manyHosts('1,000 hosts of 10 patterns', 1000, (_, to) => times(10, (k) => rule(uri(`.*k${k}.*`), to))),
  manyHosts('1,000 hosts of 10 patterns of their own', 1000, (i, to) =>
    times(10, (k) => rule(uri(`.*k${i}x${k}.*`), to)),
  ),
  manyHosts('2,000 hosts below each other', 2000, (_, to) => [rule(prefix('/a'), to)], {
    host: (i) => `*.${'a.'.repeat(i % 60)}h${i}.example.com`,
  }),
  manyHosts('300 hosts each below the one before', 300, (_, to) => [rule(prefix('/a'), to)], {
    host: (i) => `*.${'a.'.repeat(i % 100)}h${i % 3}.example.com`,
  }),
  manyHosts('1,000 VirtualServices of one host', 1000, (i, to) => times(10, (k) => rule(prefix(`/s${i}/r${k}`), to)), {
    host: sameHost,
  }),
  shape('1,000 Gateways of all hosts', (to) => [
    ...times(1000, (i) => plainGateway(`g${i}`)),
    virtualService(
      'v',
      'a.example.com',
      [rule(prefix('/'), to)],
      fields(1000, (i) => `g${i}`),
    ),
  ]),
  shape(
    '1,000 server names',
    (to) => [
      tlsGateway('g', times(1000, ownHost)),
      ...times(1000, (i) => virtualService(`v${i}`, ownHost(i), [rule(prefix('/'), i === 0 ? to : 'web')])),
    ],
    { url: 'https://h1.example.com/a' },
  ),
  // Policies.
  guarded('policies of 2,000 addresses', () => [
    policy('p', 'ALLOW', [
      `  - from: [{source: {remoteIpBlocks: [${fields(2000, (i) => `10.${i % 250}.${Math.floor(i / 250)}.0/24`)}]}}]\n`,
    ]),
  ]),
  guarded('a policy of 100,000 addresses', () => [
    policy('p', 'ALLOW', [`  - from: [{source: {remoteIpBlocks: [${fields(100_000, address)}]}}]\n`]),
  ]),
  guarded('policies of 500 paths and headers', () => [
    policy(
      'p',
      'DENY',
      times(
        500,
        (i) =>
          `  - to: [{operation: {paths: ['/a${i}/*', '*/b${i}'], methods: [GET, POST]}}]\n    when: [{key: 'request.headers[x-${i % 20}]', values: ['a${i}*', '*b${i}']}]\n`,
      ),
    ),
  ]),
  guarded('1,000 token issuers', () => [
    tokens(
      't',
      times(1000, (i) => `https://issuer${i}.example`),
    ),
  ]),
  guarded('1,000 EnvoyFilters', () => times(1000, (i) => envoyFilter(`f${i}`))),
  shape('200 policies in front of 1,000 routes', (to) => [
    GATEWAY,
    virtualService(
      'v',
      'a.example.com',
      times(1000, (i) => rule(prefix(`/r${i}`), i === 0 ? to : 'web')),
    ),
    ...times(200, (i) => policy(`p${i}`, 'DENY', [`  - to: [{operation: {paths: ['/r${i}/secret*']}}]\n`])),
  ]),
  // Other dialects.
  nginx('1,000 Ingresses of nginx, patterns, one host', 1000, sameHost, (i) => [`/s${i}(/|$)(.*)`]),
  nginx('100 Ingresses of nginx, patterns, one host', 100, sameHost, (i) => [`/s${i}(/|$)(.*)`], SHORT),
  nginx('300 Ingresses of nginx, patterns that overlap', 300, sameHost, (i) => [`/.*/k${i}(/|$)(.*)`]),
  nginx('1,000 Ingresses of nginx, own hosts', 1000, ownHost, () => times(10, (k) => `/s${k}(/|$)(.*)`), {
    url: 'http://h1.example.com/s1',
  }),
  httpRoutes(
    '1,000 HTTPRoutes with headers, one host',
    1000,
    sameHost,
    (i, k) => `{path: {type: PathPrefix, value: /s${i}/r${k}}, headers: [{name: x-${k}, value: v${i}}]}`,
  ),
  httpRoutes(
    '1,000 HTTPRoutes, patterns, own hosts',
    1000,
    ownHost,
    (_, k) => `{path: {type: RegularExpression, value: '/.*/r${k}'}}`,
    { convert: ['gateway-api-to-istio'], url: 'http://h1.example.com/a/r1' },
  ),
  // YAML itself.
  shape(
    'deep YAML',
    (to) => [
      GATEWAY,
      `a: ${'{a: '.repeat(20_000)}${to}${'}'.repeat(20_000)}\n`,
      `${times(3000, (i) => `${' '.repeat(i)}a:\n`).join('')}`,
    ],
    SHORT,
  ),
  shape('130,000 documents', () => times(130_000, () => 'a: 1\n')),
];
