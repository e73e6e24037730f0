// fixtures/bad-input/<case>: whatever is wrong with the files, meshgw says where and what to do, and reads the rest.
//
// A case holds its input files, or recipe.json that makes one (bytes that git should not hold), or inputs.txt with the
// inputs to name. expected.txt: what is said, what was read all the same, and the exit code of `meshgw lint`.

import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { CannotRunError } from '../src/diagnostics/index.js';
import { formatResource } from '../src/model/index.js';
import { loadSources, placeOf } from '../src/sources/index.js';
import { validateResource } from '../src/sources/schema/validate.js';

interface Recipe {
  readonly name: string;
  readonly parts: readonly {
    readonly text?: string;
    readonly hex?: string;
    readonly times?: number;
    readonly size?: number;
  }[];
}

const cases = resolve(import.meta.dirname, '../fixtures/bad-input');
/** Nothing in here takes longer, whatever is in the input. */
const TIME_LIMIT_MS = 10_000;

function cook({ name, parts }: Recipe, folder: string): void {
  const file = join(folder, name);
  writeFileSync(
    file,
    Buffer.concat(
      parts.map(({ text, hex = '', times = 1 }) =>
        Buffer.alloc(
          0 + (text === undefined ? hex.length / 2 : Buffer.byteLength(text)) * times,
          Buffer.from(text ?? hex, text === undefined ? 'hex' : 'utf8'),
        ),
      ),
    ),
  );
  for (const { size } of parts) if (size !== undefined) truncateSync(file, size);
}

async function outcome(inputs: readonly string[], cwd: string): Promise<string> {
  try {
    const loaded = await loadSources(inputs, { cwd, readStdin: async () => '' });
    const diagnostics = [...loaded.diagnostics, ...loaded.resources.flatMap(validateResource)];
    const said = diagnostics.map((d) => {
      const { file, line, column } = placeOf(d.place);
      return `${file}:${line}:${column} ${d.severity} ${d.code} ${d.message}`;
    });
    const read = loaded.resources.map((r) => `read ${formatResource(r)}`);
    const ignored = Object.entries(loaded.ignored).map(([what, count]) => `ignored ${count} ${what}`);
    const exit = `exit ${diagnostics.some((d) => d.severity === 'error') ? 1 : 0}`;
    return [...said, ...read, ...ignored, exit].join('\n').concat('\n');
  } catch (error) {
    if (!(error instanceof CannotRunError)) throw error;
    return `${error.message}\n${error.hint ?? ''}\nexit 2\n`.replaceAll(cwd, '<cwd>');
  }
}

const names = readdirSync(cases, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

test.each(names)('bad input: %s', { timeout: TIME_LIMIT_MS }, async (name) => {
  const folder = join(cases, name);
  const files = readdirSync(folder)
    .filter((file) => file !== 'expected.txt')
    .sort();
  const expected = join(folder, 'expected.txt');
  const compare = async (inputs: readonly string[], cwd: string) => {
    const text = await outcome(inputs, cwd);
    expect(text).not.toMatch(/^ {4}at /m);
    await expect(text).toMatchFileSnapshot(expected);
  };
  if (files.includes('inputs.txt'))
    return compare(readFileSync(join(folder, 'inputs.txt'), 'utf8').trim().split('\n'), folder);
  if (!files.includes('recipe.json')) return compare(files, folder);
  const made = mkdtempSync(join(tmpdir(), 'meshgw-'));
  try {
    const recipe = JSON.parse(readFileSync(join(folder, 'recipe.json'), 'utf8')) as Recipe;
    cook(recipe, made);
    await compare([recipe.name], made);
  } finally {
    rmSync(made, { recursive: true });
  }
});
