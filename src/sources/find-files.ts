// Which files an input names: a file as it is, the YAML and JSON files below a folder, the matches of a glob.

import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { escapePath, glob, isDynamicPattern } from 'tinyglobby';
import { CannotRunError } from '../diagnostics/index.js';

export const STDIN = '-';

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false });

/** In code unit order: the same on every machine. */
const inOrder = (paths: readonly string[]) => [...paths].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

/** Shortest honest name: relative below the working directory, else absolute. */
function shownAs(path: string, cwd: string, named: string): string {
  if (isAbsolute(named)) return path;
  return relative(cwd, path) || path;
}

/**
 * Paths as they are shown, in the order of the inputs; `-` and what is no path stay as they are. A file that has several names (links,
 * loops of them) is read once, by the first. Errors: CannotRunError where an input names nothing.
 */
export async function findFiles<T extends object>(
  inputs: readonly (string | T)[],
  cwd: string,
): Promise<(string | T)[]> {
  const found = new Map<string | T, string | T>();
  for (const input of inputs) {
    if (typeof input !== 'string') {
      found.set(input, input);
      continue;
    }
    for (const path of await filesOf(input, cwd)) {
      const real = realNameOf(path, cwd);
      if (!found.has(real)) found.set(real, path);
    }
  }
  return [...found.values()];
}

/** Pipes (`/dev/stdin`, `<(…)`) have no name of their own. */
function realNameOf(path: string, cwd: string): string {
  if (path === STDIN) return path;
  try {
    return realpathSync.native(resolve(cwd, path));
  } catch {
    return path;
  }
}

async function filesOf(input: string, cwd: string): Promise<readonly string[]> {
  if (input === STDIN) return [STDIN];
  const path = resolve(cwd, input);
  const stat = statOf(path);
  if (stat && !stat.isDirectory()) return [shownAs(path, cwd, input)];
  if (stat) {
    const files = await search(`${escapePath(path)}/**/*.{yaml,yml,json}`, cwd);
    if (files.length === 0)
      throw new CannotRunError(
        `the folder ${input} holds no *.yaml, *.yml or *.json file`,
        'name the folder that holds the configuration',
      );
    return files.map((file) => shownAs(file, cwd, input));
  }
  if (!isDynamicPattern(input))
    throw new CannotRunError(
      `${input}: no such file or folder`,
      `paths are relative to ${cwd}; \`-\` reads from stdin`,
    );
  const matches = await search(isAbsolute(input) ? input : join(escapePath(cwd), input), cwd);
  if (matches.length === 0)
    throw new CannotRunError(`${input}: no file matches this pattern`, `patterns are relative to ${cwd}`);
  return matches.map((file) => shownAs(file, cwd, input));
}

const search = async (pattern: string, cwd: string) =>
  inOrder(
    await glob(pattern, {
      cwd,
      absolute: true,
      onlyFiles: true,
      dot: false,
      ignore: ['**/node_modules/**', '**/.git/**'],
      expandDirectories: false,
    }),
  );
