// Random Istio configurations and requests that come close to their rules. Everything follows from the seed.
import { stringify } from 'yaml';

export type Random = () => number;

/** mulberry32: small, seeded, good enough to choose fixtures. */
export function randomFrom(seed: number): Random {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = <T>(r: Random, list: readonly T[]): T => list[Math.floor(r() * list.length)]!;
const chance = (r: Random, p: number): boolean => r() < p;
const some = <T>(r: Random, min: number, max: number, make: () => T): T[] =>
  Array.from({ length: min + Math.floor(r() * (max - min + 1)) }, make);

const HOSTS = ['a.example.com', 'b.example.com', '*.example.com', 'shop.org', 'deep.w.example.com', '*'];
const PATHS = ['/', '/api', '/api/v1', '/foo', '/foo/', '/foo/bar', '/a.b', '/status', '/Login', '/x%20y'];
const REGEXES = ['/api/v[0-9]+', '/(foo|bar)(/.*)?', '/.*\\.html', '/id/([0-9]+)', '(?i)/login', '/x.*'];
const VALUES = ['jason', 'jane', 'true', 'v2', 'prod'];
const HEADERS = ['x-user', 'x-env', 'x-beta', 'user-agent'];
const SERVICES = ['httpbin', 'reviews', 'web'];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'];

const stringMatch = (r: Random, values: readonly string[], regexes: readonly string[]) => {
  const kind = pick(r, ['exact', 'prefix', 'regex'] as const);
  return { [kind]: kind === 'regex' ? pick(r, regexes) : pick(r, values) };
};

const valueMatch = (r: Random) => stringMatch(r, VALUES, ['j.*', '(true|prod)', '[a-z]+', 'v[0-9]']);
const destination = (r: Random) => ({
  host: chance(r, 0.08) ? 'missing-svc' : pick(r, SERVICES),
  port: { number: chance(r, 0.9) ? 8000 : 9999 },
  ...(chance(r, 0.15) ? { subset: pick(r, ['v1', 'v2', 'nosuch']) } : {}),
});

function match(r: Random): Record<string, unknown> {
  const m: Record<string, unknown> = {};
  if (chance(r, 0.85)) m.uri = stringMatch(r, PATHS, REGEXES);
  if (chance(r, 0.15)) m.ignoreUriCase = true;
  if (chance(r, 0.15)) m.method = chance(r, 0.7) ? { exact: pick(r, METHODS) } : { regex: 'P.*' };
  if (chance(r, 0.25)) m.headers = { [pick(r, HEADERS)]: chance(r, 0.2) ? {} : valueMatch(r) };
  if (chance(r, 0.12)) m.withoutHeaders = { [pick(r, HEADERS)]: chance(r, 0.3) ? {} : valueMatch(r) };
  if (chance(r, 0.15)) m.queryParams = { [pick(r, ['ver', 'q'])]: valueMatch(r) };
  if (chance(r, 0.08)) m.authority = chance(r, 0.5) ? { prefix: 'a.' } : { regex: '[a-z]+\\.example\\.com' };
  if (chance(r, 0.05)) m.scheme = { exact: 'http' };
  return m;
}

const operations = (r: Random) => ({
  ...(chance(r, 0.6)
    ? {
        set: {
          [pick(r, ['x-set', 'x-user'])]: pick(r, [
            'one',
            '%REQ(x-env)%',
            'a%%b',
            '%PROTOCOL%',
            '%REQ(x-none?x-user)%',
            '%REQ(:path):4%',
          ]),
        },
      }
    : {}),
  ...(chance(r, 0.5)
    ? { add: { [pick(r, ['x-add', 'x-user', 'x-env'])]: pick(r, ['plus', '%REQ(:authority)%']) } }
    : {}),
  ...(chance(r, 0.4) ? { remove: [pick(r, HEADERS)] } : {}),
});
const headerOps = (r: Random) => ({ request: operations(r), response: { ...operations(r), remove: [] as string[] } });

function redirect(r: Random): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (chance(r, 0.5)) out.uri = pick(r, ['/new', '/new/', '/p?q=2']);
  if (chance(r, 0.4)) out.authority = pick(r, ['new.example.com', 'new.example.com:8443']);
  if (chance(r, 0.4)) out.scheme = pick(r, ['http', 'https']);
  if (chance(r, 0.2)) out.port = pick(r, [80, 443, 8443]);
  if (chance(r, 0.5)) out.redirectCode = pick(r, [301, 302, 303, 307, 308]);
  if (Object.keys(out).filter((k) => k !== 'redirectCode').length === 0) out.uri = '/only';
  return out;
}

const directResponse = (r: Random) => ({
  status: pick(r, [200, 201, 403, 404, 503]),
  ...(chance(r, 0.5) ? { body: { string: 'direct' } } : {}),
});

function destinations(r: Random): Record<string, unknown>[] {
  const list: Record<string, unknown>[] = some(r, 1, chance(r, 0.15) ? 2 : 1, () => ({
    destination: destination(r),
    weight: 50,
    ...(chance(r, 0.2) ? { headers: headerOps(r) } : {}),
  }));
  if (list.length === 1) delete list[0]!.weight;
  return list;
}

function regexRewrite(r: Random) {
  const out = { match: pick(r, ['^/api/(.*)', '/foo', '(o+)']), rewrite: pick(r, ['/r/\\1', '/bar', 'x']) };
  return out.rewrite.includes('\\1') && !out.match.includes('(') ? { ...out, rewrite: '/plain' } : out;
}

function rewrite(r: Random): Record<string, unknown> {
  const kind = r();
  const out: Record<string, unknown> = {};
  if (kind < 0.6) out.uri = pick(r, ['/', '/new', '/new/', '/a/b']);
  else if (kind < 0.8) out.uriRegexRewrite = regexRewrite(r);
  if (kind >= 0.8 || chance(r, 0.2)) out.authority = pick(r, ['up.internal', 'up.internal:8080']);
  return out;
}

const fault = (r: Random) =>
  chance(r, 0.5)
    ? { abort: { httpStatus: pick(r, [418, 500, 503]), percentage: { value: pick(r, [0, 100]) } } }
    : { delay: { fixedDelay: '0.002s', percentage: { value: 100 } } };

const corsPolicy = (r: Random) => ({
  allowOrigins: some(r, 1, 2, () =>
    pick<Record<string, string>>(r, [
      { exact: 'https://ok.example.com' },
      { prefix: 'https://' },
      { regex: 'https://.*\\.org' },
      { exact: '*' },
    ]),
  ),
  allowMethods: ['GET', 'POST'],
  ...(chance(r, 0.5) ? { allowHeaders: ['x-user'], exposeHeaders: ['x-resp'] } : {}),
  ...(chance(r, 0.5) ? { maxAge: '60s', allowCredentials: true } : {}),
  ...(chance(r, 0.4) ? { unmatchedPreflights: pick(r, ['FORWARD', 'IGNORE']) } : {}),
});

const mirrors = (r: Random) => [
  { destination: { host: pick(r, SERVICES), port: { number: 8000 } }, percentage: { value: 100 } },
];

/** What a rule that forwards may have besides, with its share. */
const EXTRAS: readonly (readonly [field: string, share: number, make: (r: Random) => unknown])[] = [
  ['rewrite', 0.3, rewrite],
  ['fault', 0.1, fault],
  ['corsPolicy', 0.15, corsPolicy],
  ['mirrors', 0.08, mirrors],
  ['timeout', 0.1, () => '5s'],
];

function rule(r: Random): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (chance(r, 0.3)) out.name = `r${Math.floor(r() * 100)}`;
  if (chance(r, 0.9)) out.match = some(r, 1, 3, () => match(r));
  if (chance(r, 0.3)) out.headers = headerOps(r);
  const kind = r();
  if (kind < 0.15) return { ...out, redirect: redirect(r) };
  if (kind < 0.25) return { ...out, directResponse: directResponse(r) };
  out.route = destinations(r);
  for (const [field, share, make] of EXTRAS) if (chance(r, share)) out[field] = make(r);
  return out;
}

const object = (apiVersion: string, kind: string, name: string, spec: unknown) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'default' },
  spec,
});

/** One configuration as YAML: a Gateway on port 80, one to three VirtualServices, the Services and their subsets. */
export function generateConfig(r: Random): string {
  const hosts = [...new Set(some(r, 1, 3, () => pick(r, HOSTS)))];
  const server = { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: chance(r, 0.6) ? ['*'] : hosts };
  const services = some(r, 1, 3, () => pick(r, hosts));
  const objects = [
    object('networking.istio.io/v1', 'Gateway', 'gw', { selector: { istio: 'ingressgateway' }, servers: [server] }),
    ...services.map((host, i) =>
      object('networking.istio.io/v1', 'VirtualService', `vs${i}`, {
        hosts: [host],
        gateways: ['gw'],
        http: some(r, 1, 5, () => rule(r)),
      }),
    ),
    ...SERVICES.map((name) => object('v1', 'Service', name, { ports: [{ name: 'http', port: 8000 }] })),
    object('networking.istio.io/v1', 'DestinationRule', 'web', {
      host: 'web',
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2', labels: { version: 'v2' } },
      ],
    }),
  ];
  return objects.map((o) => stringify(o)).join('---\n');
}

export interface GeneratedRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const TWISTS = [
  '',
  '',
  '',
  '/',
  'x',
  '/x',
  '?ver=v2',
  '?ver=true&q=jane',
  '/../foo',
  '/./x',
  '//x',
  '%2Fx',
  '?q=%41',
  '/x.html',
  '/v1/',
  '/7',
];

export function generateRequest(r: Random): GeneratedRequest {
  const host = pick(r, [
    'a.example.com',
    'b.example.com',
    'w.example.com',
    'shop.org',
    'deep.w.example.com',
    'A.Example.COM',
    'any.net',
    'a.example.com:8080',
  ]);
  const path = chance(r, 0.8)
    ? pick(r, PATHS) + pick(r, TWISTS)
    : pick(r, ['/api/v12', '/bar/x', '/index.html', '/LOGIN', '/login', '/id/42', '/id/42/x', '/API']);
  const headers: Record<string, string> = {};
  for (const name of HEADERS) if (chance(r, 0.25)) headers[name] = pick(r, [...VALUES, 'jasonx', 'false', 'xprod']);
  const method = pick(r, ['GET', 'GET', 'GET', 'POST', 'PUT', 'OPTIONS', 'DELETE']);
  if (chance(r, 0.2)) {
    headers.origin = pick(r, ['https://ok.example.com', 'https://x.org', 'http://evil.net']);
    if (method === 'OPTIONS') headers['access-control-request-method'] = pick(r, ['GET', 'DELETE']);
  }
  return { method, host, path, headers };
}
