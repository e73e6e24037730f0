// Envoy's configuration as a source: dumps of the real control plane name the objects of the files that they were made from, and mean
// the same in every spelling (their answers: test/truth.test.ts).

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diff } from '../src/api/diff.js';
import { load } from '../src/api/load.js';
import { simulate } from '../src/api/simulate.js';
import { otherNumbers } from '../src/dialects/envoy/read/other-ports.js';
import { readGateways } from '../src/dialects/read.js';
import { recogniseDocument } from '../src/dialects/registry.js';
import {
  type EffectiveGateway,
  formatResource,
  type GatewayRequest,
  type Json,
  type JsonObject,
  routesOf,
} from '../src/model/index.js';
import { checkResult, type ExpectedResult } from '../src/requests/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { locate, parseSource } from '../src/sources/index.js';
import { throughEnvoy } from './truth/round-trip.js';

const root = join(import.meta.dirname, '../fixtures/truth/envoy');
const cases = readdirSync(root).flatMap((group) =>
  readdirSync(join(root, group)).map((name) => join(root, group, name)),
);

const read = (file: string, text: string): readonly EffectiveGateway[] =>
  readGateways(catalogOf(parseSource(file, text, undefined, recogniseDocument).resources)).gateways;

const dumpOf = (folder: string) => readFileSync(join(folder, 'config_dump.json'), 'utf8');

test('every route names an object of the files that it was made from, and its own line of the dump', () => {
  let routes = 0;
  for (const folder of cases) {
    const source = parseSource('source.yaml', readFileSync(join(folder, 'source.yaml')));
    const known = new Set(source.resources.map(formatResource));
    const [gateway] = read('dump.json', dumpOf(folder));
    const lines = dumpOf(folder).split('\n');
    for (const { origin, match, action } of routesOf(gateway!)) {
      // Istio's redirect of a whole host to HTTPS is made from nobody's rule.
      if (
        action.kind === 'redirect' &&
        match.path === undefined &&
        formatResource(origin.resource).startsWith('ConfigDump')
      )
        continue;
      routes++;
      expect([...known], folder).toContain(formatResource(origin.resource));
      expect(lines[locate(origin).line - 1], folder).toMatch(/^\s*\{$/);
    }
  }
  expect(routes).toBeGreaterThan(250);
});

/** Every key of a message in protojson's spelling; keys of maps stay as they are. */
function camelCased(value: Json, map = false): Json {
  if (Array.isArray(value)) return value.map((item: Json) => camelCased(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      map ? key : key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camelCased(inner, MAPS.has(key)),
    ]),
  );
}
const MAPS = new Set(['typed_per_filter_config', 'filter_metadata', 'policies', 'providers']);

/** Without places and what only says where something stands. */
const meaning = (gateways: readonly EffectiveGateway[]): string =>
  JSON.stringify(gateways, (key, value) => (/[oO]rigin$/.test(key) || key === 'content' ? undefined : value));

/** Dumps without a listener for port 443, which their files ask for and which was open when the answers were recorded. */
const INCOMPLETE = ['gateway-api/gwapi-11-001', 'gateway-api/gwapi-11-008'];

test('the answers that a dump does not give are those of a listener that its files ask for, and the comparison says so', async () => {
  const listed = Object.keys(
    JSON.parse(readFileSync(join(root, '../../truth-exceptions.json'), 'utf8')) as Record<string, string>,
  ).filter((id) => id.startsWith('envoy/'));
  const found: string[] = [];
  for (const name of INCOMPLETE) {
    const folder = join(root, name);
    const exchanges = JSON.parse(readFileSync(join(folder, 'exchanges.json'), 'utf8')) as {
      request: { port: number };
      response: ExpectedResult;
    }[];
    const files = await load(join(folder, 'source.yaml'));
    for (const [i, { request, response }] of exchanges.entries()) {
      const got = await simulate(files, request as GatewayRequest);
      expect(checkResult(request as GatewayRequest, response, got, { strict: true }), `${name}#${i}`).toEqual([]);
      if (request.port === 443) found.push(`envoy/${name}#${i}`);
    }
    const { differences } = diff(files, await load(join(folder, 'config_dump.json')));
    expect(new Set(differences.map(({ request }) => request.port))).toEqual(new Set([443]));
  }
  expect(found.sort()).toEqual(listed.sort());
});

test('a dump does what the files say, and the comparison proves it', { timeout: 120_000 }, async () => {
  const verdicts: Record<string, unknown> = {};
  for (const folder of cases) {
    const [files, dump] = [await load(join(folder, 'source.yaml')), await load(join(folder, 'config_dump.json'))];
    const name = folder.slice(root.length + 1);
    for (const equivalent of [diff(files, dump).equivalent, diff(dump, files).equivalent])
      if (equivalent !== !INCOMPLETE.includes(name)) verdicts[name] = equivalent;
  }
  expect(verdicts).toEqual({});
});

test('the pattern for other numbers takes every number but those', () => {
  for (const numbers of [['80'], ['8080'], ['80', '8080', '8081'], ['1', '12', '123'], ['0'], ['65535']]) {
    const pattern = new RegExp(`^(?:${otherNumbers(numbers)})$`);
    const near = numbers.flatMap((n) => [n, `0${n}`, `${n}0`, n.slice(1), n.slice(0, -1), `${Number(n) + 1}`]);
    for (const text of [...near, ...Array.from({ length: 9000 }, (_, i) => String(i))])
      expect(pattern.test(text), `${numbers.join()} ${text}`).toBe(text !== '' && !numbers.includes(text));
  }
});

describe('spellings', () => {
  test('camel case means the same', () => {
    for (const folder of cases) {
      const text = dumpOf(folder);
      const other = JSON.stringify(camelCased(JSON.parse(text) as Json));
      expect(meaning(read('dump.json', other)), folder).toBe(meaning(read('dump.json', text)));
    }
  });
});

/** As the control plane writes `request.auth.claims[sub]` with two values (found by `npm run real -- istio read`). */
test('a claim with several values is one condition', () => {
  const either = { or_match: { value_matchers: ['alice', 'bob'].map((exact) => ({ string_match: { exact } })) } };
  const metadata = {
    filter: 'envoy.filters.http.jwt_authn',
    path: [{ key: 'payload' }, { key: 'sub' }],
    value: { or_match: { value_matchers: [{ list_match: { one_of: either } }, either] } },
  };
  const policy = { permissions: [{ any: true }], principals: [{ and_ids: { ids: [{ metadata }] } }] };
  const manager = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    http_filters: [
      {
        name: 'envoy.filters.http.rbac',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC',
          rules: { action: 'DENY', policies: { 'ns[web]-policy[sub]-rule[0]': policy } },
        },
      },
    ],
    route_config: { name: 'http.80', virtual_hosts: [] },
  };
  const listener = {
    name: 'http',
    address: { socket_address: { port_value: 80 } },
    filter_chains: [{ filters: [{ name: 'http', typed_config: manager }] }],
  };
  const [gateway] = read('bootstrap.json', JSON.stringify({ static_resources: { listeners: [listener] } }));
  const [chain] = gateway!.listeners[0]!.filterChains;
  const policies = chain?.kind === 'http' ? chain.policies?.authorization : undefined;
  expect(policies?.[0]?.rules[0]?.from).toMatchObject([
    [
      {
        test: {
          ...{ on: 'claim', claim: ['sub'] },
          values: [
            { kind: 'exact', value: 'alice' },
            { kind: 'exact', value: 'bob' },
          ],
        },
      },
    ],
  ]);
  expect(formatResource(policies![0]!.origin.resource)).toBe('AuthorizationPolicy web/sub');
});

describe('how requests are taken in', () => {
  const MANAGER = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  const listener = (port: number, settings: JsonObject, router: JsonObject = {}) => ({
    name: `on-${port}`,
    address: { socket_address: { address: '0.0.0.0', port_value: port } },
    filter_chains: [
      {
        filters: [
          {
            name: 'http',
            typed_config: {
              '@type': `type.googleapis.com/${MANAGER}`,
              normalize_path: true,
              ...settings,
              route_config: { name: `http.${port}`, virtual_hosts: [] },
              http_filters: [{ name: 'envoy.filters.http.router', typed_config: router }],
            },
          },
        ],
      },
    ],
  });
  const gatewayOf = (...listeners: readonly object[]) =>
    read('bootstrap.json', JSON.stringify({ ...ISTIOS_RUNTIME, static_resources: { listeners } }))[0]!;
  const withRuntime = (...layers: readonly object[]) =>
    read(
      'bootstrap.json',
      JSON.stringify({
        layered_runtime: { layers: layers.map((static_layer) => ({ name: 'x', static_layer })) },
        static_resources: { listeners: [listener(80, {})] },
      }),
    )[0]!;
  const FLAG = 'envoy.reloadable_features.http_reject_path_with_fragment';
  const ISTIOS_RUNTIME = { layered_runtime: { layers: [{ name: 'x', static_layer: { [FLAG]: false } }] } };
  const FORWARDS = { merge_slashes: true, path_with_escaped_slashes_action: 'UNESCAPE_AND_FORWARD' };
  const DROPS = { common_http_protocol_options: { headers_with_underscores_action: 'DROP_HEADER' } };

  test('the settings of every connection manager are the gateway’s', () => {
    const one = (port: number) => listener(port, { ...FORWARDS, ...DROPS }, { suppress_envoy_headers: true });
    const { intake, unsupported } = gatewayOf(one(80), one(8080));
    expect(intake).toEqual({
      mergeSlashes: true,
      escapedSlashes: 'forward',
      underscores: 'drop',
      envoyHeaders: false,
    });
    expect(unsupported).toEqual([]);
  });

  test('what Envoy does by itself is no setting', () => {
    const { intake } = gatewayOf(listener(80, { path_with_escaped_slashes_action: 'KEEP_UNCHANGED' }));
    expect(intake).toBeUndefined();
  });

  test('a listener that is set otherwise than most is an unknown of its port', () => {
    const { intake, unsupported } = gatewayOf(listener(80, FORWARDS), listener(8080, DROPS), listener(81, FORWARDS));
    expect(intake).toEqual({ mergeSlashes: true, escapedSlashes: 'forward' });
    expect(unsupported.map(({ feature, reach }) => [feature, reach?.ports])).toEqual([
      ['manager.merge_slashes', [8080]],
      ['manager.path_with_escaped_slashes_action', [8080]],
      ['manager.headers_with_underscores_action', [8080]],
    ]);
  });

  test('fragments are a 400 unless the runtime says otherwise, in its last layer that has the flag', () => {
    expect(withRuntime().intake).toEqual({ fragments: 'reject' });
    expect(withRuntime({ [FLAG]: true }).intake).toEqual({ fragments: 'reject' });
    expect(withRuntime({ [FLAG]: 'false' }, { other: 1 }).intake).toBeUndefined();
    expect(withRuntime({ [FLAG]: false }, { [FLAG]: true }).intake).toEqual({ fragments: 'reject' });
    const nested = { envoy: { reloadable_features: { http_reject_path_with_fragment: false } } };
    expect(withRuntime(nested).intake).toBeUndefined();
    for (const flag of [true, false]) {
      const gateway = withRuntime({ [FLAG]: flag });
      expect(throughEnvoy(gateway, catalogOf([])).intake).toEqual(gateway.intake);
    }
  });

  test('of listeners without a bootstrap nobody knows the runtime: Istio’s', () => {
    expect(read('listener.json', JSON.stringify(listener(80, {})))[0]!.intake).toBeUndefined();
  });

  test('whether destinations are told the certificate of a client', () => {
    const tls = {
      require_client_certificate: true,
      common_tls_context: { validation_context: { trusted_ca: { filename: '/ca.pem' } } },
    };
    const asking = (settings: JsonObject) => {
      const { filter_chains, ...rest } = listener(443, settings);
      const socket = {
        name: 'envoy.transport_sockets.tls',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
          ...tls,
        },
      };
      return { ...rest, filter_chains: filter_chains.map((chain) => ({ ...chain, transport_socket: socket })) };
    };
    // Listeners that ask for none have no say.
    const told = (settings: JsonObject) => gatewayOf(asking(settings), listener(80, {}), listener(81, {}));
    for (const [details, intake] of [
      [undefined, { clientCertificates: false }],
      ['SANITIZE', { clientCertificates: false }],
      ['SANITIZE_SET', undefined],
      [3, undefined],
    ] as const) {
      const gateway = told(details === undefined ? {} : { forward_client_cert_details: details });
      expect(gateway.intake).toEqual(intake);
      expect(gateway.unsupported).toEqual([]);
      expect(throughEnvoy(gateway, catalogOf([])).intake).toEqual(intake);
    }
    for (const details of ['FORWARD_ONLY', 'APPEND_FORWARD', 'ALWAYS_FORWARD_ONLY'])
      expect(told({ forward_client_cert_details: details }).unsupported.map((u) => u.feature)).toEqual([
        'manager.forward_client_cert_details',
      ]);
  });

  test('what is written is read', () => {
    const slashes = ['KEEP_UNCHANGED', 'REJECT_REQUEST', 'UNESCAPE_AND_REDIRECT', 'UNESCAPE_AND_FORWARD'];
    const names = ['ALLOW', 'REJECT_REQUEST', 'DROP_HEADER'];
    for (const path_with_escaped_slashes_action of slashes)
      for (const headers_with_underscores_action of names)
        for (const on of [true, false]) {
          const settings = {
            ...{ merge_slashes: on, path_with_escaped_slashes_action },
            common_http_protocol_options: { headers_with_underscores_action },
          };
          const gateway = gatewayOf(listener(80, settings, { suppress_envoy_headers: !on }));
          expect(throughEnvoy(gateway, catalogOf([])).intake).toEqual(gateway.intake);
        }
  });
});

test('without use_remote_address a rule about the client behind proxies is an unknown', () => {
  const bootstrap = (manager: JsonObject) => ({
    static_resources: {
      listeners: [
        {
          address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
          filter_chains: [
            {
              filters: [
                {
                  name: 'envoy.filters.network.http_connection_manager',
                  typed_config: {
                    '@type':
                      'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
                    normalize_path: true,
                    route_config: { virtual_hosts: [{ domains: ['*'], routes: [] }] },
                    http_filters: [
                      {
                        name: 'envoy.filters.http.rbac',
                        typed_config: {
                          '@type': 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC',
                          rules: {
                            policies: {
                              inside: {
                                permissions: [{ any: true }],
                                principals: [{ remote_ip: { address_prefix: '10.0.0.0', prefix_len: 8 } }],
                              },
                            },
                          },
                        },
                      },
                      { name: 'envoy.filters.http.router' },
                    ],
                    ...manager,
                  },
                },
              ],
            },
          ],
        },
      ],
    },
  });
  const unknowns = (manager: JsonObject) =>
    read('bootstrap.json', JSON.stringify(bootstrap(manager))).flatMap((g) => g.unsupported.map((u) => u.feature));
  expect(unknowns({})).toEqual(['manager.use_remote_address']);
  expect(unknowns({ use_remote_address: true })).toEqual([]);
});
