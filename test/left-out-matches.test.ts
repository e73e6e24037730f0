// Matches that no gateway of a workload ever sees have a row in the route table and a line in the trace.
import { expect, test } from 'vitest';
import { load, routes, simulate } from '../src/api/index.js';
import { folderOf, meshgwIn } from './run-cli.js';

const gateway = (name: string, label: string) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: web}
spec:
  selector: {istio: ${label}}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
`;
const virtualService = (gateways: string, matches: string) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: web}
spec:
  hosts: [shop.example.com]
  gateways: [${gateways}]
  http:
  - match: [${matches}]
    route: [{destination: {host: cart, port: {number: 80}}}]
`;
const read = (...texts: readonly string[]) => load({ file: 'a.yaml', text: texts.join('') });
const leftOut = async (...texts: string[]) =>
  routes(await read(...texts)).gateways.flatMap(({ id, leftOut = [] }) =>
    leftOut.map(({ match, reason, origin }) => [id, match.join(), reason, origin.path]),
  );

const one = gateway('one', 'ingressgateway');
const two = gateway('two', 'other');

test('a gateway that nothing has, or another one that the VirtualService is attached to', async () => {
  const nowhere = virtualService('one', '{uri: {prefix: /cart}, gateways: [gone]}, {uri: {prefix: /ok}}');
  const row = ['istio=ingressgateway', 'path begins /cart', 'it is for web/gone only, not for web/one'];
  expect(await leftOut(one, nowhere)).toEqual([[...row, 'spec.http[0].match[0].gateways']]);
  const split = virtualService(
    'one, two',
    '{uri: {prefix: /a}, gateways: [one]}, {uri: {prefix: /b}, gateways: [web/two, mesh]}',
  );
  expect(await leftOut(one, two, split)).toEqual([
    [
      'istio=ingressgateway',
      'path begins /b',
      'it is for web/two, mesh only, not for web/one',
      'spec.http[0].match[1].gateways',
    ],
    ['istio=other', 'path begins /a', 'it is for web/one only, not for web/two', 'spec.http[0].match[0].gateways'],
  ]);
});

test('clients with labels, or of a namespace, are clients of the mesh', async () => {
  const labels = virtualService(
    'one',
    '{sourceLabels: {app: a}}, {sourceNamespace: web}, {sourceNamespace: istio-system}',
  );
  expect((await leftOut(one, labels)).map(([, , , path]) => path)).toEqual([
    'spec.http[0].match[0].sourceLabels',
    'spec.http[0].match[1].sourceNamespace',
  ]);
  expect(await leftOut(one, virtualService('one', '{sourceLabels: {istio: ingressgateway}}'))).toEqual([]);
});

test('the trace has a line for the host, with and without other routes of it', async () => {
  const request = { port: 80, scheme: 'http', method: 'GET', host: 'shop.example.com', path: '/cart/1' } as const;
  for (const more of ['', ', {uri: {prefix: /ok}}']) {
    const config = await read(one, virtualService('one', `{uri: {prefix: /cart}, gateways: [gone]}${more}`));
    const { status, trace } = await simulate(config, request, { trace: true });
    expect(status).toBe(404);
    expect(trace).toContainEqual(
      expect.objectContaining({
        step: 'route',
        outcome: 'rejected',
        text: expect.stringContaining('it is for web/gone only'),
      }),
    );
    const other = await simulate(config, { ...request, host: 'other.example.com' }, { trace: true });
    expect(JSON.stringify(other.trace)).not.toContain('left out');
  }
});

test('every output of routes has it', async () => {
  const cwd = folderOf({ 'a.yaml': one + virtualService('one', '{uri: {prefix: /cart}, gateways: [gone]}') });
  for (const output of ['text', 'json', 'markdown']) {
    const { out, code } = await meshgwIn(cwd, ['routes', '-f', 'a.yaml', '-o', output]);
    expect([code, out], output).toEqual([0, expect.stringContaining('it is for web/gone only, not for web/one')]);
  }
});
