// Traefik against its own verdicts (`verdicts.json` beside each recording): each router that it disables is an error of lint, none that it
// enables is. And requests that chance decides (`unstable.json`): every outcome that was seen is possible, and an unknown says so.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { type GatewayRequest, type SimulationResult, valueAt } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { compile, decide, toResult } from '../src/simulate/index.js';
import { locate, parseSource } from '../src/sources/index.js';
import { folderOf, meshgwIn } from './run-cli.js';

const ROOT = 'fixtures/truth/traefik';
const cases = ['ingress', 'ingressroute', 'middleware', 'tcp'].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name)),
);
const json = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

function read(folder: string) {
  const input = join(folder, 'input.yaml');
  const { resources } = parseSource(input, readFileSync(input));
  return readGateways(catalogOf(resources), {
    flags: { 'traefik-static': readFileSync(join(folder, 'static.yaml'), 'utf8') },
  });
}

interface Verdict {
  readonly name: string;
  readonly rule: string;
  readonly status: 'enabled' | 'disabled' | 'warning';
  readonly error?: readonly string[];
}

/** Objects whose names are booleans of YAML 1.1 (truth-exceptions.json). */
const MISREAD = new Set([`${ROOT}/ingress/tls-options`, `${ROOT}/ingressroute/weighted`]);

describe('routers that Traefik disables are errors, others are not', () => {
  for (const folder of cases.filter((f) => !MISREAD.has(f)))
    test(folder.slice(ROOT.length + 1), () => {
      const { routers, tcpRouters } = json<{ routers: Verdict[]; tcpRouters: Verdict[] }>(
        join(folder, 'verdicts.json'),
      );
      const { notes } = read(folder);
      const errors = notes.filter((n) => n.code === 'traefik-disabled');
      // The rule at the place: of an IngressRoute its match; of an Ingress its path, which the rule ends with.
      const told = errors.map(({ origin }) => String(valueAt(origin.resource.object, origin.path) ?? ''));
      const rules = [...routers, ...tcpRouters].filter((r) => r.status === 'disabled').map((r) => r.rule);
      const fits = (text: string, rule: string) => rule === text || rule.includes(`"${text}"`) || text === '';
      expect(rules.filter((rule) => !told.some((text) => fits(text, rule)))).toEqual([]);
      expect(told.filter((text) => !rules.some((rule) => fits(text, rule)))).toEqual([]);
    });
});

interface Unstable {
  readonly request: GatewayRequest;
  readonly response?: Pick<SimulationResult, 'destination' | 'status'>;
  readonly responses?: readonly Pick<SimulationResult, 'destination' | 'status'>[];
}

describe('what chance decides', () => {
  for (const folder of cases.filter((f) => existsSync(join(f, 'unstable.json'))))
    test(folder.slice(ROOT.length + 1), () => {
      const { gateways } = read(folder);
      const gateway = gateways.find((g) => g.dialect === 'traefik')!;
      const compiled = compile(gateway);
      const locate = () => ({ file: 'input.yaml', line: 1, column: 1 });
      for (const { request, response, responses = [] } of json<Unstable[]>(join(folder, 'unstable.json'))) {
        const got = toResult(decide(compiled, request), request, { gateway, locate });
        const possible = (got.split ?? []).map((s) => ('host' in s ? `${s.host}:${s.port}` : `${s.status}`));
        const seen = [...(response ? [response] : []), ...responses].map(({ destination: d, status }) =>
          d ? `${d.host}:${d.port}` : `${status}`,
        );
        expect({ request, possible, lacking: seen.filter((s) => !possible.includes(s)) }).toMatchObject({
          lacking: [],
        });
        expect(got.unknown?.map((u) => u.feature)).toContain('traefik.tie');
      }
    });
});

/** What a gateway made of these objects answers. */
function ask(yaml: string, request: Partial<GatewayRequest>): SimulationResult {
  const { resources } = parseSource('input.yaml', Buffer.from(yaml));
  const { gateways } = readGateways(catalogOf(resources));
  const whole = { port: 80, scheme: 'http' as const, method: 'GET', host: 'a.example.com', path: '/', ...request };
  return toResult(decide(compile(gateways.find((g) => g.dialect === 'traefik')!), whole), whole);
}

const object = (kind: string, name: string, spec: string): string =>
  `apiVersion: traefik.io/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: default}\nspec: ${spec}\n`;

test('a header that no client can send is no question to the engine', () => {
  const match = "'Header(`:status {`, `b`) || Path(`/b`)'";
  const route = object('IngressRoute', 'r', `{routes: [{match: ${match}, services: [{name: web, port: 80}]}]}`);
  expect(ask(route, {}).status).toBe(404);
  expect(ask(route, { path: '/b' }).status).toBe(200);
});

test('the password of a Secret of type basic-auth is not in the model', () => {
  const yaml = [
    object(
      'IngressRoute',
      'r',
      '{routes: [{match: Path(`/`), middlewares: [{name: auth}], services: [{name: web, port: 80}]}]}',
    ),
    object('Middleware', 'auth', '{basicAuth: {secret: users}}'),
    'apiVersion: v1\nkind: Secret\ntype: kubernetes.io/basic-auth\nmetadata: {name: users, namespace: default}\nstringData: {username: admin, password: open-sesame}\n',
  ].join('---\n');
  const authorization = (text: string) => ({
    headers: { Authorization: `Basic ${Buffer.from(text).toString('base64')}` },
  });
  expect(ask(yaml, authorization('admin:open-sesame')).status).toBe(200);
  expect(ask(yaml, authorization('admin:sesame')).status).toBe(401);
  const { resources } = parseSource('input.yaml', Buffer.from(yaml));
  const { gateways } = readGateways(catalogOf(resources));
  const texts = JSON.stringify(gateways, (key, value: unknown) => (/[oO]rigin$/.test(key) ? undefined : value));
  expect(texts).not.toContain('open-sesame');
});

/** Lines of htpasswd: SHA-1 and MD5 of Apache. */
const users = (first: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: users, namespace: default}\nstringData: {users: "${first}\\ntest:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/"}\n`;
const guarded = (first: string): string =>
  [
    object(
      'IngressRoute',
      'r',
      '{routes: [{match: Host(`a.example.com`), middlewares: [{name: auth}], services: [{name: web, port: 80}]}]}',
    ),
    object('Middleware', 'auth', '{basicAuth: {secret: users, headerField: X-User}}'),
    users(first),
  ].join('---\n');
const SHA_TEST = 'test2:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=';

test('no output holds hashes of passwords, the page neither; and they decide', async () => {
  const basic = (text: string) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } });
  expect(ask(guarded(SHA_TEST), basic('test2:test')).status).toBe(200);
  expect(ask(guarded(SHA_TEST), basic('test2:wrong')).status).toBe(401);
  const file = 'input.yaml';
  const folder = folderOf({ [file]: guarded(SHA_TEST) });
  const outputs = [
    ...['text', 'json', 'html', 'markdown'].map((format) => ['ways-in', file, '-o', format]),
    ...['text', 'json'].map((format) => ['routes', '-f', file, '-o', format]),
    ['simulate', '-f', file, '-o', 'json', '--explain', 'http://a.example.com/'],
    ['lint', file, '-o', 'json'],
    ['generate-tests', '-f', file],
  ];
  for (const args of outputs) {
    const { out, err } = await meshgwIn(folder, args);
    const all = out + err;
    expect([args[0], all.length > 20, /qUqP5cyxm6|IgXLP6ewT|test2/.test(all)]).toEqual([args[0], true, false]);
  }
});

test('another password is another configuration', () => {
  const names = ['test2:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=', 'test2:{SHA}AAAA5cyxm6YcTAhz05Hph5gvu9M='].map((line) => {
    const { gateways } = readGateways(catalogOf(parseSource('input.yaml', Buffer.from(guarded(line))).resources));
    return JSON.stringify(gateways, (key, value: unknown) => (/[oO]rigin$/.test(key) ? undefined : value));
  });
  expect(names[0]).not.toBe(names[1]);
});

test('an entry point that trusts clients has an unknown on its port, others do not', () => {
  const { resources } = parseSource(
    'input.yaml',
    Buffer.from(object('IngressRoute', 'r', '{routes: [{match: Path(`/`), services: [{name: web, port: 80}]}]}')),
  );
  const config =
    'entryPoints: {web: {address: ":80", forwardedHeaders: {insecure: true}}, other: {address: ":81"}}\nproviders: {kubernetesCRD: {}}\n';
  const { gateways } = readGateways(catalogOf(resources), { flags: { 'traefik-static': config } });
  const features = [80, 81].map((port) => {
    const request = { port, scheme: 'http' as const, method: 'GET', host: 'a.example.com', path: '/' };
    const result = toResult(decide(compile(gateways[0]!), request), request, { gateway: gateways[0]!, locate });
    return result.unknown?.map((u) => u.feature) ?? [];
  });
  expect(features).toEqual([['traefik.forwarded-headers'], []]);
});

test('a host and a wildcard of one length with other TLS options are a tie, of other lengths or with the same options none', () => {
  const router = (name: string, host: string, tls: string) =>
    object(
      'IngressRoute',
      name,
      `{entryPoints: [websecure], routes: [{match: Host(\`${host}\`) && Path(\`/${name}\`), services: [{name: web, port: 80}]}], tls: ${tls}}`,
    );
  const strict = object('TLSOption', 'strict', '{minVersion: VersionTLS13}');
  const told = (host: string, tls: string) => {
    const texts = [strict, router('all', '*.example.com', '{options: {name: strict}}'), router('one', host, tls)];
    const { gateways, notes } = readGateways(
      catalogOf(parseSource('i.yaml', Buffer.from(texts.join('---\n'))).resources),
    );
    return [
      gateways[0]!.unsupported.filter((u) => u.feature === 'traefik.tie').map((u) => u.reach?.ports),
      notes.filter((n) => n.code === 'traefik-tie').map((n) => n.witness?.host),
    ];
  };
  expect(told('c.example.com', '{}')).toEqual([[[443]], ['c.example.com']]);
  expect(told('c.example.com', '{options: {name: strict}}')).toEqual([[], []]);
  expect(told('cc.example.com', '{}')).toEqual([[], []]);
});

test('a prefix is added in front of the spelling of the client where it may stand in one (seen at the real one)', () => {
  const sent = (prefix: string, path: string) => {
    const match = '{routes: [{match: PathPrefix(`/`), middlewares: [{name: add}], services: [{name: web, port: 80}]}]}';
    const texts = [
      object('IngressRoute', 'r', match),
      object('Middleware', 'add', `{addPrefix: {prefix: "${prefix}"}}`),
      'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: default}\nspec: {ports: [{port: 80}]}\n',
    ];
    const { gateways } = readGateways(catalogOf(parseSource('i.yaml', Buffer.from(texts.join('---\n'))).resources));
    const request = { port: 80, scheme: 'http' as const, method: 'GET', host: 'a.example.com', path };
    return toResult(decide(compile(gateways[0]!), request), request, { gateway: gateways[0]!, locate }).upstream?.path;
  };
  expect(sent('/pre.*', '/x')).toBe('/pre.%2A/x');
  expect(sent('/pre.*', '/API/x%2Fw')).toBe('/pre.*/API/x%2Fw');
  expect(sent('/a b', '/API/x%2Fw')).toBe('/a%20b/API/x/w');
});

test('a mirror with a share above 100 disables its router (seen at the real one)', () => {
  const told = (percent: number) => {
    const texts = [
      object('IngressRoute', 'r', '{routes: [{match: Path(`/`), services: [{name: m, kind: TraefikService}]}]}'),
      object(
        'TraefikService',
        'm',
        `{mirroring: {name: web, port: 80, mirrors: [{name: web, port: 80, percent: ${percent}}]}}`,
      ),
      'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: default}\nspec: {ports: [{port: 80}]}\n',
    ];
    const { notes } = readGateways(catalogOf(parseSource('i.yaml', Buffer.from(texts.join('---\n'))).resources));
    return notes.filter((n) => n.code === 'traefik-disabled').map((n) => n.message);
  };
  expect(told(100)).toEqual([]);
  expect(told(8080)).toEqual([expect.stringContaining('the percent of a mirror is 8080')]);
});

const SWAP = 'fixtures/traefik/from-nginx';

test('what changes if only the controller is swapped', async () => {
  const { out, code } = await meshgwIn(process.cwd(), [
    'diff',
    SWAP,
    '--after-class-semantics',
    'traefik',
    '-o',
    'json',
  ]);
  expect(code).toBe(1);
  const { differences, undecided } = JSON.parse(out) as {
    differences: { request: GatewayRequest; before: SimulationResult; after: SimulationResult }[];
    undecided: { message: string }[];
  };
  const at = (host: string, path: string) =>
    differences
      .filter(({ request }) => request.host === host && request.path === path && request.scheme === 'http')
      .map(({ before, after }) => [before, after].map((r) => r.destination?.host.split('.')[0] ?? r.status));
  // A prefix is taken letter by letter; the address list of nginx's annotation is gone; Path and PathPrefix of one length are a tie.
  expect(at('shop.example.com', '/apix')).toEqual([['web', 'api']]);
  expect(at('admin.example.com', '/v1/(.*)')).toEqual([[403, 'admin']]);
  expect(JSON.stringify(undecided)).toMatch(/chance decides between them.*Path\(.*api\/login/);
  // The same files under the same controller are equal.
  const same = await meshgwIn(process.cwd(), [
    'diff',
    SWAP,
    '--class-semantics',
    'nginx',
    '--after-class-semantics',
    'nginx',
  ]);
  expect(same.code).toBe(0);
});

const ofClass = (className: string, annotations: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop, namespace: default${annotations}}\nspec:\n  ${className}\n  rules: [{host: a.example.com, http: {paths: [{path: /v1, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]\n`;

test('people bring no IngressClass: the name, the older annotation or annotations of Traefik tell', () => {
  const own = 'traefik.ingress.kubernetes.io/router.priority: "7"';
  // Letter by letter is Traefik's reading alone.
  for (const yaml of [
    ofClass('ingressClassName: traefik', ''),
    ofClass('', ', annotations: {kubernetes.io/ingress.class: traefik}'),
    ofClass('ingressClassName: traefik-internal', `, annotations: {${own}}`),
    ofClass('ingressClassName: edge', `, annotations: {${own}}`),
  ])
    expect(ask(yaml, { path: '/v11' }).status).toBe(200);
});

const tcp = (name: string, tls: string, to: string): string =>
  object(
    'IngressRouteTCP',
    name,
    `{entryPoints: [tlsep], routes: [{match: 'HostSNI(\`a.example.com\`)', services: [{name: ${to}, port: 80}]}], tls: ${tls}}`,
  );

test('two routers of connections with one priority are chance, and said to be', async () => {
  const entry = 'entryPoints: {tlsep: {address: ":9443"}}\nproviders: {kubernetesCRD: {}}\n';
  const files = folderOf({
    'a.yaml': [tcp('a', '{passthrough: true}', 'one'), tcp('b', '{}', 'two')].join('---\n'),
    'static.yaml': entry,
  });
  const flags = ['-f', 'a.yaml', '--traefik-static', 'static.yaml'];
  const told = await meshgwIn(files, ['simulate', ...flags, 'https://a.example.com:9443/']);
  expect(told.out).toMatch(/chance decides between them/);
  const { out } = await meshgwIn(files, ['lint', 'a.yaml', '--traefik-static', 'static.yaml']);
  expect(out).toMatch(/2 routers have priority 24[\s\S]*MGW1802/);
});
