// A baseline that lint wrote holds every finding of the same files, wherever their lines have moved, and no new one.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lint } from '../src/api/lint.js';
import { load } from '../src/api/load.js';
import { baselineOf, baselineText, withoutKnown } from '../src/lint/baseline.js';

const text = readFileSync('fixtures/cli/known-findings-are-left-out/routes.yaml', 'utf8');
const findingsOf = async (yaml: string) => lint(await load({ file: 'routes.yaml', text: yaml }));

test('what is written is left out, though lines move', async () => {
  const before = await findingsOf(text);
  expect(before.diagnostics.length).toBe(4);
  const baseline = baselineOf(baselineText(before.diagnostics), 'known.json');
  const { result, known, gone } = withoutKnown(await findingsOf(`# a line more\n${text}`), baseline);
  expect([result.diagnostics, known, gone]).toEqual([[], 4, 0]);
  expect(result.summary).toMatchObject({ errors: 0, warnings: 0, infos: 0, resources: 1 });
});

test('a finding of its own is new, though another of its code is known; what was mended is gone', async () => {
  const baseline = baselineOf(baselineText((await findingsOf(text)).diagnostics), 'known.json');
  const changed = text
    .replace('regex: new', "regex: '/new'")
    .replace('shop.example.com', 'shop.example.com\n  - "*.*"');
  const { result, gone } = withoutKnown(await findingsOf(changed), baseline);
  expect(result.diagnostics.map((d) => d.path)).toContain('spec.hosts[1]');
  expect(gone).toBeGreaterThan(0);
});
