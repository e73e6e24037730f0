// `--fix` changes what a finding names and nothing else; what it changed is no finding any more.

import { readFileSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lintKnowledge } from '../src/api/lint-knowledge.js';
import { readGateways } from '../src/dialects/read.js';
import { applyFixes } from '../src/lint/fix.js';
import { runLint } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';
import { folderOf, meshgwIn } from './run-cli.js';

async function fixed(text: string, now = text) {
  const sources = parseSource('a.yaml', text);
  const catalog = catalogOf(sources.resources);
  const result = await runLint({ sources, catalog, ...readGateways(catalog, {}) }, { ...lintKnowledge({}) });
  return {
    fixable: result.diagnostics.filter((d) => d.fix),
    result: applyFixes(result.diagnostics, (file) => (file === 'a.yaml' ? now : undefined)),
  };
}

const input = readFileSync('fixtures/lint/fix/input.yaml', 'utf8');

test('comments and formatting stay', async () => {
  const { result } = await fixed(input);
  await expect(result.files[0]!.after).toMatchFileSnapshot('../fixtures/lint/fix/expected.yaml');
  expect(result.left).toEqual([]);
  expect(result.files[0]!.before).toBe(input);
});

test('a byte order mark and line breaks of Windows stay', async () => {
  const windows = (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}`;
  const { result } = await fixed(windows(input));
  expect(result.left).toEqual([]);
  expect(result.files[0]!.after).toBe(windows(readFileSync('fixtures/lint/fix/expected.yaml', 'utf8')));
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
  expect(result.files.map((f) => f.file)).toEqual(result.fixed.length ? ['a.yaml'] : []);
  expect(result.left.length).toBeGreaterThan(0);
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
  expect(result.fixed.length + result.left.length).toBeGreaterThan(0);
});

/** What stands in braces, before and after. */
const FLOW: readonly [name: string, before: string, after: string][] = [
  [
    'a member goes with its comma',
    'spec: {selector: {a: b}, servers: [{port: {number: 80, name: http, targetPort: 8080, protocol: HTTP}, hosts: [a.example.com]}]}',
    'spec: {selector: {a: b}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example.com]}]}',
  ],
  [
    'the first member goes',
    'spec: {selector: {a: b}, servers: [{port: {targetPort: 8080, number: 80, name: http, protocol: HTTP}, hosts: [a.example.com]}]}',
    'spec: {selector: {a: b}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example.com]}]}',
  ],
  [
    'over several lines',
    'spec: {selector: {a: b}, servers: [{port: {\n    number: 80,\n    targetPort: 8080,\n    name: http, protocol: HTTP}, hosts: [a.example.com]}]}',
    'spec: {selector: {a: b}, servers: [{port: {\n    number: 80,\n    name: http, protocol: HTTP}, hosts: [a.example.com]}]}',
  ],
  [
    'a comment is not ours to remove',
    'spec: {selector: {a: b}, servers: [{port: {number: 80, # for probes\n    targetPort: 8080,\n    name: http, protocol: HTTP}, hosts: [a.example.com]}]}',
    '',
  ],
];

test.each(FLOW)('in braces: %s', async (_, before, after) => {
  const text = `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a}\n${before}\n`;
  const { result } = await fixed(text);
  if (after === '') expect([result.files, result.left.length]).toEqual([[], 1]);
  else expect(result.files[0]?.after).toBe(text.replace(before, after));
});

test('JSON stays JSON', async () => {
  const text = readFileSync('fixtures/lint/fix/input.json', 'utf8');
  const { fixable, result } = await fixed(text);
  expect([result.fixed, result.left]).toEqual([fixable, []]);
  expect(JSON.parse(result.files[0]!.after)).toBeTruthy();
  await expect(result.files[0]!.after).toMatchFileSnapshot('../fixtures/lint/fix/expected.json');
});

test('what is left after the fixes is listed, what is only information is counted', async () => {
  const text = readFileSync('fixtures/article/gateway.yaml', 'utf8');
  const root = folderOf({ 'a.yaml': text.replace('prefix:', 'prefx:').replace('number: 8000', 'number: 800000') });
  try {
    const { code, err } = await meshgwIn(root, ['lint', 'a.yaml', '--fix']);
    expect(code).toBe(1);
    expect(err).toMatch(/^fixed 1 of \d findings in 1 file$/m);
    expect(err).toMatch(/^fix by hand: a\.yaml:\d+:\d+ MGW\d+ .*800000/m);
    expect(err).toMatch(/^left: \d infos?; meshgw lint shows them$/m);
    expect(err).not.toContain('prefx');
  } finally {
    rmSync(root, { recursive: true });
  }
});
