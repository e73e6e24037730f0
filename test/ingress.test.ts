// Ingress as the Kubernetes specification has it: one fixture for each statement (fixtures/ingress), and which dialect
// takes which class.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readGateways } from '../src/dialects/read.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';
import { describeFixture } from './ingress/describe-fixture.js';

const root = join(import.meta.dirname, '../fixtures/ingress');
const cases = readdirSync(root).filter((name) => existsSync(join(root, name, 'input.yaml')));

describe('Kubernetes specification', () => {
  for (const name of cases.sort()) {
    test(name, async () => {
      const found = describeFixture(join(root, name), 'ingress');
      await expect(stringify(found, { lineWidth: 0 })).toMatchFileSnapshot(join(root, name, 'expected.yaml'));
    });
  }
});

const ingress = (extra: string): string => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: app${extra.includes('annotations') ? `, ${extra}` : ''}}
spec:
  ${extra.includes('annotations') ? '' : extra}
  rules:
    - http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
`;
const classObject = (name: string, controller: string): string =>
  `---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: ${name}}\nspec: {controller: ${controller}}\n`;
const idsOf = (yaml: string, classSemantics?: 'nginx' | 'istio' | 'kubernetes'): string[] =>
  readGateways(catalogOf(parseSource('x.yaml', yaml).resources), classSemantics ? { classSemantics } : {}).gateways.map(
    (g) => g.id,
  );

describe('whose Ingress it is', () => {
  const byClass: readonly (readonly [string, string, string])[] = [
    ['no class', '', 'ingress'],
    ['class nginx by name', 'ingressClassName: nginx', 'ingress-nginx'],
    ['class nginx by annotation', 'annotations: {kubernetes.io/ingress.class: nginx}', 'ingress-nginx'],
    ['an unknown class', 'ingressClassName: acme', 'ingress:acme'],
  ];
  for (const [name, extra, id] of byClass) test(name, () => expect(idsOf(ingress(extra))).toEqual([id]));

  test('the controller of the class decides where the files hold it', () => {
    expect(idsOf(ingress('ingressClassName: web') + classObject('web', 'k8s.io/ingress-nginx'))).toEqual([
      'ingress-nginx',
    ]);
    expect(idsOf(ingress('ingressClassName: nginx') + classObject('nginx', 'nginx.org/ingress-controller'))).toEqual([
      'ingress:nginx',
    ]);
    expect(idsOf(ingress('ingressClassName: inner') + classObject('inner', 'k8s.io/internal-ingress-nginx'))).toEqual([
      'ingress-nginx:inner',
    ]);
  });

  test('class istio is left to its own reader', () => {
    expect(idsOf(ingress('ingressClassName: istio')).filter((id) => id.startsWith('ingress'))).toEqual([]);
  });

  test('the user may override it', () => {
    expect(idsOf(ingress('ingressClassName: acme'), 'nginx')).toEqual(['ingress-nginx']);
    expect(idsOf(ingress('ingressClassName: nginx'), 'kubernetes')).toEqual(['ingress:nginx']);
  });
});
