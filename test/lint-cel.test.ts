// Every CEL rule of the CRDs is one that the evaluator knows, and the functions that it lacks are ours.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileCel } from '../src/lint/cel.js';

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
    expect(compileCel(rule)?.({ self })).toBe(holds);
  });
