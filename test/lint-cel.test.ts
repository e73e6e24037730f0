// Every CEL rule of the CRDs is one that the evaluator knows, and the functions that it lacks are ours.

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { celValue, compileCel } from '../src/lint/cel.js';
import type { Json } from '../src/model/index.js';

test('the evaluator knows every rule of schemas/cel', () => {
  const unknown: string[] = [];
  let count = 0;
  for (const file of readdirSync('schemas/cel')) {
    const entries = JSON.parse(readFileSync(`schemas/cel/${file}`, 'utf8')) as { rules: { rule: string }[] }[];
    for (const { rule } of entries.flatMap((entry) => entry.rules)) {
      count++;
      if (!rule.includes('oldSelf') && !compileCel(rule)) unknown.push(`${file}: ${rule}`);
    }
  }
  expect(count).toBeGreaterThan(100);
  expect(unknown).toEqual([]);
});

const CASES: readonly [rule: string, self: unknown, holds: boolean][] = [
  ["url(self).getScheme() in ['http', 'https']", 'https://shop.example.com/keys', true],
  ["url(self).getScheme() in ['http', 'https']", 'file:///etc/keys', false],
  ['has(self[0].path)', [{ path: '/' }], true],
  ['has(self[0].path)', [{}], false],
  ['self.matches(r"""^(?i)[a-z]+$""")', 'ABC', true],
  ['has(self.__namespace__)', { namespace: 'a' }, true],
];

for (const [rule, self, holds] of CASES)
  test(`${rule} of ${JSON.stringify(self)} is ${holds}`, () => {
    expect(compileCel(rule)?.holds({ self })).toBe(holds);
  });

const rules = readdirSync('schemas/cel').flatMap((file) =>
  (JSON.parse(readFileSync(`schemas/cel/${file}`, 'utf8')) as { rules: { rule: string }[] }[]).flatMap((entry) =>
    entry.rules.map(({ rule }) => rule),
  ),
);

/** Values of the names and texts that a rule speaks of: most of them are nearly what it asks for. */
function valuesFor(rule: string): fc.Arbitrary<Json> {
  const names = [
    ...new Set([...rule.matchAll(/\.(\w+)(?!\w*\()/g)].map(([, name]) => name!.replace(/^__(\w+)__$/, '$1'))),
  ];
  const texts = [...rule.matchAll(/'([^']*)'/g)].map(([, text]) => text!);
  const scalar = fc.oneof(
    fc.constantFrom<Json>(...texts, '', 'a', '/a', '*', '/a//b', 'é', '😀', null, true, false, 0, 1, 2, 1.5, 2 ** 60),
    fc.constantFrom<Json>(...texts, 'a'),
  );
  return fc.letrec<{ value: Json; object: Json }>((tie) => ({
    object: fc.dictionary(fc.constantFrom(...names, 'x'), tie('value'), {
      maxKeys: 6,
      noNullPrototype: true,
    }) as fc.Arbitrary<Json>,
    value: fc.oneof(
      { depthSize: 'small' },
      scalar,
      tie('object'),
      fc.array(tie('object'), { maxLength: 3 }) as fc.Arbitrary<Json>,
      fc.array(scalar, { maxLength: 3 }) as fc.Arbitrary<Json>,
    ),
  })).value;
}

test('what is decided without the evaluator is what the evaluator says', () => {
  let [certain, holding, quick] = [0, 0, 0];
  const distinct = [...new Set(rules)].filter((rule) => !rule.includes('oldSelf'));
  for (const rule of distinct) {
    const compiled = compileCel(rule)!;
    if (compiled.quickly) quick++;
    fc.assert(
      fc.property(valuesFor(rule), (self) => {
        let real = false;
        try {
          real = compiled.holds({ self: celValue(self, new WeakMap()) }) === true;
        } catch {}
        if (real) holding++;
        if (!compiled.quickly?.(self)) return;
        certain++;
        expect(real, `${rule} of ${JSON.stringify(self)}`).toBe(true);
      }),
      { seed: 20261201, numRuns: Number(process.env.CEL_RUNS ?? 150) },
    );
  }
  expect(quick / distinct.length).toBeGreaterThan(0.8);
  // Most values here are not what a rule is about; those of real objects are.
  expect(certain / holding).toBeGreaterThan(0.1);
});
