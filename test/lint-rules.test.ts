// Each rule fires on its bad example and is silent on its good one, and the good one has no error at all.

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lint } from '../src/api/lint.js';
import { understand } from '../src/api/load.js';
import { recogniseDocument } from '../src/dialects/registry.js';
import type { Rule } from '../src/lint/rule.js';
import { rules } from '../src/lint/rules/index.gen.js';
import { parseSource } from '../src/sources/index.js';

/** The day on which the certificates of the examples are looked at. */
const NOW = Date.parse('2026-12-01T00:00:00Z');

async function lintText(text: string) {
  return lint(await understand(parseSource('example.yaml', text, undefined, recogniseDocument)), {
    now: NOW,
    preset: 'strict',
  });
}

/** Examples that are shortened for the page stand whole in fixtures/lint/<code>/. */
function exampleOf(rule: Rule, which: 'bad' | 'good'): string | undefined {
  const docs = rule.docs();
  if (!docs.abridged) return docs[which];
  const file = `fixtures/lint/${rule.code}/${which}.yaml`;
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

for (const rule of rules) {
  const [bad, good] = [exampleOf(rule, 'bad'), exampleOf(rule, 'good')];
  if (bad === undefined || good === undefined) continue;
  test(`${rule.code} ${rule.name}`, async () => {
    const onBad = await lintText(bad);
    const fired = onBad.diagnostics.filter((d) => d.code === rule.code);
    expect(fired.length, `fires on:\n${bad}${JSON.stringify(onBad.diagnostics, null, 1)}`).toBeGreaterThan(0);
    const onGood = await lintText(good);
    const wrong = onGood.diagnostics.filter((d) => d.code === rule.code || d.severity === 'error');
    expect(wrong, `is silent on:\n${good}`).toEqual([]);
  });
}

test('abridged examples: bodies that are too large for a page', async () => {
  const body = (bytes: number) =>
    `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec:\n  hosts: [a.example.com]\n  http:\n  - directResponse: {status: 200, body: {string: "${'x'.repeat(bytes)}"}}\n`;
  const codes = async (bytes: number) =>
    (await lintText(body(bytes))).diagnostics
      .map((d) => d.code)
      .filter((code) => code === 'MGW0433' || code === 'MGW0434');
  expect(await codes(100 * 1024)).toEqual([]);
  expect(await codes(100 * 1024 + 1)).toEqual(['MGW0434']);
  expect(await codes(1024 * 1024 + 1)).toEqual(['MGW0433']);
  expect(rules.filter((rule) => exampleOf(rule, 'bad') === undefined).map((rule) => rule.code)).toEqual([
    'MGW0433',
    'MGW0434',
  ]);
});
