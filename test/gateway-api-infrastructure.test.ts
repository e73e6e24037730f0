// What Gateways say beyond their listeners: labels of the workload, by which policies choose it; the certificate for backends.
import { expect, test } from 'vitest';
import { diff } from '../src/api/diff.js';
import { load } from '../src/api/load.js';
import { simulatorOf } from '../src/api/simulator.js';
import { CannotRunError } from '../src/diagnostics/index.js';
import { addressPool } from '../src/dialects/gateway-api/features/address-pool.js';
import { routesOf } from '../src/model/index.js';

const GATEWAY = (spec: string, metadata = '') => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: default${metadata}}
spec: {gatewayClassName: istio, listeners: [{name: web, port: 80, protocol: HTTP}], ${spec}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: default}
spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: shop, port: 443}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: default}
spec: {selector: {app: shop}, ports: [{name: https, port: 443}]}
`;
const loaded = (text: string, implementation: 'istio' | 'standard') =>
  load({ file: 'input.yaml', text }, { implementation });

/** Of a policy that denies everything at the workloads with these labels. */
async function status(gateway: string, labels: string): Promise<number | undefined> {
  const policy = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: nobody, namespace: default}
spec: {selector: {matchLabels: {${labels}}}, action: DENY, rules: [{}]}
`;
  const { gateways } = await loaded(gateway + policy, 'istio');
  const request = { port: 80, scheme: 'http', method: 'GET', host: 'a.example', path: '/' } as const;
  return (await simulatorOf(gateways, { seed: 1, now: 0 }).simulate(request)).result.status;
}

test.each([
  ['gateway.istio.io/managed: istio.io-gateway-controller', 403],
  ['service.istio.io/canonical-name: edge-istio', 403],
  ['gateway.networking.k8s.io/gateway-name: edge', 403],
  ['team: a', 403],
  ['team: b', 200],
  // Names below the API's own are not taken from there.
  ['gateway.networking.k8s.io/other: x', 200],
  // The Gateway's own labels do not count beside those of spec.infrastructure.
  ['own: label', 200],
])('policies choose the workload of a Gateway by %s: %i', async (labels, expected) => {
  const spec = 'infrastructure: {labels: {team: a, gateway.networking.k8s.io/other: x}}';
  expect(await status(GATEWAY(spec, ', labels: {own: label}'), labels)).toBe(expected);
});

test('without spec.infrastructure the labels of the Gateway count', async () => {
  expect(await status(GATEWAY('', ', labels: {own: label}'), 'own: label')).toBe(403);
});

const POLICY = `---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop, namespace: default}
spec:
  targetRefs: [{group: "", kind: Service, name: shop}]
  validation: {hostname: shop.internal, wellKnownCACertificates: System}
`;
const SHOWN = 'tls: {backend: {clientCertificateRef: {name: gateway-cert}}}';

test.each([
  // Istio looks at the reference and shows no certificate.
  ['istio', 0],
  ['standard', 1],
] as const)('diff compares the certificate for backends: %s', async (implementation, differences) => {
  const [before, after] = await Promise.all(['', SHOWN].map((spec) => loaded(GATEWAY(spec) + POLICY, implementation)));
  const compared = diff(before!, after!);
  expect(compared.equivalent).toBe(true);
  expect(compared.delivery).toHaveLength(differences);
});

test('--gateway-addresses: ranges, addresses and host names', () => {
  const pool = addressPool('192.0.2.0/24, 2001:db8::/32,198.51.100.7,edge.example.com');
  const given = ['192.0.2.200', '2001:db8::1', '198.51.100.7', 'Edge.example.com'];
  expect(given.filter((address) => !pool(address))).toEqual([]);
  expect(['192.0.3.1', '2001:db9::1', '198.51.100.8', 'other.example.com'].filter(pool)).toEqual([]);
});

test.each(['192.0.2.0/33', '2001:db8::/129', 'a b', '', '1.2.3.4/'])('--gateway-addresses %j is refused', (text) => {
  expect(() => addressPool(text)).toThrow(CannotRunError);
});

// HTTPRouteRetry of the standard: connection errors (disconnect, reset, timeout, TCP failure); Istio: convertHTTPRoute.
test.each([
  ['istio', 'connect-failure,refused-stream,unavailable,cancelled,500,retriable-status-codes'],
  ['standard', 'connect-failure,refused-stream,reset,unavailable,cancelled,500,retriable-status-codes'],
] as const)('what a rule with retry is tried again after: %s', async (implementation, on) => {
  const text = GATEWAY('').replace('rules: [{', 'rules: [{retry: {attempts: 3, codes: [500]}, ');
  const { gateways } = await loaded(text, implementation);
  expect(gateways.flatMap(routesOf).map(({ action }) => action.kind === 'forward' && action.delivery?.retries)).toEqual(
    [{ attempts: 3, on }],
  );
});
