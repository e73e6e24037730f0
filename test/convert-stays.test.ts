// What a translation leaves where it is has an item of its own, and what protects is refused where it is not written.
import { expect, test } from 'vitest';
import { writerOf } from '../src/api/writers.js';
import { convert } from '../src/convert/convert.js';
import type { Source, Target } from '../src/convert/scope.js';
import { formatPath } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from './convert/sources.js';

const itemsOf = (text: string, from: Source, to: Target): string[] =>
  convert(catalogOf(parseSource('input.yaml', text).resources), { from, to }, writerOf, {}, {}).items.map(
    ({ severity, feature, origin: { resource, path } }) =>
      `${severity} ${feature} ${resource.kind}/${resource.name} ${formatPath(path)}`.trim(),
  );

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n';
const GATEWAY = (server: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  selector: {istio: ingressgateway}
  servers: [${server}]
`;
const PLAIN = '{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}';
const VIRTUAL_SERVICE = (gateways: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a}
spec:
  hosts: [a.example.com]
  gateways: ${gateways}
  http: [{timeout: 5s, route: [{destination: {host: a, port: {number: 80}}}]}]
`;
const INGRESS = (kind: string, annotations: string) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a, annotations: {${annotations}}}
spec:
  ingressClassName: ${kind}
  rules: [{host: a.example.com, http: {paths: [{path: /api, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}}]
`;
const join = (...documents: string[]) => documents.join('---\n');

test('an Ingress that shares the gateway stays behind, unless the output binds to the same workload', () => {
  const text = join(GATEWAY(PLAIN), VIRTUAL_SERVICE('[gw]'), INGRESS('istio', ''), SERVICE);
  expect(itemsOf(text, 'istio', 'gateway-api')).toContain('refused object.stays Ingress/a');
  expect(itemsOf(text, 'istio', 'ingress')).toContain('refused object.stays Ingress/a');
  expect(itemsOf(text, 'istio', 'istio').filter((i) => i.includes('object.stays'))).toEqual([]);
});

test('the half of a VirtualService that is for the mesh stays behind', () => {
  const text = join(GATEWAY(PLAIN), VIRTUAL_SERVICE('[gw, mesh]'), SERVICE);
  expect(itemsOf(text, 'istio', 'gateway-api')).toContain(
    'approximate virtualservice.mesh VirtualService/a spec.gateways[1]',
  );
});

test('a Gateway of the Gateway API is a new workload', () => {
  const items = itemsOf(join(GATEWAY(PLAIN), VIRTUAL_SERVICE('[gw]'), SERVICE), 'istio', 'gateway-api');
  expect(items).toContain('approximate gateway.workload Gateway/gw spec.selector.istio');
});

test.each(['istio', 'gateway-api', 'envoy', 'ingress'] as const)(
  'client certificates to %s are written or refused',
  (to) => {
    const server =
      '{port: {number: 443, name: https, protocol: HTTPS}, hosts: [a.example.com], tls: {mode: MUTUAL, credentialName: c}}';
    const items = itemsOf(join(GATEWAY(server), VIRTUAL_SERVICE('[gw]'), SERVICE), 'istio', to);
    const mode = items.filter((i) => i.endsWith('spec.servers[0].tls.mode')).map((i) => i.split(' ')[0]);
    expect(mode).toEqual([to === 'istio' || to === 'gateway-api' ? 'exact' : 'refused']);
  },
);

test('a timeout that an Ingress does not have is lost', () => {
  const items = itemsOf(join(GATEWAY(PLAIN), VIRTUAL_SERVICE('[gw]'), SERVICE), 'istio', 'ingress');
  expect(items).toContain('approximate delivery.timeoutMs VirtualService/a spec.http[0].timeout');
});

test.each(['istio', 'gateway-api', 'envoy', 'ingress'] as const)(
  'annotations of an unknown controller to %s are refused',
  (to) => {
    const items = itemsOf(
      join(
        INGRESS('unknown', 'ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8, haproxy.org/auth-type: basic'),
        SERVICE,
      ),
      'ingress',
      to,
    );
    expect(items.filter((i) => i.includes('annotation.controller')).map((i) => i.split(' ')[0])).toEqual([
      'refused',
      'refused',
    ]);
    expect(items.filter((i) => i.startsWith('exact') && i.includes('annotations'))).toEqual([]);
  },
);
