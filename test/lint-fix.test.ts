// `--fix` changes what a finding names and nothing else; what it changed is no finding any more.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lintKnowledge } from '../src/cli/lint-knowledge.js';
import { readGateways } from '../src/dialects/read.js';
import { applyFixes } from '../src/lint/fix.js';
import { runLint } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

async function fixed(text: string, now = text) {
  const sources = parseSource('a.yaml', text);
  const catalog = catalogOf(sources.resources);
  const result = await runLint({ sources, catalog, ...readGateways(catalog, {}) }, { ...lintKnowledge() });
  return {
    fixable: result.diagnostics.filter((d) => d.fix),
    result: applyFixes(result.diagnostics, (file) => (file === 'a.yaml' ? now : undefined)),
  };
}

const input = readFileSync('fixtures/lint/fix/input.yaml', 'utf8');

test('comments and formatting stay', async () => {
  const { result } = await fixed(input);
  await expect(result.files[0]!.after).toMatchFileSnapshot('../fixtures/lint/fix/expected.yaml');
  expect(result.skipped).toBe(0);
  expect(result.files[0]!.before).toBe(input);
});

test('nothing is left to fix afterwards', async () => {
  const { fixable, result } = await fixed(input);
  expect(fixable.length).toBeGreaterThan(4);
  const again = await fixed(result.files[0]!.after);
  expect(again.fixable.map((d) => d.code)).toEqual([]);
  expect(again.result.files).toEqual([]);
});

test('a file that has changed meanwhile is left alone', async () => {
  const { result } = await fixed(input, input.replace('its own', 'an own'));
  expect(result.files.map((f) => f.file)).toEqual(result.applied ? ['a.yaml'] : []);
  expect(result.skipped).toBeGreaterThan(0);
});

test('a value behind an alias is left alone', async () => {
  const { result } = await fixed(`apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a}
spec:
  hosts: [a.example.com]
  gateways: &all [shop.default.svc.cluster.local]
  http:
  - route: [{destination: {host: a}}]
    match: [{gateways: *all}]
`);
  expect(result.applied + result.skipped).toBeGreaterThan(0);
});
