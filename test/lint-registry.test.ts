// src/lint/rules/index.gen.ts is the folder listing of lint/rules and lint/fields; codes and names are unique.
// Regenerate: npx vitest run test/lint-registry.test.ts -u

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Files that export `rules`. */
const listed = (folder: string): string[] =>
  readdirSync(`src/lint/${folder}`)
    .filter(
      (f) =>
        f.endsWith('.ts') &&
        !f.endsWith('.gen.ts') &&
        /export const rules\b/.test(readFileSync(`src/lint/${folder}/${f}`, 'utf8')),
    )
    .sort();

const variable = (folder: string, file: string): string =>
  file.replace(/\.ts$/, '').replaceAll(/-(\w)/g, (_, c: string) => c.toUpperCase()) +
  (folder === 'fields' ? 'Fields' : '');

test('the registry of rules is the folder listing', async () => {
  const files = ['fields', 'rules'].flatMap((folder) => listed(folder).map((file) => ({ file, folder })));
  const text = [
    '// Generated from the folder listing of lint/fields and lint/rules; run `npx vitest run test/lint-registry.test.ts -u`.',
    '',
    "import type { Rule } from '../rule.js';",
    ...files.map(
      ({ file, folder }) =>
        `import { rules as ${variable(folder, file)} } from '${folder === 'rules' ? './' : '../fields/'}${file.replace(/\.ts$/, '.js')}';`,
    ),
    '',
    '/** Every rule, by code. */',
    'export const rules: readonly Rule[] = [',
    ...files.map(({ file, folder }) => `  ...${variable(folder, file)},`),
    '].sort((a, b) => (a.code < b.code ? -1 : 1));',
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../src/lint/rules/index.gen.ts');
});

test('codes and names are unique and well formed', async () => {
  const { rules } = await import('../src/lint/rules/index.gen.js');
  expect(rules.length).toBeGreaterThan(50);
  for (const key of ['code', 'name'] as const) {
    const values = rules.map((rule) => rule[key]);
    expect(values.filter((value, i) => values.indexOf(value) !== i)).toEqual([]);
  }
  for (const rule of rules) {
    expect(rule.code).toMatch(/^MGW\d{4}$/);
    expect(rule.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(Boolean(rule.check) !== Boolean(rule.fields?.length)).toBe(true);
    expect(`${rule.title}${rule.docs.instead}`.length).toBeGreaterThan(10);
  }
});
