// The ports of an AuthorizationPolicy are those of the gateway's pods, as a Service of the files sends them there.
import { expect, test } from 'vitest';
import { writerOf } from '../src/api/writers.js';
import { convert } from '../src/convert/convert.js';
import { readGateways } from '../src/dialects/read.js';
import { catalogOf } from '../src/resources/catalog.js';
import { compile, decide, toResult } from '../src/simulate/index.js';
import { parseSource } from './convert/sources.js';

const catalog = (text: string) => catalogOf(parseSource('input.yaml', Buffer.from(text)).resources);

const SERVICE = `---
apiVersion: v1
kind: Service
metadata: {name: istio-ingressgateway, namespace: istio-system}
spec:
  selector: {istio: ingressgateway}
  ports:
  - {name: http2, port: 80, targetPort: 8080}
  - {name: https, port: 443, targetPort: 8443}
---
apiVersion: v1
kind: Service
metadata: {name: admin}
spec: {ports: [{name: http, port: 80}]}
`;

const ingress = (tls = '') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: admin
  annotations: {nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8}
spec:
  ingressClassName: nginx
${tls}
  rules:
  - host: admin.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: admin, port: {number: 80}}}}]}
`;
const TLS = '  tls: [{hosts: [admin.example.com], secretName: admin-tls}]';

function policyPorts(text: string, to: 'istio' | 'gateway-api'): unknown[] {
  const { objects } = convert(catalog(text), { from: 'ingress', to }, writerOf, {}, {});
  const policies = objects.filter((o) => o.kind === 'AuthorizationPolicy');
  expect(policies).toHaveLength(1);
  const [policy] = policies;
  if (!policy) return [];
  const { rules } = policy.spec as { rules: { to: { operation: { ports?: string[] } }[] }[] };
  return rules.flatMap((rule) => rule.to.map(({ operation }) => operation.ports));
}

test('a rule of every port of the gateway names none', () => {
  for (const to of ['istio', 'gateway-api'] as const) expect(policyPorts(ingress(), to)).toEqual([undefined]);
});

test('a rule of one port names that of the pods: as the Service says, else as Istio is installed', () => {
  const text = ingress(TLS);
  expect(policyPorts(text + SERVICE, 'istio')).toEqual([['8443']]);
  expect(policyPorts(text, 'istio')).toEqual([['443', '8443']]);
  expect(policyPorts(text, 'gateway-api')).toEqual([['443']]);
});

const guarded = (port: number) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gateway}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: admin}
spec:
  hosts: [admin.example.com]
  gateways: [gateway]
  http: [{route: [{destination: {host: admin}}]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: deny, namespace: istio-system}
spec:
  selector: {matchLabels: {istio: ingressgateway}}
  action: DENY
  rules: [{to: [{operation: {ports: ['${port}']}}]}]
`;

test.each([
  [8080, SERVICE, 403],
  [80, SERVICE, 200],
  [80, '', 403],
  [8080, '', 200],
])('a policy for port %i %#', (port, service, status) => {
  const { gateways } = readGateways(catalog(guarded(port) + service));
  const gateway = gateways.find((g) => g.id === 'istio=ingressgateway')!;
  const request = { method: 'GET', scheme: 'http', port: 80, host: 'admin.example.com', path: '/' } as const;
  expect(toResult(decide(compile(gateway), request, { now: 0 }), request).status).toBe(status);
});
