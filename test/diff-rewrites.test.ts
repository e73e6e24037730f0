// Rewrites that are spelled differently and do the same are equal; those that nearly do the same are not.
import { expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { diffConfigs } from '../src/diff/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from './convert/sources.js';

const gatewaysOf = (http: string) =>
  readGateways(
    catalogOf(
      parseSource(
        'input.yaml',
        Buffer.from(`apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example.com]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [a.example.com]
  gateways: [gw]
  http: [${http}]
`),
      ).resources,
    ),
  ).gateways;

const ROUTE = 'route: [{destination: {host: web}}]';
const taken = (match: string) =>
  `{match: [{uri: {${match}}}], rewrite: {uriRegexRewrite: {match: '^/api(/?)(.*)', rewrite: '/\\2'}}, ${ROUTE}}`;
const plain = (match: string, to: string) => `{match: [{uri: {${match}}}], rewrite: {uri: ${to}}, ${ROUTE}}`;

test.each([
  // As Istio and meshgw write ReplacePrefixMatch: /.
  ['behind its slash', taken('prefix: /api/'), plain('prefix: /api/', '/'), true],
  ['deeper', taken('prefix: /api/v1/'), plain('prefix: /api/v1/', '/v1/'), true],
  ['exactly', taken('exact: /api'), plain('exact: /api', '/'), true],
  ['with words that go on', taken('prefix: /api'), plain('prefix: /api', '/'), false],
])('a prefix taken away %s', (_, before, after, equal) => {
  const { equivalent } = diffConfigs(gatewaysOf(before), gatewaysOf(after));
  expect(equivalent === true).toBe(equal);
});
