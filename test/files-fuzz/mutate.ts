// Mutations of files: of their bytes, and of the trees in them (values of other types, keys renamed, parts moved from
// object to object, lists repeated, names of JavaScript everywhere).

import { dump, loadAll } from 'js-yaml';
import type { Random } from './random.js';
import { NAMES, VALUES } from './words.js';

type Tree = unknown;
type Path = readonly (string | number)[];

/** The documents of a text; undefined where it is no YAML, or one with aliases (some fixtures are small trees with billions of places). */
export function documentsOf(text: string): Tree[] | undefined {
  if (/(?:^|[\s[{,:])\*\w/.test(text)) return undefined;
  try {
    return loadAll(text).filter((d) => d !== null && d !== undefined);
  } catch {
    return undefined;
  }
}

/** A stream of documents, in JSON where all of it can be said so and chance wants it. */
export function textOf(documents: readonly Tree[], json = false): string {
  return documents
    .map((d) => (json ? JSON.stringify(d) : dump(d, { noRefs: true, lineWidth: -1 }).trimEnd()))
    .join('\n---\n')
    .concat('\n');
}

export const isTree = (v: Tree): v is Record<string, Tree> | Tree[] => typeof v === 'object' && v !== null;

/** All places of a tree, the top last. */
export function pathsOf(tree: Tree, at: Path = []): Path[] {
  if (!isTree(tree)) return [at];
  const below = Array.isArray(tree)
    ? tree.flatMap((v, i) => pathsOf(v, [...at, i]))
    : Object.keys(tree).flatMap((k) => pathsOf(tree[k], [...at, k]));
  return [...below, at];
}

export const valueAt = (tree: Tree, path: Path): Tree =>
  path.reduce<Tree>((v, key) => (isTree(v) ? (v as Record<string | number, Tree>)[key] : undefined), tree);

const own = (object: object, key: string | number, value: Tree) =>
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });

/** A copy with another value at the place. */
export function withValue(tree: Tree, path: Path, value: Tree): Tree {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (!isTree(tree)) return tree;
  const copy = Array.isArray(tree) ? [...tree] : { ...tree };
  return own(copy, key, withValue((tree as Record<string | number, Tree>)[key], rest, value));
}

/** A copy without the place. */
export function without(tree: Tree, path: Path): Tree {
  const parent = valueAt(tree, path.slice(0, -1));
  const key = path.at(-1);
  if (key === undefined || !isTree(parent)) return tree;
  const rest = Array.isArray(parent)
    ? parent.filter((_, i) => i !== key)
    : Object.fromEntries(Object.entries(parent).filter(([k]) => k !== key));
  return withValue(tree, path.slice(0, -1), rest);
}

/** A copy whose mapping at the place calls one key otherwise. */
export const renamed = (tree: Tree, path: Path, from: string, to: string): Tree =>
  withValue(
    tree,
    path,
    Object.fromEntries(Object.entries(valueAt(tree, path) as object).map(([k, v]) => [k === from ? to : k, v])),
  );

/** One mutation of one of the documents. */
export function mutateTree(documents: readonly Tree[], random: Random): Tree[] {
  const index = random.below(documents.length);
  const tree = documents[index];
  const paths = pathsOf(tree);
  const path = random.pick(paths);
  const here = valueAt(tree, path);
  const put = (changed: Tree) => documents.map((d, i) => (i === index ? changed : d));
  switch (random.below(10)) {
    case 0:
    case 1:
    case 2:
      return put(withValue(tree, path, random.pick(VALUES)));
    case 3:
      return put(without(tree, path));
    case 4: {
      // A part of any object in place of this one.
      const other = random.pick(documents);
      return put(withValue(tree, path, valueAt(other, random.pick(pathsOf(other)))));
    }
    case 5: {
      const mapping = random.pick(paths.filter((p) => isTree(valueAt(tree, p)) && !Array.isArray(valueAt(tree, p))));
      const keys = mapping ? Object.keys(valueAt(tree, mapping) as object) : [];
      if (keys.length === 0) return put(random.pick(VALUES));
      return put(renamed(tree, mapping!, random.pick(keys), random.pick([...NAMES, '', 'x', random.pick(keys)])));
    }
    case 6: {
      if (!isTree(here)) return put(withValue(tree, path, `${String(here)}${random.pick(NAMES)}`));
      const member = random.pick<Tree>([...VALUES, ...Object.values(here)]);
      if (Array.isArray(here)) return put(withValue(tree, path, [...here, member]));
      return put(withValue(tree, [...path, random.pick(NAMES)], member));
    }
    case 7: {
      // As many of it as no person writes.
      const many = random.pick([2, 3, 20, 200]);
      if (Array.isArray(here) && here.length > 0)
        return put(withValue(tree, path, Array.from({ length: many }, () => here).flat()));
      if (typeof here === 'string') return put(withValue(tree, path, here.repeat(many)));
      return put(withValue(tree, path, [here]));
    }
    case 8:
      return [...documents, withValue(tree, ['metadata', 'name'], random.pick(['x', ...NAMES]))];
    default: {
      if (typeof here !== 'string') return put(withValue(tree, path, JSON.stringify(here) ?? ''));
      const at = random.below(here.length + 1);
      const word = String(random.pick(VALUES.filter((v) => typeof v === 'string')));
      return put(withValue(tree, path, here.slice(0, at) + word + here.slice(at + random.below(4))));
    }
  }
}

/** One mutation of the bytes. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return bytes;
  const at = random.below(bytes.length);
  const end = Math.min(bytes.length, at + 1 + random.below(40));
  switch (random.below(6)) {
    case 0: {
      const copy = Buffer.from(bytes);
      copy[at] = random.below(256);
      return copy;
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    case 3: {
      const other = random.below(bytes.length);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(other, other + 60), bytes.subarray(at)]);
    }
    case 4:
      return bytes.subarray(0, at);
    default: {
      const word = random.pick([
        '\t',
        '\r',
        '---\n',
        '...\n',
        '&a ',
        '*a',
        '!!',
        '<<: ',
        '? ',
        '{',
        '[',
        '"',
        "'",
        '|\n',
        '# ',
        '\ufeff',
      ]);
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(word), bytes.subarray(at)]);
    }
  }
}
