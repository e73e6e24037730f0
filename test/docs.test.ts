// What the documents and comments refer to is in the repository.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const filesIn = (folder: string, name: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path) && !path.includes('node_modules'))
    .map((path) => join(folder, path));

const pages = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...filesIn('docs', /\.md$/),
  ...filesIn('test', /\.md$/),
  'fixtures/truth/README.md',
];

test('links between documents lead somewhere', () => {
  const broken = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
      .map((m) => (m[1] ?? m[2])!.replace(/#.*$/, ''))
      .filter((to) => to !== '' && !/^[a-z]+:/.test(to) && !existsSync(join(dirname(page), to)))
      .map((to) => `${page}: ${to}`),
  );
  expect(broken).toEqual([]);
});

test('nothing refers to documents outside of the repository', () => {
  const outside = /\b(field-notes|contract\.md|style\.md|real-systems\.md)|shared\/(truth|cases|corpus)/;
  const files = [...pages, ...filesIn('src', /\.tsx?$/), ...filesIn('test', /\.(ts|mjs|go)$/)].filter(
    (file) => file !== 'test/docs.test.ts',
  );
  expect(files.filter((file) => outside.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test('the session of the page about 404 is what the command line prints', () => {
  const printed = readFileSync('fixtures/cli/why-404/expected.txt', 'utf8').split(/^--- exit \d\n/m);
  const page = readFileSync('docs/why-404.md', 'utf8');
  const sessions = [...page.matchAll(/^```\n(\$ meshgw [\s\S]*?)\n```$/gm)].map((m) => m[1]!.trim());
  expect(sessions).toEqual(printed.map((text) => text.trim()).filter(Boolean));
});
