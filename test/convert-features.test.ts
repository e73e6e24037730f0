// The table of features: its entries agree with themselves, and what is named as the reason of a difference is the reason.
// The list in docs/convert.md is stale? `npx vitest run test/convert-features.test.ts -u` writes it; read the diff.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writerOf } from '../src/api/writers.js';
import { convert } from '../src/convert/convert.js';
import type { Feature } from '../src/convert/features/feature.js';
import { AREAS, FEATURES, type FeatureKey } from '../src/convert/features/index.js';
import { plan } from '../src/convert/plan.js';
import { expectationOf } from '../src/convert/verify.js';
import { catalogOf } from '../src/resources/catalog.js';
import { locate, parseSource } from './convert/sources.js';

const entries = Object.entries(FEATURES) as [FeatureKey, (typeof FEATURES)[FeatureKey]][];

test('what is refused is never called the same response, and nothing else is called refused', () => {
  const odd = entries.filter(([, { severity, group }]) =>
    severity === 'refused' ? group === 'carriage' || group === 'differs' : group === 'refused',
  );
  expect(odd.map(([key]) => key)).toEqual([]);
});

test('what carries the same responses does nothing to answers but through a view, and needs no decision', () => {
  const odd = entries.filter(([, { group, decided, effect }]) => group === 'carriage' && !decided && effect.explains);
  expect(odd.map(([key]) => key)).toEqual(['l4.every-name', 'host.unreachable']);
});

const translated = (text: string) =>
  convert(
    catalogOf(parseSource('input.yaml', text).resources),
    { from: 'ingress', to: 'istio' },
    writerOf,
    {},
    { defaultTlsSecret: { namespace: 'istio-system', name: 'cert' } },
  );

const LIMITED = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: api
  annotations:
    nginx.ingress.kubernetes.io/limit-rate: "100"
    nginx.ingress.kubernetes.io/ssl-redirect: "false"
spec:
  ingressClassName: nginx
  rules:
  - host: api.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}]}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {ports: [{port: 80}]}
`;

test('report and plan have the same class for a loss', () => {
  const t = translated(LIMITED);
  const item = t.items.find((i) => i.feature === 'annotation.limit-rate')!;
  expect(FEATURES[item.key!].group).toBe('carriage');
  expect(plan(t).objects).toMatchObject([{ verdict: 'ready', decisions: [], why: [] }]);
});

test('a 413 is explained by the limit of bodies, and by nothing else', () => {
  const t = translated(LIMITED);
  const { answer, explain } = expectationOf(t, locate);
  const [gateway] = t.gateways;
  const request = {
    port: 80,
    scheme: 'http',
    method: 'POST',
    host: 'api.example.com',
    path: '/x',
    body: 'x'.repeat(1024 * 1024 + 1),
  } as const;
  const question = { gateway: gateway!.id, request };
  expect(answer(question).status).toBe(413);
  const after = { ...answer({ ...question, request: { ...request, body: '' } }) };
  expect(explain(question, after)?.map((i) => i.feature)).toEqual(['max-request-bytes']);
});

const CLASS: Readonly<Record<Feature['group'], string>> = {
  refused: 'refused',
  todo: 'to do',
  differs: 'other response',
  carriage: 'same response',
};

test('docs/convert.md lists every feature that a translation can lose', async () => {
  const rows = AREAS.flatMap((area) => Object.entries<Feature>(area)).map(
    ([key, { group, documentation, decision, protects }]) =>
      `| \`${key}\` | ${CLASS[group]}${protects ? ', closed' : ''} | ${documentation}${decision ? `; ${decision}` : ''}${protects ? `; with \`--fail-open\`: ${protects}` : ''} |`,
  );
  const table = ['| feature | class | what is lost, and what to do |', '|---|---|---|', ...rows].join('\n');
  const text = readFileSync('docs/convert.md', 'utf8').replace(
    /(<!-- features: [^\n]* -->\n)[\s\S]*?(<!-- \/features -->)/,
    (_, begin: string, end: string) => `${begin}${table}\n${end}`,
  );
  expect(text).toContain(table);
  await expect(text).toMatchFileSnapshot('../docs/convert.md');
});
