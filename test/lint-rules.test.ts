// Each rule fires on its bad example and is silent on its good one, and the good one has no error at all.

import { expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { rules } from '../src/lint/rules/index.gen.js';
import { runLint } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

/** The day on which the certificates of the examples are looked at. */
const NOW = Date.parse('2026-11-22T00:00:00Z');

async function lintText(text: string) {
  const sources = parseSource('example.yaml', text);
  const catalog = catalogOf(sources.resources);
  const { gateways, notes } = readGateways(catalog, {});
  return runLint({ sources, catalog, gateways, notes }, { now: NOW, config: { preset: 'strict' } });
}

for (const rule of rules) {
  test(`${rule.code} ${rule.name}`, async () => {
    if (!rule.docs.abridged) {
      const bad = await lintText(rule.docs.bad);
      expect(
        bad.diagnostics.filter((d) => d.code === rule.code).length,
        `fires on:\n${rule.docs.bad}${JSON.stringify(bad.diagnostics, null, 1)}`,
      ).toBeGreaterThan(0);
    }
    const good = await lintText(rule.docs.good);
    expect(
      good.diagnostics.filter((d) => d.code === rule.code || d.severity === 'error'),
      `is silent on:\n${rule.docs.good}`,
    ).toEqual([]);
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
  expect(rules.filter((rule) => rule.docs.abridged).map((rule) => rule.code)).toEqual(['MGW0433', 'MGW0434']);
});
