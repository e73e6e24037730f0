// Kong: configurations that the real one refused as a whole are errors of lint, those that it took are none, in each router flavour.

import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { recogniseDocument } from '../src/dialects/registry.js';
import { catalogOf } from '../src/resources/catalog.js';
import { hmacSha256 } from '../src/simulate/engines/kong/sha256.js';
import { parseSource } from '../src/sources/index.js';
import { recordingsOf } from './truth/recordings.js';

const root = join(import.meta.dirname, '../fixtures/truth/kong');
const refused = join(import.meta.dirname, '../fixtures/kong/refused');

const refusals = (folder: string, flags: Readonly<Record<string, string>>): readonly string[] =>
  refusalsIn(readFileSync(join(folder, 'input.yaml'), 'utf8'), flags);

/** Each with the object it is found at: `Ingress bad: …`. */
function refusalsIn(text: string, flags: Readonly<Record<string, string>> = {}): readonly string[] {
  const { resources } = parseSource('input.yaml', Buffer.from(text), undefined, recogniseDocument);
  const { notes } = readGateways(catalogOf(resources), { flags });
  return notes
    .filter(({ code }) => code === 'kong-refused')
    .map(({ message, origin }) => `${origin.resource.kind} ${origin.resource.name}: ${message}`);
}

/**
 * What Kong said, and of which object: `refused: NAME/KIND ENTITY FIELD: WORDS | …`. The words have to be ours too, without keys that Kong
 * makes for itself.
 */
const causesIn = (verdict: string): readonly { readonly object: string; readonly cause: string }[] =>
  verdict
    .replace(/^\w+: (accepted|refused: )/, '')
    .split(' | ')
    .filter((reason) => reason !== '')
    .map((reason) => {
      const [, name, kind, words = ''] = /^(\S+)\/(\w+) (?:route|plugin) (?:[\w.]+)? ?: (.*)$/.exec(reason) ?? [];
      return { object: `${kind} ${name}`, cause: words.replace(/ 'plugins' entity with primary key .*$/, '') };
    });

const cases = (at: string): readonly string[] =>
  readdirSync(at, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(at, entry.name));

test('HMAC of SHA-256 is that of node:crypto', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 150 }), fc.uint8Array({ maxLength: 300 }), (key, text) => {
      const expected = createHmac('sha256', key).update(text).digest('hex');
      expect(Buffer.from(hmacSha256(key, text)).toString('hex')).toBe(expected);
    }),
    { seed: 1, numRuns: 300 },
  );
});

describe('configurations that Kong took', () => {
  for (const family of cases(root)) {
    test(family.slice(root.length + 1), () => {
      const wrong = cases(family).flatMap((folder) =>
        recordingsOf(folder).flatMap(({ flags, variant }) =>
          refusals(folder, flags).map((message) => `${folder.slice(root.length + 1)} ${variant}: ${message}`),
        ),
      );
      expect(wrong).toEqual([]);
    });
  }
});

describe('configurations that Kong refused', () => {
  for (const family of cases(refused)) {
    for (const folder of cases(family)) {
      test(folder.slice(refused.length + 1), () => {
        // `flavour: refused: what | more`, or `flavour: accepted`.
        const verdicts = readFileSync(join(folder, 'error.txt'), 'utf8').trim().split('\n');
        expect(verdicts.length).toBeGreaterThan(0);
        for (const verdict of verdicts) {
          const [, flavor = '', word] = /^(\w+): (refused|accepted)/.exec(verdict) ?? [];
          const found = refusals(folder, { 'kong-router-flavor': flavor });
          expect(found.length > 0 ? 'refused' : 'accepted', `${flavor}: ${found.join(' | ')}`).toBe(word);
          for (const { object, cause } of causesIn(verdict)) {
            expect(cause, verdict).not.toBe('');
            const same = found.filter((message) => message.includes(cause));
            expect(same, `${flavor}: ${found.join(' | ')}`).not.toEqual([]);
            expect(same.join(' | '), `${flavor}: ${verdict}`).toContain(object);
          }
        }
        expect(existsSync(join(folder, 'input.yaml'))).toBe(true);
      });
    }
  }
});

test('times and retries out of range are refused, once for all ports of a Service', () => {
  const path = (port: number) => ({ path: `/${port}`, pathType: 'Prefix', backend: { service: { name: 'a', port: { number: port } } } }); // biome-ignore format: one line
  const files = (settings: Readonly<Record<string, string>>): string =>
    [
      {
        ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'i' } },
        spec: { ingressClassName: 'kong', rules: [{ http: { paths: [path(80), path(81)] } }] },
      },
      {
        ...{ apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80, name: 'x' }, { port: 81, name: 'y' }] } }, // biome-ignore format: one line
        metadata: {
          name: 'a',
          annotations: Object.fromEntries(
            Object.entries(settings).map(([name, value]) => [`konghq.com/${name}`, value]),
          ),
        },
      },
    ]
      .map((object) => JSON.stringify(object))
      .join('\n---\n');
  const wrong = refusalsIn(
    files({ 'connect-timeout': '0', 'read-timeout': '2147483647', 'write-timeout': '-1', retries: '32768' }),
  );
  expect(wrong.map((message) => message.replace(/^.*: service /, ''))).toEqual([
    'connect_timeout: value should be between 1 and 2147483646 (it is 0)',
    'read_timeout: value should be between 1 and 2147483646 (it is 2147483647)',
    'write_timeout: value should be between 1 and 2147483646 (it is -1)',
    'retries: value should be between 0 and 32767 (it is 32768)',
  ]);
  expect(
    refusalsIn(files({ 'connect-timeout': '1', 'read-timeout': '2147483646', 'write-timeout': '60000', retries: '0' })),
  ).toEqual([]);
});

/** From the schemas of Kong 3.10 (routes_subschemas.lua, routes.lua, services.lua, typedefs.lua); not recorded. */
describe('what the schemas of routes and services do not take', () => {
  const ingress = (
    route: Readonly<Record<string, string>>,
    service: Readonly<Record<string, string>> = {},
    flags: Readonly<Record<string, string>> = {},
  ): readonly string[] => {
    const own = (named: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(named).map(([name, value]) => [`konghq.com/${name}`, value]));
    const backend = { service: { name: 'app', port: { number: 80 } } };
    const text = [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'app', annotations: own(route) },
        spec: {
          ingressClassName: 'kong',
          rules: [{ host: 'a.example.com', http: { paths: [{ path: '/a', pathType: 'Prefix', backend }] } }],
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'app', annotations: own(service) },
        spec: { ports: [{ port: 80 }] },
      },
    ];
    return refusalsIn(text.map((object) => JSON.stringify(object)).join('\n---\n'), flags).map((message) =>
      message.replace(/^.*?configuration: /, ''),
    );
  };
  const declared = (text: string): readonly string[] =>
    refusalsIn(`_format_version: "3.0"\n${text}`).map((message) => message.replace(/^.*?configuration: /, ''));
  const EXPRESSIONS = { 'kong-router-flavor': 'expressions' };

  test.each([
    [{ protocols: 'tcp' }, /^route hosts: cannot set 'hosts' when 'protocols' is 'tcp'/],
    [{ protocols: 'grpc', methods: 'GET' }, /^route methods: cannot set 'methods' when 'protocols' is 'grpc'/],
    [{ protocols: 'http', snis: 'a.example.com' }, /^route snis: 'snis' can only be set/],
    [{ 'headers.host': 'b' }, /^route headers: cannot contain 'host' header/],
    [{ 'headers.x.y': 'b' }, /^route headers: bad header name 'x.y'/],
    [{ 'headers.x': 'a,' }, /^route headers: a value of x is empty/],
    [{ 'path-handling': 'v2' }, /^route path_handling: expected one of: v0, v1/],
  ])('annotations of an Ingress: %j', (annotations, words) => {
    expect(ingress(annotations)).toEqual([expect.stringMatching(words)]);
    // What expressions say the controller puts into their text.
    if (!('protocols' in annotations)) expect(ingress(annotations, {}, EXPRESSIONS)).toEqual([]);
  });

  test.each([
    { protocols: 'grpc' },
    { protocols: 'grpc,http', 'strip-path': 'false' },
    { protocols: 'https', snis: 'a.example.com' },
    { 'path-handling': 'no' },
  ])('taken: %j', (annotations) => {
    expect(ingress(annotations)).toEqual([]);
  });

  test('gRPC of expressions', () => {
    expect(ingress({ protocols: 'grpc', 'strip-path': 'true' }, {}, EXPRESSIONS)).toEqual([
      expect.stringMatching(/^route strip_path: cannot set/),
    ]);
    expect(ingress({ protocols: 'grpc,http' }, {}, EXPRESSIONS)).toEqual([expect.stringMatching(/do not go together/)]);
  });

  test.each([
    [{ path: '/a//b' }, /^service path: must not have empty segments/],
    [{ path: '/a b' }, /^service path: invalid path/],
    [{ path: '/a%zz' }, /^service path: invalid url-encoded value: '%zz'/],
    [{ protocol: 'tcp' }, /^service path: failed conditional validation/],
    [{ protocol: 'ws' }, /^service protocol: expected one of/],
  ])('annotations of a Service: %j', (annotations, words) => {
    expect(ingress({}, annotations)).toEqual([expect.stringMatching(words)]);
  });

  test('a path of a Service for gRPC is left out by the controller', () => {
    expect(ingress({}, { protocol: 'grpc', path: '/a//b' })).toEqual([]);
  });

  test.each([
    [
      '{ name: r }',
      /^route must set one of 'methods', 'hosts', 'headers', 'paths', 'snis' when 'protocols' is 'https'/,
    ],
    ['{ name: r, protocols: [http] }', /^route must set one of 'methods', 'hosts', 'headers', 'paths' when/],
    ['{ name: r, protocols: [grpc], paths: [/], strip_path: true }', /^route strip_path: cannot set/],
    ['{ name: r, hosts: ["a*.example.com"] }', /^route hosts: invalid wildcard: must be placed/],
    ['{ name: r, hosts: ["*"] }', /^route hosts: invalid wildcard: must be placed/],
    ['{ name: r, hosts: ["*.a.*"] }', /^route hosts: invalid wildcard: must have at most one/],
    ['{ name: r, paths: [/], https_redirect_status_code: 303 }', /^route https_redirect_status_code: expected one of/],
  ])('routes of a declarative file: %s', (route, words) => {
    expect(declared(`services: [{ name: s, host: h.example.com, routes: [${route}] }]`)).toEqual([
      expect.stringMatching(words),
    ]);
  });

  test('old names of Redis, and values that decK puts in', () => {
    const plugin = (config: string) => declared(`plugins: [{ name: rate-limiting, config: ${config} }]`);
    expect(plugin('{ minute: 5, policy: redis, redis_host: r, redis_port: 6379, redis_password: "" }')).toEqual([]);
    expect(plugin('{ minute: \'${{ env "DECK_LIMIT" }}\' }')).toEqual([]);
    expect(plugin('{ minute: 5, redis_port: "6379" }')).toEqual([
      'plugin rate-limiting: config.redis_port: expected an integer',
    ]);
  });

  test('two plugins of one type in a route, one of them for a service', () => {
    const [plain, other] = ['{ name: cors }', '{ name: cors, service: other }'];
    const route = (plugins: string) =>
      declared(
        `services: [{ name: s, host: h.example.com, routes: [{ name: r, paths: [/], plugins: [${plugins}] }] }]`,
      );
    expect(route(`${plain}, ${other}`)).toEqual([]);
    expect(route(`${other}, ${other}`)).toEqual([expect.stringMatching(/uniqueness violation/)]);
  });

  test('taken of a declarative file', () => {
    const routes =
      '[{ name: r, snis: [a.example.com], protocols: [https] }, { name: g, protocols: [grpc], paths: [/g] }, { name: h, hosts: ["*.example.com", "example.*"] }]';
    expect(declared(`services: [{ name: s, host: h.example.com, routes: ${routes} }]`)).toEqual([]);
  });
});

/** What rules on port 80 forward to, and with which Host header. */
function forwardsIn(text: string): readonly string[] {
  const { resources } = parseSource('input.yaml', Buffer.from(text), undefined, recogniseDocument);
  const { gateways } = readGateways(catalogOf(resources), {});
  const chains = gateways
    .flatMap(({ listeners }) => listeners.filter(({ port }) => port === 80))
    .flatMap((l) => l.filterChains);
  const routes = chains.flatMap((chain) => (chain.kind === 'http' ? chain.virtualHosts : [])).flatMap((h) => h.routes);
  const texts = routes.flatMap(({ action }) =>
    action.kind === 'forward'
      ? action.destinations.flatMap(({ to }) =>
          'host' in to ? [`${to.host}:${to.port} as ${action.rewrite?.host ?? 'the client has it'}`] : [],
        )
      : [],
  );
  return [...new Set(texts)].sort();
}

test('services that are switched off have no routes, and of the schemes in a URL only https has its own port', () => {
  const services = ['http', 'https', 'grpcs'].map(
    (scheme) =>
      `{ name: ${scheme}, url: "${scheme}://${scheme}.example.com", routes: [{ name: ${scheme}, paths: [/${scheme}], preserve_host: true, protocols: [http] }] }`,
  );
  const off = '{ name: off, enabled: false, host: off.example.com, routes: [{ name: off, paths: [/off] }] }';
  expect(forwardsIn(`_format_version: "3.0"\nservices: [${[...services, off].join(', ')}]`)).toEqual([
    'grpcs.example.com:80 as the client has it',
    'http.example.com:80 as the client has it',
    'https.example.com:443 as the client has it',
  ]);
});

/** FillUpstreamOverrides and Upstream.override of the controller; not recorded. */
test('with a KongIngress that is missing, or for an HTTPRoute, host-header does not count', () => {
  const backend = { name: 'app', port: 80 };
  const route = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'app' },
    spec: { parentRefs: [{ name: 'kong' }], rules: [{ backendRefs: [backend] }] },
  };
  const gateway = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'kong' },
    spec: { gatewayClassName: 'kong', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  };
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'app' },
    spec: { ingressClassName: 'kong', defaultBackend: { service: { name: 'app', port: { number: 80 } } } },
  };
  const service = (override: Readonly<Record<string, string>>) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'app', annotations: { 'konghq.com/host-header': 'said.example.com', ...override } },
    spec: { ports: [{ port: 80 }] },
  });
  const named = { apiVersion: 'configuration.konghq.com/v1', kind: 'KongIngress', metadata: { name: 'there' } };
  const forwards = (objects: readonly { readonly metadata: object }[]) =>
    forwardsIn(
      objects
        .map((object) => {
          const annotations = 'annotations' in object.metadata ? (object.metadata.annotations as object) : {};
          const metadata = { ...object.metadata, annotations: { ...annotations, 'konghq.com/preserve-host': 'false' } };
          return JSON.stringify({ ...object, metadata });
        })
        .join('\n---\n'),
    );
  const to = (host: string) => [`app.default.svc.cluster.local:80 as ${host}`];
  const there = { 'konghq.com/override': 'there' };
  const upstream = { ...named, upstream: { host_header: 'other.example.com' } };
  expect(forwards([ingress, service({})])).toEqual(to('said.example.com'));
  expect(forwards([ingress, service(there), upstream])).toEqual(to('said.example.com'));
  expect(forwards([ingress, service(there)])).toEqual(to('%POD_IP%'));
  expect(forwards([gateway, route, service({})])).toEqual(to('said.example.com'));
  expect(forwards([gateway, route, service(there), upstream])).toEqual(to('%POD_IP%'));
});
