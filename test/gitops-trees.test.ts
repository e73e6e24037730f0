// Trees that another tool applies: Flux and Argo CD with their charts, controllers that write Secrets, files that SOPS has encrypted. What
// such a tree does not hold is made elsewhere, and is no mistake.
import { expect, test } from 'vitest';
import { folderOf, meshgwIn } from './run-cli.js';

type Found = { code: string; file: string; message: string; severity: string };
const lint = async (cwd: string, ...argv: string[]): Promise<Found[]> =>
  JSON.parse((await meshgwIn(cwd, ['lint', '.', ...argv, '-o', 'json'])).out).diagnostics;
const codes = (found: readonly Found[]) => found.map(({ code }) => code).sort();

const GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: net}
spec:
  gatewayClassName: eg
  listeners:
  - {name: https, port: 443, protocol: HTTPS, allowedRoutes: {namespaces: {from: All}}, tls: {certificateRefs: [{name: edge-tls}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: eg}
spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
`;
const route = (name: string, namespace = '') => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}
spec:
  parentRefs: [{name: edge, namespace: net}]
  hostnames:
  - ${name}.example.com
  rules: [{backendRefs: [{name: ${name}, port: 80}]}]
`;
const service = (name: string, namespace: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {ports: [{port: 80, name: http}]}\n`;
const object = (apiVersion: string, kind: string, name: string, namespace: string, spec: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}\nspec: ${spec}\n`;

const CHARTS = [
  object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'wiki', 'apps', '{chart: {spec: {chart: wiki}}}'),
  object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'wiki', 'flux', '{targetNamespace: apps}'),
  object('helm.cattle.io/v1', 'HelmChart', 'wiki', 'kube-system', '{targetNamespace: apps, chart: wiki}'),
  object(
    'argoproj.io/v1alpha1',
    'Application',
    'wiki',
    'argocd',
    '{destination: {namespace: apps}, source: {chart: wiki}}',
  ),
  object(
    'argoproj.io/v1alpha1',
    'Application',
    'wiki',
    'argocd',
    '{destination: {namespace: apps}, sources: [{helm: {}}]}',
  ),
  object('helm.crossplane.io/v1beta1', 'Release', 'wiki', '', '{forProvider: {namespace: apps}}'),
];

test.each(CHARTS)('a chart brings Services of its own into its namespace: %s', async (chart) => {
  const tree = { 'gateway.yaml': GATEWAY, 'route.yaml': route('wiki', 'apps'), 'other.yaml': service('blog', 'apps') };
  const missing = await lint(folderOf(tree));
  expect(missing.map(({ message }) => message)).toEqual([
    expect.stringContaining('wiki.apps.svc.cluster.local not found'),
  ]);
  const cwd = folderOf({ ...tree, 'chart.yaml': chart });
  expect(await lint(cwd)).toEqual([]);
  const asked = await meshgwIn(cwd, ['simulate', '-f', '.', 'https://wiki.example.com/']);
  expect(asked.out).toContain('200 → wiki.apps.svc.cluster.local');
});

test('a folder that Flux gives a namespace to is not in the namespace that is assumed', async () => {
  const tree = { 'gateway.yaml': GATEWAY, 'app/route.yaml': route('wiki'), 'other.yaml': service('blog', 'default') };
  expect(codes(await lint(folderOf(tree)))).toEqual(['MGW0145']);
  const placed = object(
    'kustomize.toolkit.fluxcd.io/v1',
    'Kustomization',
    'wiki',
    'flux',
    '{path: ./app, targetNamespace: apps}',
  );
  expect(await lint(folderOf({ ...tree, 'flux.yaml': placed }))).toEqual([]);
});

const SECRETS = [
  object('cert-manager.io/v1', 'Certificate', 'edge', 'net', '{secretName: edge-tls}'),
  object('external-secrets.io/v1', 'ExternalSecret', 'edge', 'net', '{target: {name: edge-tls}}'),
  object('external-secrets.io/v1', 'ExternalSecret', 'edge-tls', '', '{refreshPolicy: CreatedOnce}'),
  object('bitnami.com/v1alpha1', 'SealedSecret', 'edge-tls', 'net', '{encryptedData: {}}'),
];

test.each(SECRETS)('a controller writes the Secret of a certificate: %s', async (maker) => {
  const other = 'apiVersion: v1\nkind: Secret\nmetadata: {name: token, namespace: net}\n';
  expect(codes(await lint(folderOf({ 'gateway.yaml': GATEWAY, 'secret.yaml': other })))).toEqual([
    'MGW0141',
    'MGW0147',
  ]);
  const cwd = folderOf({ 'gateway.yaml': GATEWAY, 'secret.yaml': other, 'maker.yaml': maker });
  expect(await lint(cwd)).toEqual([]);
  expect((await meshgwIn(cwd, ['status', '-f', '.'])).code).toBe(0);
});

const SOPS = 'sops:\n  mac: ENC[AES256_GCM,data:Zm9v,iv:YQ==,tag:Yg==,type:str]\n  version: 3.9.0\n';
const ENCRYPTED = 'ENC[AES256_GCM,data:Zm9vYmFy,iv:YQ==,tag:Yg==,type:str]';

test('what SOPS has encrypted is there, and not known', async () => {
  const secret = `apiVersion: v1\nkind: Secret\nmetadata: {name: edge-tls, namespace: net}\ntype: kubernetes.io/tls\ndata:\n  tls.crt: ${ENCRYPTED}\n  tls.key: ${ENCRYPTED}\n${SOPS}`;
  const cwd = folderOf({ 'gateway.yaml': GATEWAY, 'edge.sops.yaml': secret });
  expect(await lint(cwd)).toEqual([]);
  expect((await meshgwIn(cwd, ['status', '-f', '.'])).code).toBe(0);
  const hidden = route('wiki', 'apps').replace('wiki.example.com', ENCRYPTED) + SOPS;
  const found = await lint(folderOf({ 'gateway.yaml': GATEWAY, 'route.sops.yaml': hidden }));
  expect(found.map(({ code, message }) => `${code} ${message.slice(0, 30)}`)).toEqual([
    'MGW0019 ENC[…] stands for a value that',
  ]);
});

test('a mapping with a placeholder among its values is not checked', async () => {
  const gateway = GATEWAY.replace('listeners:', "addresses: [{type: IPAddress, value: '${EDGE_IP}'}]\n  listeners:");
  expect(codes(await lint(folderOf({ 'gateway.yaml': gateway })))).toEqual(['MGW0019']);
});

test('many folders and files that others fill in are one finding each, and one note', async () => {
  const apps = ['a', 'b', 'c', 'd', 'e'];
  const tree = Object.fromEntries(
    apps.flatMap((app) => [
      [`${app}/kustomization.yaml`, 'kind: Kustomization\nresources: [route.yaml]\n'],
      [`${app}/route.yaml`, route(app, app).replace('.example.com', '.${DOMAIN}')],
      [`charts/${app}/templates/route.yaml`, '{{ fail }}\n'],
      [`charts/${app}/Chart.yaml`, `apiVersion: v2\nname: ${app}\nversion: 1.0.0\n`],
    ]),
  );
  const cwd = folderOf({ ...tree, 'gateway.yaml': GATEWAY });
  const found = await lint(cwd);
  expect(found.map(({ code, file }) => `${code} ${file}`)).toEqual([
    'MGW0017 a/kustomization.yaml',
    'MGW0019 a/route.yaml',
    'MGW0017 charts/a',
  ]);
  expect(found.map(({ message }) => message.slice(0, 42))).toEqual([
    'kustomize builds this folder and 4 more: t',
    '${DOMAIN} (in 5 files) stands for a value ',
    'this folder and 4 more are Helm charts: th',
  ]);
  const { err } = await meshgwIn(cwd, ['routes', '-f', '.']);
  expect(err.split('\n').filter((line) => line.startsWith('note: '))).toHaveLength(3);
  expect(err).not.toContain('would be refused');
});

test('a listener for datagrams is accepted where the implementation may have it, and its routes are not counted', async () => {
  const udp = GATEWAY.replace(
    '  - {name: https',
    '  - {name: game, port: 9000, protocol: UDP, allowedRoutes: {namespaces: {from: All}}}\n  - {name: https',
  );
  const status = async (text: string) => (await meshgwIn(folderOf({ 'g.yaml': text }), ['status', '-f', '.'])).out;
  const accepted = /listener game {2}attached routes not counted; takes UDPRoute\n {4}✓ Accepted/;
  expect(await status(udp)).toMatch(accepted);
  expect(await status(udp.replace('gateway.envoyproxy.io/gatewayclass-controller', 'example.com/other'))).toMatch(
    accepted,
  );
  expect(
    await status(udp.replace('gateway.envoyproxy.io/gatewayclass-controller', 'istio.io/gateway-controller')),
  ).toContain('UnsupportedProtocol: protocol "UDP" is not supported');
  const routes = await meshgwIn(folderOf({ 'g.yaml': udp }), ['routes', '-f', '.']);
  expect(routes.out).not.toContain('9000');
});
