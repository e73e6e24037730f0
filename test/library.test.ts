// docs/library.md is real: its examples are the files of test/library (so that they are type-checked), each followed by what it prints.
// `UPDATE_README=1 npx vitest run test/library.test.ts` rewrites the blocks; read the diff. And the package offers what the page says.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { formatWithOptions } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import * as api from '../src/api/index.js';
import { ensureBuilt } from './build.js';

const PAGE = 'docs/library.md';
const FOLDER = 'test/library';
const EXAMPLE = /<!-- example: (\S+) -->\n[\s\S]*?<!-- end -->/g;

async function outputOf(file: string): Promise<string> {
  const lines: string[] = [];
  const log = vi
    .spyOn(console, 'log')
    .mockImplementation((...args: unknown[]) => void lines.push(formatWithOptions({ colors: false }, ...args)));
  try {
    await import(`./library/${file}.ts`);
  } finally {
    log.mockRestore();
  }
  return lines.join('\n');
}

test('each example of the page prints what the page says', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const names = [...page.matchAll(EXAMPLE)].map(([, name]) => name!);
  expect([...names].sort()).toEqual(
    readdirSync(FOLDER)
      .map((f) => f.replace(/\.ts$/, ''))
      .sort(),
  );
  let fresh = page;
  for (const [block, name] of page.matchAll(EXAMPLE)) {
    const source = readFileSync(`${FOLDER}/${name}.ts`, 'utf8');
    const text = `<!-- example: ${name} -->\n\`\`\`ts\n${source}\`\`\`\n\n\`\`\`text\n${await outputOf(name!)}\n\`\`\`\n<!-- end -->`;
    fresh = fresh.replace(block, () => text);
  }
  if (process.env.UPDATE_README) writeFileSync(PAGE, fresh);
  else expect(page).toBe(fresh);
});

test('the page names every function of the library', () => {
  const page = readFileSync(PAGE, 'utf8');
  const functions = Object.keys(api);
  expect(functions.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
});

test('nothing of the library reads the environment, prints or exits', () => {
  const globals = readdirSync('src/api').filter((f) =>
    /\bprocess\.(env|exit|argv|cwd|std)|\bconsole\./.test(readFileSync(`src/api/${f}`, 'utf8')),
  );
  expect(globals).toEqual([]);
});

test('a document that cannot be read is a finding of lint, and stops the others', async () => {
  const config = await api.load({ file: 'broken.yaml', text: 'kind: [' });
  const { summary } = await api.lint(config);
  expect(summary.errors).toBe(1);
  await expect(api.simulate(config, 'http://a.example/')).rejects.toThrow(/broken\.yaml:1:/);
  expect(() => api.routes(config)).toThrow(api.CannotRunError);
  expect(() => api.diff(config, config)).toThrow(api.CannotRunError);
  expect(() => api.convert(config, { from: 'ingress', to: 'istio' })).toThrow(api.CannotRunError);
});

test('paths and texts can stand side by side; standard input is not read', async () => {
  const config = await api.load(['article/ingress.yaml', { file: 'a.yaml', text: new Uint8Array() }], {
    cwd: 'fixtures',
  });
  expect(config.sources.files).toBe(2);
  expect(config.sources.resources[0]?.document.file).toBe('article/ingress.yaml');
  await expect(api.load('-')).rejects.toThrow(api.CannotRunError);
});

/** Paths in the packed file. */
const listPacked = (): string[] => {
  const [pack] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8', stdio: 'pipe' }),
  ) as [{ readonly files: readonly { readonly path: string }[] }];
  return pack.files.map((f) => f.path);
};

describe('the package', () => {
  let packed: readonly string[] = [];
  beforeAll(() => {
    ensureBuilt();
    packed = listPacked();
  }, 240_000);

  test('exports the functions of src/api to who imports it', () => {
    const script = "console.log(Object.keys(await import('meshgw')).sort().join())";
    const names = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(names.trim()).toBe(Object.keys(api).sort().join());
  });

  test('has no mistake that publint knows', async () => {
    const { messages, pkg } = await publint({ strict: true, pack: 'npm' });
    expect(messages.map((m) => formatMessage(m, pkg))).toEqual([]);
  }, 240_000);

  test('ships the bundle, the types and the schemas, and no module twice', () => {
    const other = packed.filter(
      (p) =>
        !/^(bin|schemas|dist\/(bundle|page|types))\//.test(p) && !['LICENSE', 'README.md', 'package.json'].includes(p),
    );
    expect(other).toEqual([]);
    expect(packed.filter((p) => p.startsWith('dist/types/') && !p.endsWith('.d.ts'))).toEqual([]);
  });

  test('the terminal views are loaded by the commands that draw, not by the library', () => {
    const library = readFileSync('dist/bundle/index.js', 'utf8');
    expect(library).not.toMatch(/yoga|react/i);
  });
});
