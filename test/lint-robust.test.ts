// Whatever an object holds, lint answers: no exception, no endless loop. Random values stand where fields of the kinds are.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lintKnowledge } from '../src/api/lint-knowledge.js';
import { parsePattern } from '../src/lint/field-walk.js';
import { rules } from '../src/lint/rules/index.gen.js';
import { runLint } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

const checks = rules.flatMap((rule) => rule.fields ?? []);
const kinds = [...new Set(checks.map((check) => check.kind))].sort();
const names = [...new Set(checks.flatMap(({ at }) => parsePattern(at)).filter((step) => /^\w/.test(step)))];

const scalar = fc.oneof(
  fc.constantFrom(
    '',
    '*',
    'a',
    'a.example.com',
    '*.example.com',
    'ns/host',
    '5s',
    '0s',
    'SIMPLE',
    'HTTP',
    'TLS',
    'DNS',
    'STATIC',
    '1.2.3.4',
    '10.0.0.0/8',
    '%',
    '(',
    '/a',
    'mesh',
    'v1',
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.integer({ min: -2, max: 70000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium', maxDepth: 6 },
    scalar,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 5 }),
  ),
})).tree;

const object = fc
  .record({ kind: fc.constantFrom(...kinds), spec: value, annotations: value, name: scalar })
  .map(({ kind, spec, annotations, name }) => {
    const [group, short] = kind.split('/') as [string, string];
    return {
      apiVersion: group ? `${group}/v1` : 'v1',
      kind: short,
      metadata: { name, namespace: 'default', annotations },
      spec,
    };
  });

test('random objects of every kind are linted', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(object, { minLength: 1, maxLength: 4 }), async (objects) => {
      const sources = parseSource('a.json', objects.map((o) => JSON.stringify(o)).join('\n---\n'));
      const { diagnostics } = await runLint(
        { sources, catalog: catalogOf(sources.resources), gateways: [], notes: [] },
        { ...lintKnowledge({}), config: { preset: 'strict' }, now: 0 },
      );
      for (const d of diagnostics) expect(d.position.line).toBeGreaterThan(0);
      seen += diagnostics.length;
    }),
    { numRuns: 400, seed: 20261122 },
  );
  expect(seen).toBeGreaterThan(400);
});

/** Objects that are large in one way; each must be linted in a moment. */
const LARGE: readonly [name: string, spec: unknown, kind: string][] = [
  [
    'hosts',
    {
      hosts: Array.from({ length: 20_000 }, (_, i) => `*.h${i}.example.com`),
      gateways: ['g'],
      http: [{ route: [{ destination: { host: 'a' } }] }],
    },
    'VirtualService',
  ],
  [
    'rules with one path',
    {
      hosts: ['a'],
      http: Array.from({ length: 5_000 }, (_, i) => ({
        match: [{ uri: { prefix: '/a' }, headers: { [`x-${i}`]: { exact: 'a' } } }],
        route: [{ destination: { host: 'a' } }],
      })),
    },
    'VirtualService',
  ],
  [
    'a long path',
    {
      hosts: ['a'],
      http: [{ match: [{ uri: { prefix: `/${'a/'.repeat(200_000)}` } }], route: [{ destination: { host: 'a' } }] }],
    },
    'VirtualService',
  ],
  [
    'servers',
    {
      servers: Array.from({ length: 5_000 }, (_, i) => ({
        port: { number: 443, name: `p${i}`, protocol: 'HTTPS' },
        hosts: ['a.example.com'],
        tls: { mode: 'SIMPLE', credentialName: 'one' },
      })),
    },
    'Gateway',
  ],
  ['exportTo', { host: 'a', exportTo: Array.from({ length: 50_000 }, (_, i) => `ns-${i}`) }, 'DestinationRule'],
];
for (const [name, spec, kind] of LARGE)
  test(`many ${name} take no time out of proportion`, async () => {
    const sources = parseSource(
      'a.json',
      JSON.stringify({ apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'a' }, spec }),
    );
    const start = process.cpuUsage();
    await runLint({ sources, catalog: catalogOf(sources.resources), gateways: [], notes: [] });
    const { user } = process.cpuUsage(start);
    expect(user / 1e6).toBeLessThan(10);
  });
