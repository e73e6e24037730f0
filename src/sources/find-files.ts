// Which files an input names: a file as it is, the YAML and JSON files below a folder, the matches of a glob.

import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { escapePath, isDynamicPattern } from 'tinyglobby';
import { CannotRunError } from '../diagnostics/index.js';
import { reasonOf } from '../files/index.js';
import { append } from '../model/index.js';
import type { IgnoreRule } from './ignore-rules.js';
import { searchFiles } from './search-files.js';

export const STDIN = '-';

/** A file to read. */
export interface FoundFile {
  /** As it is shown: relative below the working directory, else absolute; `-` for standard input. */
  readonly name: string;
  /** Absolute: the folder below which it was found. Absent where the user named the file itself. */
  readonly within?: string;
}

export interface FoundFiles<F = FoundFile> {
  readonly files: readonly F[];
  /** Folders that were not looked into, as they are shown, and why. */
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
  /** Charts of Helm: nothing in them was read. As they are shown. */
  readonly charts: readonly string[];
}

/** Shortest honest name: relative below the working directory, else absolute. */
function shownAs(path: string, cwd: string, named: string): string {
  if (isAbsolute(named)) return path;
  return relative(cwd, path) || path;
}

/**
 * In the order of the inputs; what is no path stays as it is. A file that has several names (links, loops of them) is read once: by its
 * own name where that is among them, else by the first. Errors: CannotRunError where an input names nothing.
 */
export function findFiles<T extends object>(
  inputs: readonly (string | T)[],
  cwd: string,
  exclude: readonly IgnoreRule[] = [],
): FoundFiles<FoundFile | T> {
  const found = new Map<string | T, FoundFile | T>();
  const skipped: FoundFiles['skipped'][number][] = [];
  const charts: string[] = [];
  for (const input of inputs) {
    if (typeof input !== 'string') {
      found.set(input, input);
      continue;
    }
    const below = filesOf(input, cwd, exclude);
    append(skipped, below.skipped);
    append(charts, below.charts);
    for (const file of below.files) {
      const real = realNameOf(file.name, cwd);
      if (!found.has(real) || isOwnName(file, real, cwd)) found.set(real, file);
    }
  }
  return { files: [...found.values()], skipped, charts: [...new Set(charts)] };
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

/** Whether no link stands between the folder and the file. */
function isOwnName({ name, within }: FoundFile, real: string, cwd: string): boolean {
  if (name === STDIN || within === undefined) return false;
  return join(realpathSync.native(within), relative(within, resolve(cwd, name))) === real;
}

function filesOf(input: string, cwd: string, exclude: readonly IgnoreRule[]): FoundFiles {
  if (input === STDIN) return { files: [{ name: STDIN }], skipped: [], charts: [] };
  const path = resolve(cwd, input);
  const stat = statOf(path, input);
  if (stat && !stat.isDirectory()) return { files: [{ name: shownAs(path, cwd, input) }], skipped: [], charts: [] };
  if (!stat && /^https?:\/\//i.test(input))
    throw new CannotRunError(
      `${input}: meshgw opens no URLs`,
      `curl -fsSL '${input.replaceAll("'", '%27')}' | meshgw lint -`,
    );
  if (!stat && !isDynamicPattern(input))
    throw new CannotRunError(
      `${input}: no such file or folder`,
      `paths are relative to ${cwd}; \`-\` reads from stdin`,
    );
  const pattern = isAbsolute(input) ? input : join(escapePath(cwd), input);
  const below = stat
    ? search(path, `${escapePath(path)}/**/*.{yaml,yml,json}`, cwd, input, { exclude, honoursGit: true })
    : search(baseOf(path), pattern, cwd, input, { exclude });
  const base = stat ? path : baseOf(path);
  const whole = below.skipped.find(({ name }) => resolve(cwd, name) === base);
  if (whole) throw new CannotRunError(`cannot read ${input}: ${whole.why}`, 'name a folder that can be read');
  if (below.files.length + below.skipped.length + below.charts.length > 0) return below;
  const left = below.leftOut > 0 ? ', other than those that .gitignore or an exclusion leaves out' : '';
  throw stat
    ? new CannotRunError(
        `the folder ${input} holds no *.yaml, *.yml or *.json file${left}`,
        'name the folder that holds the configuration',
      )
    : new CannotRunError(`${input}: no file matches this pattern${left}`, `patterns are relative to ${cwd}`);
}

function statOf(path: string, input: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A pattern may hold characters, or be longer, than a name can.
    if (isDynamicPattern(input) || code === 'ENOTDIR') return undefined;
    throw new CannotRunError(`cannot read ${input}: ${reasonOf(error)}`, undefined, { cause: error });
  }
}

function search(
  folder: string,
  pattern: string,
  cwd: string,
  input: string,
  how: Parameters<typeof searchFiles>[2],
): FoundFiles & { readonly leftOut: number } {
  const { files, skipped, charts, leftOut } = searchFiles(folder, pattern, how);
  return {
    files: files.map((path) => ({ name: shownAs(resolve(path), cwd, input), within: folder })),
    skipped: skipped.map(({ path, why }) => ({ name: shownAs(resolve(path), cwd, input), why })),
    charts: charts.map((path) => shownAs(resolve(path), cwd, input)),
    leftOut,
  };
}

/** The folder of a pattern: its parts before the first that holds a wildcard, as far as they exist. */
function baseOf(pattern: string): string {
  const parts = pattern.split(sep);
  const wild = parts.findIndex((part) => /[*?[\]{}()!+@|\\]/.test(part));
  let base = parts.slice(0, wild < 0 ? -1 : wild).join(sep) || sep;
  while (!statSync(base, { throwIfNoEntry: false })?.isDirectory() && dirname(base) !== base) base = dirname(base);
  return base;
}
