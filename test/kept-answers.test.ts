// What is kept of a configuration knows what it was made of only where every table that is made once for a catalog notes what it asked.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Resource } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { Keeping } from '../src/resources/keeping.js';
import { perCatalog, scopeOf } from '../src/resources/kept-answers.js';

test('no table of a catalog is remembered beside perCatalog', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(500);
  const beside = files.filter((file) =>
    /Map<(Catalog|LoadedConfig\['catalog'\])\b/.test(readFileSync(`src/${file}`, 'utf8')),
  );
  // Statuses are asked for by whole rules, which nobody keeps.
  expect(beside.sort()).toEqual(['api/lint-knowledge.ts', 'resources/kept-answers.ts']);
});

const object = (kind: string, name: string): Resource => ({
  ...{ apiVersion: 'v1', group: '', version: 'v1', kind, name, namespace: 'default', labels: {}, annotations: {} },
  ...{ order: 0, object: {}, base: [], document: { file: 'a.yaml', startLine: 1, text: '' } },
});

const names = perCatalog(
  (catalog) =>
    catalog
      .ofKind('/B')
      .map(({ name }) => name)
      .join(),
  (a, b) => a === b,
);
const lengths = perCatalog((catalog) => ({ of: (kind: string) => catalog.ofKind(kind).length }));

test('an answer is kept while what it asked for, itself or by tables, is the same', () => {
  const keeping = new Keeping();
  const made: string[] = [];
  const [a, b, c, d] = [object('A', 'a'), object('B', 'b'), object('C', 'c'), object('D', 'd')];
  const answer = (...objects: Resource[]) => {
    const catalog = catalogOf(objects, keeping);
    const say = scopeOf(catalog, 'say').keep(a, '', () => {
      made.push('made');
      return `${names(catalog)} ${lengths(catalog).of('/C')}`;
    });
    return `${say}, made ${made.length}`;
  };
  expect(answer(a, b, c, d)).toBe('b 1, made 1');
  expect(answer(a, b, c)).toBe('b 1, made 1');
  // Other objects, and the table says the same.
  expect(answer(a, { ...b }, c)).toBe('b 1, made 1');
  expect(answer(a, b, c, object('C', 'c2'))).toBe('b 2, made 2');
  expect(answer(a, b, c, object('C', 'c2'))).toBe('b 2, made 3');
  expect(answer(a, object('B', 'other'), c)).toBe('other 1, made 4');
  expect(answer(a, c)).toBe(' 1, made 5');
  expect(answer(a, c)).toBe(' 1, made 5');
});

test('without a memory nothing is kept', () => {
  const one = object('A', 'a');
  const made = () => scopeOf(catalogOf([one]), 'made').keep(one, '', () => ({}));
  expect(made()).not.toBe(made());
});
