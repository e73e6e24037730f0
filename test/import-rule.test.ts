// The table of docs/design.md "Where things are": which folder of src may import which. And no file imports itself through others.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

const EVERYTHING = ['*'];
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: [],
  diagnostics: ['model'],
  regex: [],
  resources: ['model', 'diagnostics'],
  files: ['diagnostics'],
  sources: ['model', 'diagnostics', 'files'],
  // What a control plane makes of objects, whichever dialect they are written in.
  implementations: ['model', 'diagnostics', 'regex', 'resources', 'dialects/item-list.ts'],
  // The names of losses, as a type (dialect.ts hands it on): the table itself belongs to the translation.
  dialects: [
    'model',
    'diagnostics',
    'regex',
    'resources',
    'implementations',
    'sources/schema/fits.ts',
    'convert/features/index.ts',
    // YAML of the examples in the rules about their notes.
    'lint/examples.ts',
  ],
  simulate: ['model', 'diagnostics', 'regex'],
  tokens: ['model', 'diagnostics'],
  // What paths an engine leaves alone is one of its rules.
  space: [
    'model',
    'regex',
    'simulate/engines/index.gen.ts',
    'simulate/engines/normalize-path.ts',
    'simulate/match-string.ts',
  ],
  requests: ['model', 'diagnostics'],
  lint: [
    'model',
    'diagnostics',
    'files',
    'regex',
    'resources',
    'space',
    'sources',
    'implementations',
    'dialects/dialect.ts',
    'dialects/note-rule.ts',
    'dialects/note-rules.gen.ts',
    'dialects/registry.ts',
  ],
  convert: [
    'model',
    'diagnostics',
    'resources',
    'diff',
    'simulate',
    'dialects/accounts.ts',
    'dialects/dialect.ts',
    'dialects/index.gen.ts',
    // Routes whose Gateway is elsewhere are items of a translation.
    'dialects/parents.ts',
    'dialects/read.ts',
    'dialects/registry.ts',
  ],
  diff: ['model', 'regex', 'space', 'simulate'],
  serve: ['model', 'diagnostics', 'simulate', 'tokens'],
  'ways-in': ['model', 'regex', 'resources', 'space', 'lint', 'diff/words.ts', 'dialects/registry.ts'],
  report: ['model', 'diagnostics'],
  // The page is one of the outputs of ways-in: it says the names of ways as the others do.
  page: [
    'model',
    'simulate',
    'tokens',
    'diff/words.ts',
    'requests/from-url.ts',
    'report/html/page-data.ts',
    'report/ways-in-words.ts',
  ],
  api: [
    'model',
    'diagnostics',
    'resources',
    'sources',
    'dialects',
    'lint',
    'convert',
    'diff',
    'simulate',
    'tokens',
    'requests',
    'ways-in',
  ],
  lsp: [
    'model',
    'diagnostics',
    'sources',
    'dialects/reference-field.ts',
    'dialects/reference-fields.gen.ts',
    'lint',
    'diff',
    'api',
    'report/markdown-text.ts',
    'report/result-text.ts',
  ],
  cli: EVERYTHING,
};

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : /\.tsx?$/.test(name) ? [path] : [];
  });

/** What a file imports of src, as paths below src. Type-only imports count: they are dependencies of thought. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((m) =>
    relative('src', normalize(join(dirname(file), m[1]!.replace(/\.js$/, '.ts')))),
  );
}

test('dialects know the names of the feature table, not the table', () => {
  const importing = files('src/dialects').filter((file) => importsOf(file).some((to) => to.startsWith('convert/')));
  expect(importing.sort()).toEqual(['src/dialects/accounts.ts', 'src/dialects/dialect.ts']);
  for (const file of importing)
    expect(readFileSync(file, 'utf8')).toContain("import type { FeatureKey } from '../convert/features/index.js'");
});

/** Files that are about names of products, whoever reads their objects. */
const ABOUT_PRODUCTS = [
  'src/resources/annotation-owner.ts', // domains of annotations of every controller that has some
  'src/resources/retired-meshes.ts',
  'src/ways-in/controllers.ts', // the comparison, with its sources
  // YAML of examples.
  'src/lint/rules/annotations.ts',
  'src/lint/rules/ingress-class.ts',
];

test('what everybody shares names no dialect: what one needs of it is data of its folder', () => {
  const named =
    /'(?:kong|kuma|traefik|ingress-nginx|smi)'|konghq|traefik\.(?:io|ingress)|kuma\.io|smi-spec|nginx\.ingress\.k/;
  const found = files('src').filter(
    (file) =>
      !/^src\/(dialects|simulate\/engines)\/[\w-]+\/|\.gen\.ts$/.test(file) &&
      readFileSync(file, 'utf8')
        .split('\n')
        .some((line) => named.test(line) && !/^\s*(\/\/|\/?\*)/.test(line)),
  );
  expect(found.sort()).toEqual(ABOUT_PRODUCTS.sort());
});

test('folders of src import only what the design allows', () => {
  const broken: string[] = [];
  const used = new Set<string>();
  for (const file of files('src')) {
    const own = relative('src', file);
    const folder = own.split('/')[0]!;
    const allowed = MAY_IMPORT[folder];
    if (!allowed) {
      broken.push(`${file}: no rule for the folder ${folder}`);
      continue;
    }
    for (const target of importsOf(file)) {
      const to = target.split('/')[0]!;
      used.add(to);
      if (allowed === EVERYTHING) continue;
      const sibling = folder === 'dialects' && to === 'dialects';
      if (sibling) {
        // A dialect imports itself and the files of dialects/, never another dialect; the registry imports all.
        const [mine, theirs] = [own.split('/'), target.split('/')];
        if (mine.length > 2 && theirs.length > 2 && mine[1] !== theirs[1])
          broken.push(`${file} imports the dialect ${theirs[1]}`);
      } else if (to !== folder && !allowed.includes(to) && !allowed.includes(target)) {
        broken.push(`${file} imports ${target}`);
      }
    }
  }
  expect(used.size).toBeGreaterThan(3);
  expect(broken).toEqual([]);
});

/** The last column of the table, as MAY_IMPORT has it; what stands in parentheses behind it is kept. */
const withImports = (design: string): string =>
  design.replace(/^(\| `([\w-]+)\/[^`]*` \|.*\| )([^|]+) \|$/gm, (row, start: string, folder: string, cell: string) => {
    const allowed = MAY_IMPORT[folder];
    if (!allowed) return row;
    const named = allowed.map((to) => (to.includes('.') ? `\`${to}\`` : to)).join(', ');
    const note = / \(.*\)$/.exec(cell)?.[0] ?? '';
    return `${start}${allowed === EVERYTHING ? 'everything' : named || 'nothing'}${note} |`;
  });

// `npx vitest run test/import-rule.test.ts -u` writes it.
test('docs/design.md shows this table', async () => {
  const design = readFileSync('docs/design.md', 'utf8');
  await expect(withImports(design)).toMatchFileSnapshot('../docs/design.md');
  const rows = [...design.matchAll(/^\| `([\w-]+)\//gm)].map(([, folder]) => folder);
  expect(rows.sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

/** A way from a file back to itself; undefined: there is none. */
function cycleFrom(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): string[] | undefined => {
    const at = way.indexOf(file);
    if (at >= 0) return [...way.slice(at), file];
    if (done.has(file)) return undefined;
    way.push(file);
    for (const target of imports.get(file) ?? []) {
      const found = visit(target);
      if (found) return found;
    }
    way.pop();
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const found = visit(file);
    if (found) return found;
  }
  return undefined;
}

test('no file of src imports itself through others, not even for a type', () => {
  expect(
    cycleFrom(
      new Map([
        ['a', ['b']],
        ['b', ['a']],
      ]),
    ),
  ).toEqual(['a', 'b', 'a']);
  const imports = new Map(files('src').map((file) => [relative('src', file), importsOf(file)]));
  expect(imports.size).toBeGreaterThan(400);
  expect(cycleFrom(imports)).toBeUndefined();
});
