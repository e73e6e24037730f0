// Files that are generated from the listing of folders and from the dialects' profiles: this test is the generator.
// Stale? `npm run generate` writes them; read the diff.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import type { DialectProfile } from '../src/dialects/profile.js';

const header = (from: string) => `// Generated from ${from} by test/generated.test.ts. Do not edit: npm run generate\n`;

const camel = (name: string) => name.replace(/-(\w)/g, (_, c: string) => c.toUpperCase());

/** Folders below `folder` with an index.ts. */
const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((d) => d.isDirectory() && existsSync(`${folder}/${d.name}/index.ts`))
    .map((d) => d.name)
    .sort();

const DIALECTS = foldersIn('src/dialects');
const ENGINES = foldersIn('src/simulate/engines');
/** A file or a folder each; the default first. */
const IMPLEMENTATIONS = readdirSync('src/dialects/gateway-api/implementations')
  .map((name) => name.replace(/\.ts$/, ''))
  .filter((name) => !/^(implementation|index(\.gen)?)$/.test(name))
  .sort((a, b) => Number(b === 'istio') - Number(a === 'istio') || (a < b ? -1 : 1));

const profiles: readonly DialectProfile[] = await Promise.all(
  DIALECTS.map(async (name) => (await import(`../src/dialects/${name}/profile.ts`)).profile),
);

const union = (names: readonly string[]) => names.map((n) => `'${n}'`).join(' | ');
const imports = (names: readonly string[], what: string, file: string) =>
  names.map((n) => `import { ${what} as ${camel(n)} } from './${n}/${file}.js';`).join('\n');

test('a profile has the name of its folder', () => {
  expect(profiles.map((p) => p.name)).toEqual(DIALECTS);
});

test('src/dialects/index.gen.ts lists every dialect', async () => {
  const text = `${header('the listing of src/dialects')}
import type { Dialect } from './dialect.js';
${imports(DIALECTS, 'dialect', 'index')}

export const dialects: readonly Dialect[] = [${DIALECTS.map(camel).join(', ')}];
`;
  await expect(text).toMatchFileSnapshot('../src/dialects/index.gen.ts');
});

test('src/dialects/loaders.gen.ts loads the reader of each dialect', async () => {
  const key = (name: string) => (/^[a-z]+$/.test(name) ? name : `'${name}'`);
  const text = `${header('the listing of src/dialects')}
import type { DialectName } from '../model/index.js';
import type { Reader } from './dialect.js';

export const loaders: Readonly<Record<DialectName, () => Promise<Reader>>> = {
${DIALECTS.map((n) => `  ${key(n)}: async () => (await import('./${n}/reader.js')).reader,`).join('\n')}
};
`;
  await expect(text).toMatchFileSnapshot('../src/dialects/loaders.gen.ts');
});

test('src/dialects/profiles.gen.ts lists the profile of every dialect', async () => {
  const text = `${header('the listing of src/dialects')}
import type { DialectProfile } from './profile.js';
${imports(DIALECTS, 'profile', 'profile')}

export const profiles: readonly DialectProfile[] = [${DIALECTS.map(camel).join(', ')}];
`;
  await expect(text).toMatchFileSnapshot('../src/dialects/profiles.gen.ts');
});

test('src/dialects/leaving.gen.ts lists what is lost when a dialect is left', async () => {
  const names = DIALECTS.filter((name) => existsSync(`src/dialects/${name}/leaving.ts`));
  const text = `${header('the listing of src/dialects')}
import type { LeavingByDialect } from './leaving.js';
${imports(names, 'leaving', 'leaving')}

export const leavingOf: LeavingByDialect = { ${names.map((n) => (camel(n) === n ? n : `'${n}': ${camel(n)}`)).join(', ')} };
`;
  await expect(text).toMatchFileSnapshot('../src/dialects/leaving.gen.ts');
});

test("src/dialects/note-rules.gen.ts lists the rules of each dialect's own notes", async () => {
  const names = DIALECTS.filter((name) => existsSync(`src/dialects/${name}/note-rules.ts`));
  const text = `${header('the listing of src/dialects')}
import type { DialectName } from '../model/index.js';
import type { NoteRule } from './note-rule.js';
${imports(names, 'noteRules', 'note-rules')}

export const noteRulesOf: Readonly<Partial<Record<DialectName, readonly NoteRule[]>>> = { ${names.map((n) => (camel(n) === n ? n : `'${n}': ${camel(n)}`)).join(', ')} };
`;
  await expect(text).toMatchFileSnapshot('../src/dialects/note-rules.gen.ts');
});

test('src/dialects/reference-fields.gen.ts lists which fields name other objects', async () => {
  const names = DIALECTS.filter((name) => existsSync(`src/dialects/${name}/reference-fields.ts`));
  const text = `${header('the listing of src/dialects')}
import type { DialectName } from '../model/index.js';
import type { References } from './reference-field.js';
${imports(names, 'references', 'reference-fields')}

export const referencesOf: Readonly<Partial<Record<DialectName, References>>> = { ${names.map((n) => (camel(n) === n ? n : `'${n}': ${camel(n)}`)).join(', ')} };
`;
  await expect(text).toMatchFileSnapshot('../src/dialects/reference-fields.gen.ts');
});

test('src/model/names.gen.ts has the names of dialects, engines and ways', async () => {
  const ways = Object.assign({}, ...profiles.map((p) => p.ways ?? {})) as Record<string, string>;
  const lines = Object.entries(ways)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, title]) => `  '${kind}': ${JSON.stringify(title)},`);
  const text = `${header("the listings of src/dialects, its implementations and src/simulate/engines, and the dialects' profiles")}
/** Folders of src/dialects. */
export type DialectName = ${union(DIALECTS)};

/** Folders of src/simulate/engines. */
export type Engine = ${union(ENGINES)};

/** Files and folders of src/dialects/gateway-api/implementations (\`--implementation\`); the default first. */
export const IMPLEMENTATIONS = [${IMPLEMENTATIONS.map((n) => `'${n}'`).join(', ')}] as const;

export type ImplementationName = (typeof IMPLEMENTATIONS)[number];

/** What \`ways-in\` calls ways, by kind. */
export const WAY_TITLES = {
${lines.join('\n')}
} as const;

export type WayKind = keyof typeof WAY_TITLES;
`;
  await expect(text).toMatchFileSnapshot('../src/model/names.gen.ts');
});

test('src/sources/kinds.gen.ts has the kinds that the dialects read', async () => {
  const groups = new Map<string, Set<string> | 'all'>();
  const clusterScoped = new Set<string>();
  for (const { group, kinds, clusterScoped: scoped = [] } of profiles.flatMap((p) => p.kinds ?? [])) {
    const known = groups.get(group);
    groups.set(group, kinds && known !== 'all' ? new Set([...(known ?? []), ...kinds]) : 'all');
    for (const kind of scoped) clusterScoped.add(`${group}/${kind}`);
  }
  const lines = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([group, kinds]) =>
        `  '${group}': ${kinds === 'all' ? "'all'" : `[${[...kinds].map((k) => `'${k}'`).join(', ')}]`},`,
    );
  const text = `${header("the dialects' profiles")}
/** API group → kinds; \`all\`: every kind of the group. */
export const READ_BY_DIALECTS: Readonly<Record<string, readonly string[] | 'all'>> = {
${lines.join('\n')}
};

/** \`group/Kind\` of objects without a namespace. */
export const CLUSTER_SCOPED_BY_DIALECTS: readonly string[] = [${[...clusterScoped]
    .sort()
    .map((k) => `'${k}'`)
    .join(', ')}];
`;
  await expect(text).toMatchFileSnapshot('../src/sources/kinds.gen.ts');
});

test('src/resources/known-kinds.gen.ts has the kinds that exist', async () => {
  const groups = profiles.flatMap((p) => Object.entries(p.allKinds ?? {})).sort(([a], [b]) => (a < b ? -1 : 1));
  expect(new Set(groups.map(([group]) => group)).size).toBe(groups.length);
  const text = `${header("the dialects' profiles")}
/** API group → all its kinds, also of releases gone by. */
export const ALL_KINDS: Readonly<Record<string, readonly string[]>> = {
${groups.map(([group, kinds]) => `  '${group}': [${kinds.map((k) => `'${k}'`).join(', ')}],`).join('\n')}
};
`;
  await expect(text).toMatchFileSnapshot('../src/resources/known-kinds.gen.ts');
});

test('src/simulate/engines/index.gen.ts lists every engine', async () => {
  const text = `${header('the listing of src/simulate/engines')}
import type { Engine } from '../../model/index.js';
import type { EngineRules } from './engine-rules.js';
${imports(ENGINES, 'engine', 'index')}

export const engines: Readonly<Record<Engine, EngineRules>> = { ${ENGINES.map((n) => (camel(n) === n ? n : `'${n}': ${camel(n)}`)).join(', ')} };
`;
  await expect(text).toMatchFileSnapshot('../src/simulate/engines/index.gen.ts');
});

test('src/dialects/gateway-api/implementations/index.gen.ts lists every implementation', async () => {
  const folder = 'src/dialects/gateway-api/implementations';
  const file = (n: string) => (existsSync(`${folder}/${n}.ts`) ? n : `${n}/index`);
  const text = `${header(`the listing of ${folder}`)}
import type { ImplementationName } from '../../../model/index.js';
${IMPLEMENTATIONS.map((n) => `import { ${camel(n)} } from './${file(n)}.js';`)
  .sort()
  .join('\n')}
import type { Implementation } from './implementation.js';

export const implementations: Readonly<Record<ImplementationName, Implementation>> = { ${IMPLEMENTATIONS.map((n) => (camel(n) === n ? n : `'${n}': ${camel(n)}`)).join(', ')} };
`;
  await expect(text).toMatchFileSnapshot('../src/dialects/gateway-api/implementations/index.gen.ts');
});

test('src/lint/fields/index.gen.ts and src/lint/rules/index.gen.ts list every file with rules', async () => {
  const listed = (folder: string): string[] =>
    readdirSync(`src/lint/${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.ts') && !f.endsWith('.gen.ts'))
      .filter((f) => /export const rules\b/.test(readFileSync(`src/lint/${folder}/${f}`, 'utf8')))
      .map((f) => f.replace(/\.ts$/, ''))
      .sort();
  const files = (folder: string) =>
    listed(folder).map((name) => ({ path: `./${name}.js`, variable: camel(basename(name)) }));
  const imports = (folder: string) =>
    files(folder).map(({ path, variable }) => `import { rules as ${variable} } from '${path}';\n`);
  const spread = (folder: string) => files(folder).map(({ variable }) => `  ...${variable},\n`);
  const ofFields = `${header('the listing of lint/fields')}
import type { Rule } from '../rule.js';
${imports('fields').join('')}
/** Rules about single fields. */
export const fieldRules: readonly Rule[] = [
${spread('fields').join('')}];
`;
  await expect(ofFields).toMatchFileSnapshot('../src/lint/fields/index.gen.ts');
  const text = `${header('the listing of lint/rules')}
import { fieldRules } from '../fields/index.gen.js';
import type { Rule } from '../rule.js';
${imports('rules').join('')}
/** Every rule, by code. */
export const rules: readonly Rule[] = [
  ...fieldRules,
${spread('rules').join('')}].sort((a, b) => (a.code < b.code ? -1 : 1));
`;
  await expect(text).toMatchFileSnapshot('../src/lint/rules/index.gen.ts');
});

test('schemas/ has the schemas of the dialects that bring their own', async () => {
  for (const name of DIALECTS.filter((n) => existsSync(`src/dialects/${n}/schemas`)))
    for (const file of readdirSync(`src/dialects/${name}/schemas`))
      await expect(readFileSync(`src/dialects/${name}/schemas/${file}`, 'utf8')).toMatchFileSnapshot(
        `../schemas/${file}`,
      );
});

test('the picture of the architecture is drawn, with every folder of src', async () => {
  const script = '../docs/images/architecture.mjs';
  const { draw, files } = (await import(script)) as {
    draw(theme: string): string;
    files: readonly (readonly [name: string, theme: string])[];
  };
  for (const [name, theme] of files) await expect(draw(theme)).toMatchFileSnapshot(`../docs/images/${name}`);
  const words = new Set(draw('light').match(/[\w-]+/g));
  expect(readdirSync('src').filter((folder) => !words.has(folder))).toEqual([]);
});
