// The output of a translation is read as the input was: by the same implementation, with the same gateways that are elsewhere.

import { expect, test } from 'vitest';
import { convert, load } from '../src/api/index.js';
import type { LoadOptions } from '../src/api/load.js';
import type { Source } from '../src/convert/scope.js';

const toGatewayApi = async (text: string, from: Source, options: LoadOptions) => {
  const config = await load({ text, file: 'input.yaml' }, options);
  const { implementation } = options;
  return convert(config, { from, to: 'gateway-api', verify: true, ...(implementation ? { implementation } : {}) })
    .verified!;
};

const ISTIO = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: g, namespace: default}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: default}
spec:
  hosts: [a.example.com]
  gateways: [g]
  http:
  - match: [{uri: {exact: /a}}]
    route: [{destination: {host: web, port: {number: 80}}}]
`;
test('implementation', async () => {
  const yaml = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: default}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: default}
spec:
  parentRefs: [{name: g}]
  hostnames: [a.example.com]
  rules:
  - matches: [{path: {type: PathPrefix, value: /a}}]
    backendRefs: [{name: web, port: 80}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: default}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: g}]
  action: DENY
  rules: [{to: [{operation: {paths: [/a/secret]}}]}]
`;
  const found = await toGatewayApi(yaml, 'gateway-api', { implementation: 'standard' });
  expect(found.equivalent).toBe(true);
});

test('gateways that are elsewhere', async () => {
  const [, routes] = ISTIO.split('---\n');
  const found = await toGatewayApi(routes!, 'istio', { assumedGateways: [{ namespace: 'default', name: 'g' }] });
  expect(found.equivalent).toBe(true);
});
