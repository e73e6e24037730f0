// Istio's mesh configuration, wherever it stands among the files: each field is modelled, named as unknown, or harmless.
import { expect, test } from 'vitest';
import schema from '../schemas/mesh.istio.io.MeshConfig.json' with { type: 'json' };
import { diff, type GatewayRequest, lint, load, simulate } from '../src/api/index.js';
import { isKnownField } from '../src/implementations/istio/mesh-unknowns.js';

const indented = (yaml: string, by: number) => yaml.trim().replace(/^/gm, ' '.repeat(by));

const configMap = (mesh: string, name = 'istio', namespace = 'istio-system') =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata:\n  mesh: |-\n${indented(mesh, 4)}\n`;
const operator = (spec: string) =>
  `---\napiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: demo, namespace: istio-system}\nspec:\n${indented(spec, 2)}\n`;

const GATEWAY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: istio-system}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
`;
const ROUTE = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: web}
spec:
  hosts: [shop.example.com]
  gateways: [istio-system/gw]
  http: [{route: [{destination: {host: shop, port: {number: 80}}}]}]
`;
const ingress = (spec = '', annotations = '{}') => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: web, annotations: ${annotations}}
spec:
  ${spec}
  rules: [{host: web.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
`;
const custom = (provider: string, path = '/admin*', name = provider, more = '') => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}, namespace: istio-system${more}}
spec:
  selector: {matchLabels: {istio: ingressgateway}}
  action: CUSTOM
  provider: {name: ${provider}}
  rules: [{to: [{operation: {paths: ["${path}"]}}]}]
`;

const read = (...texts: readonly string[]) => load({ file: 'a.yaml', text: texts.join('') });
const ask = (config: Awaited<ReturnType<typeof read>>, more: Partial<GatewayRequest> = {}) =>
  simulate(config, { port: 80, scheme: 'http', method: 'GET', host: 'shop.example.com', path: '/', ...more });
const shop = GATEWAY + ROUTE;
const web = { host: 'web.example.com' };

test('whom VirtualServices, Services and DestinationRules are visible to that do not say it', async () => {
  expect((await ask(await read(shop))).status).toBe(200);
  const closed = configMap('defaultVirtualServiceExportTo: ["."]');
  expect((await ask(await read(shop, closed))).status).toBe(404);
  expect((await ask(await read(shop, configMap('defaultVirtualServiceExportTo: [istio-system]')))).status).toBe(200);
  const said = ROUTE.replace('spec:', 'spec:\n  exportTo: ["*"]');
  expect((await ask(await read(GATEWAY, said, closed))).status).toBe(200);
  const old = configMap('default_virtual_service_export_to: ["."]');
  expect((await ask(await read(shop, old))).status).toBe(404);

  const service = `---\napiVersion: v1\nkind: Service\nmetadata: {name: shop, namespace: web}\nspec: {ports: [{port: 80}]}\n`;
  expect((await ask(await read(shop, service))).status).toBe(200);
  const hidden = await read(shop, service, configMap('defaultServiceExportTo: ["."]'));
  expect((await ask(hidden)).status).toBe(503);

  const rule = `---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: shop, namespace: web}\nspec: {host: shop, subsets: [{name: v1, labels: {v: "1"}}]}\n`;
  const subset = ROUTE.replace('host: shop,', 'host: shop, subset: v1,');
  expect((await ask(await read(GATEWAY, subset, service, rule))).status).toBe(200);
  const local = configMap('defaultDestinationRuleExportTo: ["."]');
  expect((await ask(await read(GATEWAY, subset, service, rule, local))).status).toBe(503);
});

test('which Ingresses are its own, and which gateway serves them', async () => {
  const status = async (...texts: string[]) => (await ask(await read(...texts), web)).status;
  const classless = ingress();
  expect(await status(GATEWAY, classless, configMap('ingressControllerMode: DEFAULT'))).toBe(200);
  expect(await status(GATEWAY, classless, configMap('ingressControllerMode: STRICT'))).toBe(404);
  const byAnnotation = ingress('', '{kubernetes.io/ingress.class: public}');
  expect(await status(GATEWAY, byAnnotation, configMap('ingressClass: public'))).toBe(200);
  expect(await status(GATEWAY, byAnnotation, configMap('ingressClass: istio'))).toBe(404);
  const byField = ingress('ingressClassName: istio');
  expect(await status(GATEWAY, byField)).toBe(200);
  expect(await status(GATEWAY, byField, configMap('ingressControllerMode: "OFF"'))).toBe(404);
  for (const [mesh, label] of [
    ['ingressSelector: edge', 'edge'],
    ['ingressService: edge', 'edge'],
    ['ingressService: istio-ingressgateway', 'ingressgateway'],
    ['{ingressService: other, ingressSelector: edge}', 'edge'],
  ] as const) {
    const config = await read(byField, configMap(mesh));
    expect(config.gateways.find((g) => g.listeners.length > 0)?.id, mesh).toBe(`istio=${label}`);
  }
  // No other controller takes what is Istio's, and no Ingress is read twice.
  const taken = await read(byAnnotation, configMap('ingressClass: public'));
  expect(taken.gateways.filter((g) => g.listeners.length > 0).map((g) => g.dialect)).toEqual(['istio']);
  expect(taken.assumptions).toEqual([]);
});

test('retries of routes that say nothing', async () => {
  const retries = async (route: string, mesh?: string) => {
    const config = await read(GATEWAY, route, mesh === undefined ? '' : configMap(mesh));
    const chain = config.gateways[0]!.listeners[0]!.filterChains[0]!;
    const action = chain.kind === 'http' ? chain.virtualHosts[0]!.routes[0]!.action : undefined;
    return action?.kind === 'forward' ? action.delivery?.retries : 'no forward';
  };
  expect(await retries(ROUTE)).toMatchObject({ attempts: 2 });
  expect(await retries(ROUTE, 'defaultHttpRetryPolicy: {attempts: 0}')).toBeUndefined();
  const four = 'defaultHttpRetryPolicy: {attempts: 4, retryOn: "503"}';
  expect(await retries(ROUTE, four)).toMatchObject({ attempts: 4, on: '503,retriable-status-codes' });
  expect(await retries(ROUTE.replace('[{route:', '[{retries: {attempts: 1}, route:'), four)).toMatchObject({
    attempts: 1,
  });
  const httpRoute = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec: {gatewayClassName: istio, listeners: [{name: a, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a}
spec: {parentRefs: [{name: gw}], rules: [{backendRefs: [{name: a, port: 80}]}]}
`;
  const config = await read(httpRoute, configMap(four));
  expect(JSON.stringify(config.gateways.map((g) => g.listeners))).toContain('"attempts":4');
});

const PROVIDER = `
extensionProviders:
- name: login
  envoyExtAuthzHttp: {service: login.auth.svc.cluster.local, port: 8000}
- name: traces
  zipkin: {service: zipkin.auth.svc.cluster.local, port: 9411}
`;

test('a CUSTOM policy: its provider decides, or Istio denies in its place', async () => {
  const admin = { path: '/admin/x' };
  const known = await ask(await read(shop, custom('login'), configMap(PROVIDER)), admin);
  expect(known.status).toBe(200);
  expect(known.unknown).toEqual([
    expect.objectContaining({
      feature: 'authorizationpolicy.action.CUSTOM',
      message: expect.stringContaining('external authentication "login" (login.auth.svc.cluster.local)'),
    }),
  ]);
  for (const provider of ['logon', 'traces']) {
    const config = await read(shop, custom(provider), configMap(PROVIDER));
    expect(await ask(config, admin), provider).toMatchObject({ status: 403, body: 'RBAC: access denied' });
    expect((await ask(config)).status, provider).toBe(200);
    expect(
      (await lint(config)).diagnostics.map((d) => d.code),
      provider,
    ).toContain('MGW1530');
  }
  const faults = {
    'name: Login': PROVIDER.replace('name: login', 'name: Login'),
    'port 0': PROVIDER.replace('port: 8000', 'port: 0'),
    'no service': PROVIDER.replace('service: login.auth.svc.cluster.local, ', ''),
  };
  for (const [fault, mesh] of Object.entries(faults)) {
    const policy = custom(fault === 'name: Login' ? 'Login' : 'login', '/admin*', 'x');
    expect((await ask(await read(shop, policy, configMap(mesh)), admin)).status, fault).toBe(403);
  }
  // A Service that the files show not to exist.
  const other = `---\napiVersion: v1\nkind: Service\nmetadata: {name: other, namespace: auth}\nspec: {ports: [{port: 80}]}\n`;
  const route = ROUTE.replace('host: shop,', 'host: other.auth.svc.cluster.local,');
  const gone = await read(GATEWAY, route, custom('login'), configMap(PROVIDER), other);
  expect((await ask(gone, admin)).status).toBe(403);
  const there = await read(
    GATEWAY,
    route,
    custom('login'),
    configMap(PROVIDER),
    other.replace('name: other', 'name: login'),
    other,
  );
  expect((await ask(there, admin)).unknown).toHaveLength(1);
});

test('without a mesh configuration a CUSTOM policy is an unknown, and that is said once; none: there are no providers', async () => {
  const text = shop + custom('login');
  const config = await read(text);
  expect((await ask(config, { path: '/admin' })).unknown).toHaveLength(1);
  expect(config.assumptions).toMatchObject([{ code: 'istio-mesh-config', message: expect.stringMatching(/CUSTOM/) }]);
  const none = await load({ file: 'a.yaml', text }, { flags: { 'istio-mesh-config': 'none' } });
  expect(none.assumptions).toEqual([]);
  expect((await ask(none, { path: '/admin' })).status).toBe(403);
  // Nothing depends on it: nothing is said.
  expect((await read(shop)).assumptions).toEqual([]);
});

test('two providers at one gateway: both are denied, unless the control plane is told to take several', async () => {
  const two = shop + custom('one', '/one*') + custom('two', '/two*');
  for (const path of ['/one/x', '/two'])
    expect(await ask(await read(two), { path }), path).toMatchObject({
      status: 403,
      matched: { path: 'spec.rules[0]' },
    });
  expect((await ask(await read(two), { path: '/three' })).status).toBe(200);
  const istiod = `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod, namespace: istio-system, labels: {app: istiod}}\nspec: {template: {spec: {containers: [{name: discovery, env: [{name: PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS, value: "true"}]}]}}}\n`;
  expect((await ask(await read(two, istiod), { path: '/one/x' })).unknown).toHaveLength(2);
  const values = operator(
    'meshConfig: {}\nvalues: {pilot: {env: {PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS: true}}}',
  );
  expect((await ask(await read(two, values), { path: '/one/x' })).status).toBe(403);
  // The same provider twice is one; what is only tried out denies nobody.
  expect(
    (await ask(await read(shop, custom('one', '/a*', 'a'), custom('one', '/b*', 'b')), { path: '/a' })).status,
  ).toBe(200);
  const dry = custom('two', '/two*', 'two', ', annotations: {istio.io/dry-run: "true"}');
  const config = await read(shop, custom('one', '/one*'), dry);
  expect((await ask(config, { path: '/two' })).status).toBe(200);
  expect((await ask(config, { path: '/one' })).status).toBe(403);
  // Policies of another workload do not count.
  const other = custom('two').replace('istio: ingressgateway', 'app: backend');
  expect((await ask(await read(shop, custom('one', '/one*'), other), { path: '/one' })).status).toBe(200);
});

test('what stands in front of the token checks denies before a bad token is refused', async () => {
  const tokens = `---\napiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: {name: t, namespace: istio-system}\nspec: {selector: {matchLabels: {istio: ingressgateway}}, jwtRules: [{issuer: a, jwks: '{"keys": []}'}]}\n`;
  const config = await read(shop, tokens, custom('one'), custom('two', '/z', 'z'));
  const headers = { authorization: 'Bearer nonsense' };
  expect((await ask(config, { path: '/admin', headers })).status).toBe(403);
  expect((await ask(config, { headers })).status).toBe(401);
});

test('the root namespace: where objects for the whole mesh are, and gateways of which no Pod is known', async () => {
  const deny = (namespace: string) =>
    `---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: d, namespace: ${namespace}}\nspec: {action: DENY, rules: [{}]}\n`;
  const pod = `---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: edge, labels: {istio: ingressgateway}}\n`;
  const status = async (...texts: string[]) => (await ask(await read(shop, ...texts))).status;
  expect(await status(deny('istio-config'))).toBe(200);
  expect(await status(deny('istio-config'), configMap('rootNamespace: istio-config'))).toBe(403);
  expect(await status(deny('istio-config'), pod, configMap('rootNamespace: istio-config'))).toBe(403);
  expect(await status(deny('istio-system'), pod, configMap('rootNamespace: istio-config'))).toBe(200);
  expect(await status(deny('mesh'), operator('meshConfig: {}\nvalues: {global: {istioNamespace: mesh}}'))).toBe(403);
});

test('an IstioOperator: its mesh configuration, and the gateways that it installs', async () => {
  const text = operator(`
meshConfig: {ingressSelector: edge, ingressControllerMode: DEFAULT}
components: {ingressGateways: [{name: edge, namespace: edge, enabled: true, label: {istio: edge}}]}`);
  const deny = (namespace: string) =>
    `---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: d, namespace: ${namespace}}\nspec: {selector: {matchLabels: {istio: edge}}, action: DENY, rules: [{}]}\n`;
  expect((await ask(await read(text, ingress()), web)).status).toBe(200);
  expect((await ask(await read(text, ingress(), deny('edge')), web)).status).toBe(403);
  expect((await ask(await read(text, ingress(), deny('other')), web)).status).toBe(200);
  const old = operator('values: {meshConfig: {ingressControllerMode: DEFAULT}}');
  expect((await ask(await read(old, ingress()), web)).status).toBe(200);
});

test('what is not modelled is an unknown by its name, compared as a value; what is harmless is none', async () => {
  const names = async (mesh: string) =>
    ((await ask(await read(shop, configMap(mesh)))).unknown ?? []).map((u) => u.feature);
  expect(
    await names(`
discoverySelectors: [{matchLabels: {env: prod}}]
pathNormalization: {normalization: MERGE_SLASHES}
defaultConfig:
  gatewayTopology: {numTrustedProxies: 2}
  proxyMetadata: {ISTIO_META_HTTP10: "1"}
  discoveryAddress: istiod.istio-system.svc:15012`),
  ).toEqual([
    'meshconfig.discoverySelectors',
    'meshconfig.pathNormalization',
    'proxyconfig.gatewayTopology',
    'proxyconfig.proxyMetadata',
  ]);
  expect(
    await names(`
accessLogFile: /dev/stdout
trustDomain: example.com
outboundTrafficPolicy: {mode: REGISTRY_ONLY}
pathNormalization: {normalization: BASE}
defaultConfig: {concurrency: 2, proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}, gatewayTopology: {}}`),
  ).toEqual([]);
  const hops = (n: number) => configMap(`defaultConfig: {gatewayTopology: {numTrustedProxies: ${n}}}`);
  const compared = async (a: string, b: string) => diff(await read(shop, a), await read(shop, b)).equivalent;
  expect(await compared('', hops(1))).toBe('undecided');
  expect(await compared(hops(1), hops(2))).toBe('undecided');
  expect(await compared(hops(1), hops(1))).toBe(true);
  expect(await compared('', configMap('accessLogFile: /dev/stdout'))).toBe(true);
  expect(await compared('', configMap('defaultVirtualServiceExportTo: ["."]'))).toBe(false);
});

test('every field of MeshConfig and ProxyConfig is read, unknown, or known to be harmless', () => {
  // A field that the tables do not have would be passed over as one that Istio does not have.
  const { properties, $defs } = schema.served[0]!.schema;
  const fields = (of: object) => Object.keys(of).filter((name) => !name.includes('_') && !isKnownField(name));
  expect(fields(properties)).toEqual([]);
  expect(fields($defs.ProxyConfig.properties)).toEqual([]);
  expect(fields({ ingressClas: 0 })).toEqual(['ingressClas']);
});

test('findings stand where the field is in the file, with the nearest name', async () => {
  const text = shop + configMap('accessLogFile: /dev/stdout\ningressClas: public\ningressControllerMode: OFF');
  const line = (word: string) => text.split('\n').findIndex((l) => l.includes(word)) + 1;
  const found = (await lint(await read(text))).diagnostics.filter((d) => d.resource?.kind === 'MeshConfig');
  expect(found.map((d) => [d.severity, d.position.line, d.message])).toEqual([
    ['warning', line('ingressClas:'), expect.stringContaining('did you mean `ingressClass`?')],
    ['error', line('ingressControllerMode'), expect.stringContaining('quote it: "OFF"')],
    ['error', line('ingressControllerMode'), expect.stringContaining('must be one of')],
  ]);
  expect((await ask(await read(text))).unknown?.map((u) => u.feature)).toEqual(['meshconfig.invalid']);
  // Not written as a block: the field of the ConfigMap.
  const quoted = `${shop}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata:\n  mesh: "ingressClas: a\\nrootNamespace: b"\n`;
  const [one] = (await lint(await read(quoted))).diagnostics.filter((d) => d.resource?.kind === 'MeshConfig');
  expect(one?.position.line).toBe(quoted.split('\n').findIndex((l) => l.includes('mesh:')) + 1);
  const inOperator = shop + operator('meshConfig:\n  ingressClas: public');
  const [other] = (await lint(await read(inOperator))).diagnostics.filter((d) => d.resource?.kind === 'MeshConfig');
  expect(other?.position.line).toBe(inOperator.split('\n').findIndex((l) => l.includes('ingressClas')) + 1);
});

test('a mesh configuration that is no YAML stops every command at its line', async () => {
  const text = shop + configMap('a: [\nb: c');
  const config = await read(text);
  expect(config.sources.diagnostics).toMatchObject([{ code: 'MGW0003', severity: 'error' }]);
  await expect(ask(config)).rejects.toThrow('the configuration cannot be read');
});

test('several: the one named istio counts, and what differs is said; the flag names another', async () => {
  const both =
    ingress('', '{kubernetes.io/ingress.class: canary}') +
    configMap('ingressClass: canary', 'istio-canary') +
    configMap('ingressClass: istio\naccessLogFile: /x');
  const text = GATEWAY + both;
  const config = await read(text);
  expect((await ask(config, web)).status).toBe(404);
  expect(config.assumptions.map((a) => [a.code, a.message])).toContainEqual([
    'istio-mesh-config-differs',
    expect.stringContaining('differs in ingressClass'),
  ]);
  expect((await lint(config)).diagnostics.map((d) => d.code)).toContain('MGW1531');
  const named = await load({ file: 'a.yaml', text }, { flags: { 'istio-mesh-config': 'istio-system/istio-canary' } });
  expect((await ask(named, web)).status).toBe(200);
  expect(named.assumptions).toEqual([]);
  const same = await read(
    shop,
    configMap('ingressClass: a'),
    configMap('ingressClass: a\naccessLogFile: /x', 'istio-b'),
  );
  expect(same.assumptions).toEqual([]);
  const gone = await load({ file: 'a.yaml', text }, { flags: { 'istio-mesh-config': 'a/b' } });
  expect(gone.assumptions.map((a) => a.message).join()).toContain('a/b with a mesh configuration is not in the files');
});
