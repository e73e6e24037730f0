// One view of the Services: lint and simulate, and each reader, agree on what is known to exist.
import { expect, test } from 'vitest';
import { lint, load, simulate } from '../src/api/index.js';

const GATEWAY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: apps}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: apps}
spec:
  hosts: [shop.example.com]
  gateways: [gw]
  http: [{route: [{destination: {host: shop, port: {number: 80}}}]}]
`;
const ingress = (className: string) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: apps}
spec:
  ingressClassName: ${className}
  rules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}]
`;
const route = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: apps}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: apps}
spec:
  parentRefs: [{name: gw}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
`;
const service = (name: string, namespace: string, spec = 'selector: {app: a}') =>
  `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {${spec}, ports: [{name: http, port: 80}]}\n`;

const SOURCES = { istio: GATEWAY, nginx: ingress('nginx'), kubernetes: ingress('other'), 'gateway-api': route };
const OWN = [
  service('istio-ingressgateway', 'istio-system', 'type: LoadBalancer, selector: {istio: ingressgateway}'),
  service('controller', 'ingress-nginx', 'type: LoadBalancer, selector: {app: nginx}'),
];

for (const [name, text] of Object.entries(SOURCES)) {
  const known = async (more: string) => {
    const config = await load({ file: 'a.yaml', text: text + more });
    const [{ status }, { diagnostics }] = await Promise.all([
      simulate(config, { port: 80, scheme: 'http', method: 'GET', host: 'shop.example.com', path: '/' }),
      lint(config),
    ]);
    const missing = diagnostics.filter(
      (d) => ['MGW0102', 'MGW0107', 'MGW0110'].includes(d.code) || /MGW03/.test(d.code),
    );
    return { status, errors: missing.filter((d) => d.severity === 'error').length };
  };

  test(`${name}: the gateway's own Service says nothing about the applications`, async () => {
    expect(await known('')).toEqual({ status: 200, errors: 0 });
    expect(await known(OWN.join(''))).toEqual({ status: 200, errors: 0 });
  });

  test(`${name}: Services of an application are all there are`, async () => {
    for (const more of [service('other', 'apps'), service('other', 'elsewhere')]) {
      const { status } = await known(more);
      expect(status).toBeGreaterThanOrEqual(500);
    }
    expect(await known(service('shop', 'apps'))).toEqual({ status: 200, errors: 0 });
  });
}

test('lint says an error exactly where simulate says that the Service does not exist', async () => {
  for (const more of ['', ...OWN, service('other', 'apps'), service('other', 'elsewhere'), service('shop', 'apps')]) {
    const config = await load({ file: 'a.yaml', text: GATEWAY + more });
    const [{ status }, { diagnostics }] = await Promise.all([
      simulate(config, { port: 80, scheme: 'http', method: 'GET', host: 'shop.example.com', path: '/' }),
      lint(config),
    ]);
    expect(diagnostics.some((d) => d.code === 'MGW0102')).toBe(status === 503);
  }
});
