// Operators in header values that Envoy refuses (asked of Envoy 1.40): no answer of the port is certain, and Istio's webhook is not blamed.

import { expect, test } from 'vitest';
import { operatorProblem } from '../src/implementations/istio/envoy-operators.js';
import { folderOf, meshgwIn } from './run-cli.js';

const gateway = (name: string, port: number) =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: ${name}}\nspec:\n  selector: {istio: ingressgateway}\n  servers: [{port: {number: ${port}, name: http, protocol: HTTP}, hosts: ["*"]}]\n`;
const routes = (name: string, gateways: string, value: string) =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ${name}}\nspec:\n  hosts: [${name}.example.com]\n  gateways: [${gateways}]\n  http: [{headers: {request: {set: {x-user: "${value}"}}}, route: [{destination: {host: web, port: {number: 80}}}]}]\n`;

const unknownAt = async (url: string, value: string): Promise<unknown> => {
  const files = [gateway('one', 80), gateway('two', 8080), routes('a', 'one', value), routes('b', 'one, two', 'fine')];
  const cwd = folderOf({ 'app.yaml': files.join('---\n') });
  const { out, err } = await meshgwIn(cwd, ['simulate', '-f', '.', url, '-o', 'json']);
  expect(err).not.toContain('would be refused');
  return JSON.parse(out)[0].unknown?.map((u: { feature: string }) => u.feature);
};

test('an operator that Envoy does not have makes every answer of the port uncertain', async () => {
  const feature = 'route.refused.operator';
  expect(await unknownAt('http://a.example.com/', '%FOO%')).toEqual([feature]);
  expect(await unknownAt('http://b.example.com/', '%FOO%')).toEqual([feature]);
  expect(await unknownAt('http://gone.example.com/', '%FOO%')).toEqual([feature]);
  expect(await unknownAt('http://b.example.com:8080/', '%FOO%')).toBeUndefined();
  expect(await unknownAt('http://a.example.com/', '%REQ(x-in)%')).toBeUndefined();
});

test.each([
  ['', true],
  ['100%%', true],
  ['%%FOO%%', true],
  ['%REQ(:path):10%', true],
  ['%REQ(a?b)%%PROTOCOL%', true],
  ['%START_TIME(%s)%', true],
  ['%CEL(request.headers["a"] + ")")%', true],
  ['%FOO%', false],
  ['%REQ()%', false],
  ['%PROTOCOL%%FOO%', false],
  ['%PROTOCOL():3%', false],
])('Envoy takes %s: %s', (value, taken) => {
  expect(operatorProblem(value) === undefined).toBe(taken);
});
