// The files below a folder that match a pattern. Links are followed inside of the folder only, each once (loops and links to one another
// multiply), and the number of entries is bounded. What is a link to elsewhere, or no regular file, is listed like a file where the
// pattern names it: who reads it says why it cannot be read.

import { type Dirent, existsSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { globSync } from 'tinyglobby';
import { CannotRunError } from '../diagnostics/index.js';
import { isInside, MAX_CONFIG_BYTES, MAX_ENTRIES, readUserFile, reasonOf } from '../files/index.js';
import { type IgnoreRule, ignoreRules, isLeftOut } from './ignore-rules.js';

export interface SearchResult {
  /** Absolute, in code unit order: the same on every machine. */
  readonly files: readonly string[];
  /** Links to folders outside, and folders that may not be read: nothing below them was looked at. Absolute. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  /** Charts of Helm, which hold templates in place of objects. Absolute. */
  readonly charts: readonly string[];
  /** How many files and folders the rules left out. */
  readonly leftOut: number;
}

/**
 * `folder` is absolute and exists; `pattern` is absolute too. `exclude` goes before what `.gitignore` files say, which count where
 * `honoursGit`. Throws CannotRunError where there is too much to look at.
 */
export function searchFiles(
  folder: string,
  pattern: string,
  {
    exclude = [],
    honoursGit = false,
  }: { readonly exclude?: readonly IgnoreRule[]; readonly honoursGit?: boolean } = {},
): SearchResult {
  const root = realpathSync.native(folder);
  const skipped: { path: string; why: string }[] = [];
  const followed = new Set<string>();
  const charts = new Set<string>();
  let leftOut = 0;
  const gitRules = new Map<string, readonly IgnoreRule[]>();
  /** Of the folders from the repository's root down to this one. */
  const rulesAt = (path: string): readonly IgnoreRule[] => {
    if (!honoursGit) return exclude;
    let rules = gitRules.get(path);
    if (!rules) {
      const above = path === folder ? gitRulesAbove(folder) : dirname(path) === path ? [] : gitRulesOf(dirname(path));
      gitRules.set(path, (rules = [...above, ...gitIgnoreOf(path)]));
    }
    return [...rules, ...exclude];
  };
  const gitRulesOf = (path: string): readonly IgnoreRule[] => {
    rulesAt(path);
    return gitRules.get(path) ?? [];
  };
  // A pattern without `**` ends at a depth: folders there are not asked for.
  const depth = pattern.includes('**') ? Number.POSITIVE_INFINITY : pattern.split('/').length;
  let entries = 0;
  const readdir = (path: string): Dirent[] => {
    if (entries > MAX_ENTRIES) return [];
    let found: Dirent[];
    try {
      found = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') skipped.push({ path, why: reasonOf(error) });
      return [];
    }
    entries += found.length;
    if (isChart(found)) {
      charts.add(path);
      return [];
    }
    const rules = rulesAt(path.length > folder.length ? path.replace(/[/\\]$/, '') : folder);
    const kept = found.filter((entry) => {
      const out = rules.length > 0 && isLeftOut(rules, join(path, entry.name), entry.isDirectory());
      if (out) leftOut++;
      return !out;
    });
    return kept.sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => seen(path, entry));
  };
  const seen = (parent: string, entry: Dirent): Dirent[] => {
    if (entry.isFile() || entry.isDirectory()) return [entry];
    if (!entry.isSymbolicLink()) return [asFile(entry)];
    const path = join(parent, entry.name);
    const target = targetOf(path);
    if (!target?.stats.isDirectory()) return [asFile(entry)];
    if (!isInside(root, target.real)) {
      const asked = !entry.name.startsWith('.') && !LEFT_OUT.includes(entry.name) && path.split(sep).length < depth;
      if (asked) skipped.push({ path, why: 'it is a link that leads out of its folder' });
      return [];
    }
    const place = join(realpathSync.native(parent), entry.name);
    if (followed.has(place)) return [];
    followed.add(place);
    return [entry];
  };
  const files = globSync(pattern, {
    // From another working directory it would look at all that the two have in common, and report links there.
    cwd: folder,
    absolute: true,
    onlyFiles: true,
    dot: false,
    ignore: LEFT_OUT.map((name) => `**/${name}/**`),
    expandDirectories: false,
    // The library asks for nothing but names with types.
    fs: { readdirSync: readdir as unknown as typeof readdirSync },
  });
  if (entries > MAX_ENTRIES)
    throw new CannotRunError(
      `${folder} holds more than ${MAX_ENTRIES} files and folders`,
      'name the folder that holds the configuration',
    );
  return { files: files.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)), skipped, charts: [...charts].sort(), leftOut };
}

/** `Chart.yaml` beside `templates/`. */
const isChart = (entries: readonly Dirent[]): boolean =>
  entries.some((e) => e.name === 'Chart.yaml' && !e.isDirectory()) &&
  entries.some((e) => e.name === 'templates' && e.isDirectory());

function gitIgnoreOf(folder: string): IgnoreRule[] {
  const read = readUserFile(join(folder, '.gitignore'), { within: folder, limit: MAX_CONFIG_BYTES });
  return Buffer.isBuffer(read) ? ignoreRules(read.toString('utf8'), folder) : [];
}

/** Of the folders above, where the folder is part of a repository. */
function gitRulesAbove(folder: string): IgnoreRule[] {
  const above: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (at !== folder) above.unshift(at);
    if (existsSync(join(at, '.git'))) return above.flatMap(gitIgnoreOf);
    if (dirname(at) === at) return [];
  }
}

const LEFT_OUT = ['node_modules', '.git'];

function targetOf(path: string): { readonly real: string; readonly stats: Stats } | undefined {
  try {
    return { real: realpathSync.native(path), stats: statSync(path) };
  } catch {
    return undefined;
  }
}

const asFile = (entry: Dirent): Dirent =>
  Object.assign(Object.create(entry) as Dirent, {
    name: entry.name,
    isFile: () => true,
    isDirectory: () => false,
    isSymbolicLink: () => false,
  });
