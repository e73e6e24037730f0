// Inputs made to be slow: the reader takes time in proportion to them, says what it says, and never hangs.

import { expect, test } from 'vitest';
import { parseSource, placeOf } from '../src/sources/index.js';
import { validateResource } from '../src/sources/schema/validate.js';

const TIME_LIMIT_MS = 10_000;

const vs = (body: string) =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec:\n${body}`;

const INPUTS: Readonly<Record<string, string>> = {
  dashes: `${'-'.repeat(1_000_000)}@: [`,
  colons: `${': '.repeat(500_000)}"`,
  quotes: `a: ${'"'.repeat(1_000_001)}`,
  manyBroken: 'a: "x\n---\n'.repeat(20_000),
  manyDup: 'a: 1\na: 2\n---\n'.repeat(20_000),
  manyUnknown: vs(`  hosts: [a]\n${Array.from({ length: 100000 }, (_, i) => `  f${i}: 1\n`).join('')}`),
  manyChoices: vs(`  hosts: [a]\n  http:\n  - match:\n${'    - uri: {exact: a, prefix: b}\n'.repeat(50_000)}`),
  longPattern: `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\nspec:\n  hostnames: ["${'a'.repeat(1_000_000)}!"]\n`,
  midPattern: `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\nspec:\n  hostnames: ["${'a'.repeat(8000)}!"]\n`,
  bigList:
    'apiVersion: v1\nkind: List\nitems:\n' +
    Array.from(
      { length: 20000 },
      (_, i) => `- {apiVersion: v1, kind: Service, metadata: {name: s${i}}, spec: {prots: []}}\n`,
    ).join(''),
  flow: `a: ${'{a: '.repeat(90)}${'}'.repeat(90)}`,
  aliasMany: `a: &a x\nb: [${'*a, '.repeat(300_000)}*a]\n`,
  aliasChain: `a0: &a0 x\n${Array.from({ length: 3000 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]\n`).join('')}`,
  directives: '%YAML 1.1\n---\na: 1\n'.repeat(5000),
  brackets: '['.repeat(90) + '\n---\n'.repeat(1),
  blanks: '\n'.repeat(3_000_000) + '---\n'.repeat(1000),
  comments: `${'# x\n'.repeat(1_000_000)}---\na: 1\n`,
  spaces: `a:${' '.repeat(2_000_000)}"`,
  json: `${'{"a": '.repeat(95)}1${'}'.repeat(95)}`,
  brokenDocuments: 'a: [\n---\n'.repeat(130_000),
  nearNames: vs(`  ${'h'.repeat(100000)}: 1\n`),
};

/** Code of the first finding; absent: none. */
const FIRST: Readonly<Record<string, string>> = {
  dashes: 'MGW0003',
  colons: 'MGW0006',
  quotes: 'MGW0003',
  manyBroken: 'MGW0003',
  manyDup: 'MGW0005',
  manyUnknown: 'MGW0010',
  manyChoices: 'MGW0015',
  longPattern: 'MGW0014',
  midPattern: 'MGW0014',
  bigList: 'MGW0010',
  aliasChain: 'MGW0006',
  directives: 'MGW0003',
  brackets: 'MGW0003',
  spaces: 'MGW0003',
  brokenDocuments: 'MGW0003',
  nearNames: 'MGW0010',
};

test.each(Object.entries(INPUTS))('slow input: %s', (name, text) => {
  const start = process.cpuUsage();
  const loaded = parseSource('f.yaml', text);
  const found = [...loaded.diagnostics, ...loaded.resources.flatMap(validateResource)];
  const places = found.map((d) => placeOf(d.place));
  // CPU, not the clock: other work on the machine is no fault of the input.
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(TIME_LIMIT_MS);
  expect(found[0]?.code).toBe(FIRST[name]);
  expect(places.every((p) => p.line > 0 && p.column > 0)).toBe(true);
});
