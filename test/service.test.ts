// Services as ways in: one fixture for each statement (fixtures/service), and that they disturb nobody.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { chooseGateway } from '../src/api/choose-gateway.js';
import { readGateways } from '../src/dialects/read.js';
import { diffConfigs } from '../src/diff/index.js';
import type { EffectiveGateway, GatewayRequest } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { compile, decide, toResult } from '../src/simulate/index.js';
import { locate, parseSource } from '../src/sources/index.js';

const root = 'fixtures/service';

const gatewaysOf = (text: string | Buffer): readonly EffectiveGateway[] =>
  readGateways(catalogOf(parseSource('input.yaml', text).resources)).gateways;

for (const name of readdirSync(root).sort())
  test(name, async () => {
    const gateways = gatewaysOf(readFileSync(join(root, name, 'input.yaml')));
    const requests = parse(readFileSync(join(root, name, 'requests.yaml'), 'utf8')) as readonly GatewayRequest[];
    const found = gateways.map((gateway) => ({
      gateway: gateway.id,
      ports: gateway.listeners.map((l) => l.port),
      answers: requests.map((request) => {
        const { scheme, host, port, source } = request;
        const { matched, ...result } = toResult(decide(compile(gateway), request), request, { locate });
        return {
          to: `${scheme}://${host}:${port}${source ? ` from ${source}` : ''}`,
          ...result,
          ...(matched ? { matched: `${matched.line} ${matched.path}` } : {}),
        };
      }),
      unsupported: gateway.unsupported.map(({ feature, effect, detail }) => `${feature} (${effect}): ${detail}`),
    }));
    await expect(stringify(found, { lineWidth: 0 })).toMatchFileSnapshot(join('..', root, name, 'expected.yaml'));
  });

const service = (type: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  type: ${type}\n  ports: [{port: 80, nodePort: 30080}]\n`;
const ingress = (name: string) =>
  `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: app}\nspec:\n  ingressClassName: ${name}\n  rules:\n  - http:\n      paths:\n      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}\n`;

test('a Service is the default gateway only where nothing else is one', () => {
  expect(chooseGateway(gatewaysOf(service('NodePort'))).id).toBe('service:default/web');
  expect(chooseGateway(gatewaysOf(service('NodePort') + ingress('acme'))).id).toBe('ingress:acme');
});

test('diff pairs an Ingress of another class with the one of before, and the Service with nothing', () => {
  const before = gatewaysOf(service('ClusterIP').replace(', nodePort: 30080', '') + ingress('acme'));
  const after = gatewaysOf(service('NodePort') + ingress('other'));
  const { gateways, equivalent } = diffConfigs(before, after);
  expect(gateways).toEqual([
    { before: 'ingress:acme', after: 'ingress:other' },
    { before: null, after: 'service:default/web' },
  ]);
  expect(equivalent).toBe(false);
});
