// ingress-nginx: a fixture for every annotation of the table and for every quirk (fixtures/ingress-nginx), found by
// their folders. The recordings are in test/truth.test.ts.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { annotationFindings, annotationTable } from '../src/dialects/ingress-nginx/index.js';
import { describeFixture } from './ingress/describe-fixture.js';

const root = join(import.meta.dirname, '../fixtures/ingress-nginx');
const folders = (at: string): string[] =>
  readdirSync(at, { withFileTypes: true })
    .filter((e) => e.isDirectory() && existsSync(join(at, e.name, 'input.yaml')))
    .map((e) => e.name)
    .sort();

const quirks = folders(join(root, 'quirks'));

describe('annotations', () => {
  for (const name of folders(root)) {
    test(name, async () => {
      const found = describeFixture(join(root, name), 'ingress-nginx', annotationFindings);
      await expect(stringify(found, { lineWidth: 0 })).toMatchFileSnapshot(join(root, name, 'expected.yaml'));
    });
  }

  test('the table and the fixtures name the same annotations', () => {
    expect(folders(root)).toEqual(annotationTable.map((spec) => spec.name).sort());
  });
});

describe('quirks', () => {
  for (const name of quirks) {
    test(name, async () => {
      const found = describeFixture(join(root, 'quirks', name), 'ingress-nginx', annotationFindings);
      await expect(stringify(found, { lineWidth: 0 })).toMatchFileSnapshot(join(root, 'quirks', name, 'expected.yaml'));
    });
  }

  test('each has its sentence in docs/ingress-nginx.md', () => {
    const guide = readFileSync(join(import.meta.dirname, '../docs/ingress-nginx.md'), 'utf8');
    const named = [...guide.matchAll(/\bQ(\d+)\b/g)].map((m) => Number(m[1]));
    const wanted = quirks.map((name) => Number(/^q(\d+)-/.exec(name)![1]));
    expect(wanted.length).toBeGreaterThanOrEqual(16);
    expect(wanted.filter((n) => !named.includes(n))).toEqual([]);
  });
});
