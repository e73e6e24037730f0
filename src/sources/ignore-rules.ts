// Which files below a folder are left out: the rules of `.gitignore`, which `--exclude` and `ignore:` of meshgw.config.yaml follow too
// (https://git-scm.com/docs/gitignore). A name without a slash is one at any depth; the last rule that fits decides, `!` takes back.
// Patterns are matched by hand, in time that grows with pattern times name: they may be a stranger's.

import { dirname, relative, sep } from 'node:path';

export interface IgnoreRule {
  /** Absolute: the folder from which the pattern is seen. */
  readonly base: string;
  /** `**` stands for any number of folders. */
  readonly parts: readonly string[];
  readonly takesBack: boolean;
  readonly foldersOnly: boolean;
}

/** Rules that are looked at of one file. */
const MOST_RULES = 10_000;

/** The lines of a `.gitignore` in `base`. */
export const ignoreRules = (text: string, base: string): IgnoreRule[] =>
  text
    .split(/\r?\n/)
    .slice(0, MOST_RULES)
    .flatMap((line) => (line.startsWith('#') ? [] : ignoreRule(line, base)));

/** One pattern; of nothing none. */
export function ignoreRule(line: string, base: string): IgnoreRule[] {
  const written = line.trimEnd();
  const takesBack = written.startsWith('!');
  const pattern = (takesBack ? written.slice(1) : written).replace(/^\\(?=[#!])/, '').replace(/^\.\//, '/');
  const foldersOnly = pattern.endsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  if (parts.length === 0) return [];
  const anchored = pattern.slice(0, foldersOnly ? -1 : undefined).includes('/');
  return [{ base, parts: anchored ? parts : ['**', ...parts], takesBack, foldersOnly }];
}

/** `path` is absolute; a folder that is left out takes everything in it with it, which is the caller's to see. */
export function isLeftOut(rules: readonly IgnoreRule[], path: string, isFolder: boolean): boolean {
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i]!;
    if (rule.foldersOnly && !isFolder) continue;
    const way = relative(rule.base, path);
    if (way === '' || way.startsWith('..')) continue;
    if (fits(rule.parts, way.split(sep), (part) => part === '**', nameFits)) return !rule.takesBack;
  }
  return false;
}

/** Whether the patterns fit a file (absolute) or a folder that it is in. */
export function fitsFile(rules: readonly IgnoreRule[], path: string): boolean {
  if (isLeftOut(rules, path, false)) return true;
  for (let folder = dirname(path); dirname(folder) !== folder; folder = dirname(folder))
    if (isLeftOut(rules, folder, true)) return true;
  return false;
}

const nameFits = (pattern: string, name: string): boolean =>
  fits(characters(pattern), [...name], (c) => c === '*', characterFits);

/** Characters, and classes as one: `[a-z]`. */
const characters = (pattern: string): string[] => pattern.match(/\\.|\[[^\]]+\]|./gsu) ?? [];

function characterFits(wanted: string, c: string): boolean {
  if (wanted === '?') return true;
  if (wanted.length > 1 && wanted.startsWith('\\')) return wanted.slice(1) === c;
  if (wanted.length < 3 || !wanted.startsWith('[')) return wanted === c;
  const inverted = wanted[1] === '!' || wanted[1] === '^';
  const set = [...wanted.slice(inverted ? 2 : 1, -1)];
  const found = set.some((low, i) =>
    set[i + 1] === '-' && set[i + 2] !== undefined ? low <= c && c <= set[i + 2]! : low === c,
  );
  return found !== inverted;
}

/** A list against a list in which some elements stand for any number of others: greedy, back to the last of these. */
function fits<T>(
  pattern: readonly T[],
  list: readonly T[],
  isAny: (p: T) => boolean,
  one: (p: T, x: T) => boolean,
): boolean {
  let [p, i, star, mark] = [0, 0, -1, 0];
  while (i < list.length) {
    if (p < pattern.length && isAny(pattern[p]!)) [star, mark, p] = [p, i, p + 1];
    else if (p < pattern.length && one(pattern[p]!, list[i]!)) [p, i] = [p + 1, i + 1];
    else if (star >= 0) [p, mark, i] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  while (p < pattern.length && isAny(pattern[p]!)) p++;
  return p === pattern.length;
}
