// What an input may be: files, folders, globs, stdin; lists; namespaces.

import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { CannotRunError } from '../src/diagnostics/index.js';
import { formatResource, originOf } from '../src/model/index.js';
import { loadSources, locate, placeOf } from '../src/sources/index.js';
import { validateResource } from '../src/sources/schema/validate.js';

const cwd = resolve(import.meta.dirname, '../fixtures/sources/inputs');
const load = (inputs: string[], stdin = '', defaultNamespace?: string) =>
  loadSources(inputs, { cwd, readStdin: async () => Buffer.from(stdin), defaultNamespace });
const names = async (inputs: string[]) => (await load(inputs)).resources.map((r) => `${r.document.file} ${r.name}`);

test('a file, a folder in code unit order, a glob', async () => {
  expect(await names(['a.yaml'])).toEqual(['a.yaml a']);
  expect(await names(['deep'])).toEqual(['deep/c.json c', 'deep/er/d.yaml d']);
  expect(await names(['./deep/'])).toEqual(await names(['deep']));
  expect(await names(['**/*.json'])).toEqual(['deep/c.json c', 'ingress-list.json bare']);
  expect(await names(['[ab].y*ml'])).toEqual(['a.yaml a', 'b.yml b', 'b.yml b2']);
});

test('hidden folders are read when they are named, files with odd names are no globs', async () => {
  expect((await names(['.'])).some((n) => n.includes('hidden'))).toBe(false);
  expect(await names(['.hidden'])).toEqual(['.hidden/e.yaml e']);
  expect(await names(['odd [name].yaml'])).toEqual(['odd [name].yaml odd']);
});

test('inputs in their order, each file once; absolute paths stay absolute', async () => {
  expect(await names(['deep/c.json', 'a.yaml', 'deep'])).toEqual(['deep/c.json c', 'a.yaml a', 'deep/er/d.yaml d']);
  expect(await names([join(cwd, 'a.yaml')])).toEqual([`${join(cwd, 'a.yaml')} a`]);
});

test('a file with several names is read once by its own, also in a loop of links', async () => {
  const root = mkdtempSync(join(tmpdir(), 'meshgw-links-'));
  mkdirSync(join(root, 'deep'));
  writeFileSync(join(root, 'deep', 'a.yaml'), 'kind: Service\napiVersion: v1\nmetadata: {name: a}\n');
  symlinkSync('..', join(root, 'deep', 'loop'));
  symlinkSync('deep/a.yaml', join(root, 'b.yaml'));
  symlinkSync('nothing', join(root, 'dangling.yaml'));
  const { resources } = await loadSources(['.'], { cwd: root, readStdin: async () => '' });
  expect(resources.map((r) => r.document.file)).toEqual([join('deep', 'a.yaml')]);
});

test('from another working directory only the named folder is looked at', async () => {
  const root = mkdtempSync(join(tmpdir(), 'meshgw-elsewhere-'));
  for (const folder of ['here', 'beside', 'conf']) mkdirSync(join(root, folder));
  symlinkSync(tmpdir(), join(root, 'beside', 'link'));
  symlinkSync(tmpdir(), join(root, 'link'));
  writeFileSync(join(root, 'conf', 'a.yaml'), 'kind: Service\napiVersion: v1\nmetadata: {name: a}\n');
  for (const input of [join(root, 'conf'), join(root, 'conf', '*.yaml'), '../conf']) {
    const { resources, diagnostics } = await loadSources([input], {
      cwd: join(root, 'here'),
      readStdin: async () => '',
    });
    expect([input, resources.length, diagnostics]).toEqual([input, 1, []]);
  }
});

test('stdin', async () => {
  const { resources, files } = await load(['-', 'a.yaml'], 'kind: Service\napiVersion: v1\nmetadata: {name: piped}\n');
  expect(resources.map((r) => [r.document.file, r.name, r.order])).toEqual([
    ['<stdin>', 'piped', 0],
    ['a.yaml', 'a', 1],
  ]);
  expect(files).toBe(2);
});

test('lists are taken apart, also nested ones and those whose items do not say what they are', async () => {
  const { resources } = await load(['kubectl-get.yaml', 'ingress-list.json']);
  expect(resources.map(formatResource)).toEqual([
    'Ingress shop/listed',
    'Service default/nested',
    'Ingress default/bare',
  ]);
  expect(resources[0]).toMatchObject({
    createdAt: Date.UTC(2026, 2, 1, 10),
    annotations: { 'kubernetes.io/ingress.class': 'nginx' },
    base: ['items', 0],
  });
  expect(locate(originOf(resources[1]!, 'metadata', 'name'))).toEqual({
    file: 'kubectl-get.yaml',
    line: 16,
    column: 22,
  });
  const [finding] = validateResource(resources[2]!);
  expect([finding?.code, placeOf(finding!.place).column]).toEqual(['MGW0010', 113]);
});

test('the namespace of objects without one', async () => {
  const { resources } = await load(['b.yml'], '', 'team');
  expect(resources.map((r) => r.namespace)).toEqual(['shop', 'team']);
});

test('an input that names nothing cannot be run, and says what to do', async () => {
  for (const input of ['none.yaml', 'none/*.yaml', 'none']) await expect(load([input])).rejects.toThrow(CannotRunError);
});
