// How sure lint is that something is missing: files that are not applied together, and fragments without a namespace, make an error a
// warning; what the files name nearby, or nearly so, stays an error.

import { expect, test } from 'vitest';
import { lintKnowledge } from '../src/api/lint-knowledge.js';
import { readGateways } from '../src/dialects/read.js';
import { runLint } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

const service = (name: string, namespace = '') =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}\nspec: {selector: {app: a}, ports: [{name: http, port: 80}]}\n`;
const routes = (host: string, namespace = '', name = 'routes') =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}\nspec:\n  hosts: [shop.example.com]\n  gateways: [elsewhere/gw]\n  http: [{route: [{destination: {host: ${host}, port: {number: 80}}}]}]\n`;
const ingress = (backend: string, namespace = '') =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web${namespace && `, namespace: ${namespace}`}}\nspec:\n  rules:\n  - host: shop.example.com\n    http:\n      paths: [{path: /, pathType: Prefix, backend: {service: {name: ${backend}, port: {number: 80}}}}]\n`;

/** `CODE severity` of the findings about what is missing, in the order of the files. */
async function missing(files: Readonly<Record<string, string>>): Promise<string[]> {
  const parsed = Object.entries(files).map(([name, text]) => parseSource(name, text));
  const resources = parsed.flatMap((p) => p.resources).map((r, order) => ({ ...r, order }));
  const sources = { resources, diagnostics: parsed.flatMap((p) => p.diagnostics), files: parsed.length };
  const catalog = catalogOf(resources);
  const { diagnostics } = await runLint({ sources, catalog, ...readGateways(catalog, {}) }, lintKnowledge({}));
  return diagnostics
    .filter((d) =>
      ['MGW0101', 'MGW0102', 'MGW0103', 'MGW0104', 'MGW0106', 'MGW0107', 'MGW0110', 'MGW0120', 'MGW0141'].includes(
        d.code,
      ),
    )
    .map((d) => `${d.code} ${d.severity}`);
}

test('a Service of the same namespace nearby: an error', async () => {
  expect(await missing({ 'app/routes.yaml': routes('gone'), 'app/svc/shop.yaml': service('shop') })).toEqual([
    'MGW0102 error',
  ]);
  expect(await missing({ 'app/routes.yaml': routes('gone'), 'svc.yaml': service('shop') })).toEqual(['MGW0102 error']);
  expect(await missing({ 'a/routes.yaml': routes('gone', 'web'), 'b/c/svc.yaml': service('shop', 'web') })).toEqual([
    'MGW0102 error',
  ]);
});

test('fragments without a namespace, with Services far away: a warning, unless the name is nearly right', async () => {
  const far = 'docs/other/deep/svc.yaml';
  expect(await missing({ 'app/routes.yaml': routes('ratings'), [far]: service('shop') })).toEqual(['MGW0102 warning']);
  expect(await missing({ 'app/routes.yaml': routes('shopp'), [far]: service('shop') })).toEqual(['MGW0102 error']);
  expect(await missing({ 'app/web.yaml': ingress('ratings'), [far]: service('shop') })).toEqual(['MGW0107 warning']);
});

test('no Service of the namespace in the files: a warning; one of the same name in another namespace: an error', async () => {
  expect(
    await missing({ 'a.yaml': `${routes('ratings.web.svc.cluster.local', 'web')}---\n${service('shop', 'apps')}` }),
  ).toEqual(['MGW0102 warning']);
  expect(await missing({ 'a.yaml': `${routes('shop', 'web')}---\n${service('shop', 'apps')}` })).toEqual([
    'MGW0102 error',
  ]);
});

test('a Service of that name whose namespace the file leaves open may be the one that is meant', async () => {
  const files = { 'a.yaml': routes('shop.web.svc.cluster.local', 'web'), 'b.yaml': service('shop') };
  expect(await missing(files)).toEqual(['MGW0110 info']);
  expect(await missing({ 'a.yaml': ingress('shop', 'web'), 'b.yaml': service('shop') })).toEqual([]);
});

test('gateways of an installation are not missing, in any namespace', async () => {
  const shop = service('shop', 'infra');
  expect(await missing({ 'a.yaml': `${ingress('istio-ingressgateway', 'infra')}---\n${shop}` })).toEqual([]);
  expect(await missing({ 'a.yaml': `${routes('istio-egressgateway', 'infra')}---\n${shop}` })).toEqual([
    'MGW0110 info',
  ]);
});

test('environments: what another one holds says nothing', async () => {
  const files = (dev: string) => ({
    'over/dev/app.yaml': `${service('shop', 'web')}---\n${dev}`,
    'over/prod/app.yaml': `${service('shop', 'web')}---\n${service('cart', 'web')}`,
  });
  // `dev` has a Service of its own.
  expect(await missing(files(routes('gone', 'web')))).toEqual(['MGW0102 error']);
  const port =
    'apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: web}\nspec: {ports: [{name: http, port: 8080}]}\n';
  expect(
    await missing({ ...files(routes('cart', 'web')), 'over/prod/app.yaml': `${service('shop', 'web')}---\n${port}` }),
  ).toEqual(['MGW0103 warning']);
});

test('alternatives in one folder: each file goes by itself', async () => {
  const reviews = (version: string) => routes(`reviews-${version}`, 'web');
  const files = (gone: string) => ({
    'net/all-v1.yaml': reviews('v1'),
    'net/all-v2.yaml': reviews('v2'),
    'net/other.yaml': routes(gone, 'web', 'other'),
    'app/kube/svc.yaml': `${service('reviews-v1', 'web')}---\n${service('reviews-v2', 'web')}`,
  });
  expect(await missing(files('solver'))).toEqual(['MGW0102 warning']);
  expect(await missing(files('reviews-v3'))).toEqual(['MGW0102 error']);
  // Two of five files that replace each other are a slip, and the folder is one application.
  const more = { 'net/a.yaml': service('a', 'x'), 'net/b.yaml': service('b', 'x') };
  expect(await missing({ ...files('solver'), ...more })).toEqual(['MGW0102 error']);
});

test('folders beside each other: the halves of one application, or two', async () => {
  const web = { 'app/istio/routes.yaml': routes('gone') };
  const shop = { 'app/services/svc.yaml': service('shop') };
  expect(await missing({ ...web, ...shop })).toEqual(['MGW0102 error']);
  const own = { 'app/services/ingress.yaml': ingress('shop') };
  expect(await missing({ ...web, ...shop, ...own })).toEqual(['MGW0102 warning']);
  const here = { 'app/istio/svc.yaml': service('web', 'web') };
  expect(await missing({ ...web, ...shop, ...here })).toEqual(['MGW0102 warning']);
});

const anyGateway = (group: string, name: string, spec: string) =>
  `apiVersion: ${group}/v1\nkind: Gateway\nmetadata: {name: ${name}, namespace: elsewhere}\nspec: ${spec}\n`;
const istioGateway = (name: string) =>
  anyGateway(
    'networking.istio.io',
    name,
    '{selector: {a: b}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}',
  );
const apiGateway = (name: string) =>
  anyGateway(
    'gateway.networking.k8s.io',
    name,
    '{gatewayClassName: istio, listeners: [{name: a, port: 80, protocol: HTTP}]}',
  );

test('which Gateways of Istio there are is not said by those of the Gateway API, unless the name is nearly right', async () => {
  const asked = routes('shop', 'web').replace('elsewhere/gw', 'elsewhere/ingress');
  const app = `${service('shop', 'web')}---\n${asked}`;
  expect(await missing({ 'app.yaml': app, 'b/gw.yaml': istioGateway('zipkin') })).toEqual(['MGW0101 error']);
  expect(await missing({ 'app.yaml': app, 'b/gw.yaml': apiGateway('zipkin') })).toEqual(['MGW0101 warning']);
  expect(await missing({ 'app.yaml': app, 'b/gw.yaml': apiGateway('ingres') })).toEqual(['MGW0101 error']);
});

test('a slip is one of the name or one of the namespace, not both', async () => {
  const app = `${service('shop', 'web')}---\n${routes('shop', 'web')}`;
  const files = (namespace: string, name: string) => ({
    'app.yaml': app,
    'a/api.yaml': apiGateway('zipkin'),
    'b/gw.yaml': istioGateway(name).replace('namespace: elsewhere', `namespace: ${namespace}`),
  });
  expect(await missing(files('other', 'gw'))).toEqual(['MGW0101 error']);
  expect(await missing(files('other', 'gw1'))).toEqual(['MGW0101 warning']);
  expect(await missing(files('elsewhere', 'gw1'))).toEqual(['MGW0101 error']);
  const far = { 'a.yaml': `${routes('shopp', 'web')}---\n${service('shop', 'apps')}` };
  expect(await missing(far)).toEqual(['MGW0102 warning']);
});

test('a wildcard DestinationRule without subsets says nothing about the subsets of a host', async () => {
  const subset = routes('reviews', 'web').replace('port: {number: 80}', 'subset: v2');
  const rule = (host: string, more = '') =>
    `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: all, namespace: istio-system}\nspec: {host: "${host}"${more}}\n`;
  const tls = ', trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}';
  expect(await missing({ 'a.yaml': subset, 'mtls.yaml': rule('*.local', tls) })).toEqual(['MGW0110 info']);
  const some = rule('*.web.svc.cluster.local', ', subsets: [{name: v1}]');
  expect(await missing({ 'a.yaml': subset, 'some.yaml': some })).toEqual(['MGW0110 info', 'MGW0104 error']);
  // The Service is there, and no rule with subsets.
  const reviews = service('reviews', 'web');
  expect(await missing({ 'a.yaml': `${subset}---\n${reviews}`, 'mtls.yaml': rule('*.local', tls) })).toEqual([
    'MGW0104 error',
  ]);
});

const split = (weights: readonly (number | undefined)[]) => {
  const to = (w: number | undefined, i: number) =>
    `    - {destination: {host: ${i === 0 ? 'shop' : 'gone'}, port: {number: 80}}${w === undefined ? '' : `, weight: ${w}`}}\n`;
  return `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: routes}\nspec:\n  hosts: [shop.example.com]\n  gateways: [elsewhere/gw]\n  http:\n  - route:\n${weights.map(to).join('')}`;
};

test('a destination that gets no request yet', async () => {
  const of = (...weights: (number | undefined)[]) => missing({ 'a.yaml': `${split(weights)}---\n${service('shop')}` });
  expect(await of(100, 0)).toEqual(['MGW0102 warning']);
  expect(await of(100, undefined)).toEqual(['MGW0102 warning']);
  expect(await of(99, 1)).toEqual(['MGW0102 error']);
  expect(await of(undefined, undefined)).toEqual(['MGW0102 error']);
  expect(await of(0, 0)).toEqual(['MGW0102 error']);
});

test('a VirtualService of the mesh for a host that does not exist gets no request', async () => {
  const mesh = (host: string, gateways: string) =>
    `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec:\n  hosts: [a]\n${gateways}  http: [{route: [{destination: {host: ${host}}}]}]\n---\n${service('shop')}`;
  expect(await missing({ 'a.yaml': mesh('a', '') })).toEqual(['MGW0102 warning']);
  expect(await missing({ 'a.yaml': mesh('a', '  gateways: [mesh]\n') })).toEqual(['MGW0102 warning']);
  expect(await missing({ 'a.yaml': mesh('a', '  gateways: [x/gw]\n') })).toEqual(['MGW0102 error']);
  expect(await missing({ 'a.yaml': mesh('b', '') })).toEqual(['MGW0102 error']);
});

const served = (host: string) =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: gw, namespace: elsewhere}\nspec:\n  selector: {istio: ingressgateway}\n  servers: [{port: {number: 80, name: p, protocol: HTTP}, hosts: [${host}]}]\n`;

test('a Gateway that has the host in one file of several', async () => {
  const vs = routes('shop.x.svc.cluster.local');
  const of = async (files: Record<string, string>) => (await missing(files)).filter((f) => f.startsWith('MGW0106'));
  const [good, bad] = [served('shop.example.com'), served('blog.example.com')];
  expect(await of({ '1/a.yaml': good, '1/b.yaml': bad, '1/vs.yaml': vs })).toEqual(['MGW0106 warning']);
  expect(await of({ '1/b.yaml': bad, '1/vs.yaml': vs })).toEqual(['MGW0106 error']);
  expect(await of({ '1/a.yaml': bad, '1/b.yaml': good, '1/vs.yaml': vs })).toEqual([]);
});

const gateway = (name: string, protocol: string) =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: ${name}, namespace: web}\nspec:\n  selector: {istio: ingressgateway}\n  servers: [{port: {number: 31400, name: p, protocol: ${protocol}}, hosts: ["*"]}]\n`;
const tcp = (gw: string) =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ${gw}, namespace: web}\nspec:\n  hosts: ["*"]\n  gateways: [${gw}]\n  tcp: [{route: [{destination: {host: db.x.svc.cluster.local, port: {number: 1}}}]}]\n`;

test('a port that Gateways of two environments share', async () => {
  const twice = service('shop', 'web');
  const one = `${gateway('a', 'HTTP')}---\n${twice}`;
  const two = `${gateway('b', 'TCP')}---\n${tcp('b')}---\n${twice}`;
  const of = async (files: Record<string, string>) => (await missing(files)).filter((f) => f.startsWith('MGW0141'));
  expect(await of({ 'one/a.yaml': one, 'two/b.yaml': two })).toEqual(['MGW0141 warning']);
  expect(await of({ 'one/a.yaml': one, 'one/b.yaml': `${gateway('b', 'TCP')}---\n${tcp('b')}` })).toEqual([
    'MGW0141 error',
  ]);
});

const rule =
  'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: shop, namespace: web}\nspec:\n  host: shop\n  subsets: [{name: v1, labels: {version: v1}}]\n';
const deployment = (version: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop, namespace: web}\nspec:\n  template: {metadata: {labels: {app: a, version: ${version}}}}\n`;

test('a subset that the Deployment of its own environment has', async () => {
  const dev = `${service('shop', 'web')}---\n${rule}---\n`;
  const prod = deployment('v2');
  expect(await missing({ 'over/dev/app.yaml': dev + deployment('v1'), 'over/prod/app.yaml': prod })).toEqual([]);
  expect(await missing({ 'over/dev/app.yaml': dev + deployment('v3'), 'over/prod/app.yaml': prod })).toEqual([
    'MGW0120 warning',
  ]);
  expect(await missing({ 'over/dev/app.yaml': dev + deployment('v3') })).toEqual(['MGW0120 error']);
});
