// Only the readers that objects need are loaded (src/dialects/readers.ts): for every fixture, the others have nothing to add.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { dialects } from '../src/dialects/index.gen.js';
import { readWith } from '../src/dialects/read-loaded.js';
import { neededReaders } from '../src/dialects/readers.js';
import { recogniseDocument } from '../src/dialects/registry.js';
import type { Catalog } from '../src/resources/catalog.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

/** Larger ones hold nothing that smaller ones do not. */
const MOST_BYTES = 400_000;

/** READERS=all: every file; else one of four. */
const EVERY = process.env.READERS === 'all' ? 1 : 4;

const FILES = readdirSync('fixtures', { recursive: true, withFileTypes: true })
  .filter((f) => f.isFile() && /\.(ya?ml|json)$/.test(f.name))
  .map((f) => join(f.parentPath, f.name))
  .sort()
  .filter((_, i) => i % EVERY === 0);

/** What readers say of the objects. */
function saidOf(catalog: Catalog, among: typeof dialects) {
  return {
    ...readWith(among, catalog, {}),
    parents: among.flatMap((d) => d.parents?.(catalog) ?? []),
    embedded: among.flatMap((d) => d.embedded?.(catalog, {}).parts ?? []),
    statuses: among.flatMap((d) => d.statuses?.(catalog, {}) ?? []),
    differences: among.flatMap((d) => d.specificationDifferences?.(catalog) ?? []),
    annotations: catalog.all.flatMap((r) => among.flatMap((d) => d.annotationFindings?.(r) ?? [])),
  };
}

test('the readers that are not loaded have nothing to say', () => {
  const wrong: string[] = [];
  let spared = 0;
  for (const file of FILES) {
    const text = readFileSync(file, 'utf8');
    if (text.length > MOST_BYTES) continue;
    const catalog = catalogOf(parseSource(file, text, undefined, recogniseDocument).resources);
    const needed = neededReaders(catalog, {});
    spared += dialects.length - needed.size;
    const some = dialects.filter(({ name }) => needed.has(name));
    if (!isDeepStrictEqual(saidOf(catalog, some), saidOf(catalog, dialects)))
      wrong.push(`${file} (${[...needed].join(', ')})`);
  }
  expect(wrong).toEqual([]);
  // Most files are of one dialect or two.
  expect(spared / FILES.length).toBeGreaterThan(6);
}, 300_000);
