// Paths of fields: which there are, which pattern they fit, and which of them are about the same element of a list.

import type { Feed, Feeds } from '../../dialects/accounts.js';
import { type FieldPath, type Json, own, type Resource } from '../../model/index.js';

/** Every field of an object with the first of its dialect's patterns that it fits. `keys`: those at the top that it has settings below. */
export function* fieldsByPattern(
  resource: Resource,
  feeds: Feeds,
  keys: readonly string[] = ['spec'],
): Generator<readonly [FieldPath, Feed | undefined]> {
  const patterns = Object.entries(feeds);
  for (const path of fieldsOf(resource, keys)) yield [path, patterns.find(([pattern]) => fits(pattern, path))?.[1]];
}

/** Every field that holds a value, and every annotation that somebody may read. */
function* fieldsOf(resource: Resource, keys: readonly string[]): Generator<FieldPath> {
  for (const name of Object.keys(resource.annotations))
    if (name !== 'kubectl.kubernetes.io/last-applied-configuration') yield ['metadata', 'annotations', name];
  for (const key of keys) yield* leaves(own(resource.object, key) ?? null, [key]);
}

function* leaves(value: Json, path: FieldPath): Generator<FieldPath> {
  if (Array.isArray(value)) {
    for (const [i, v] of value.entries()) yield* leaves(v, [...path, i]);
  } else if (value && typeof value === 'object') {
    const entries = Object.entries(value as Record<string, Json>);
    if (entries.length === 0) yield path;
    for (const [k, v] of entries) yield* leaves(v, [...path, k]);
  } else if (value !== null) yield path;
}

/** Not about different elements of one list. */
export function meets(a: FieldPath, b: FieldPath): boolean {
  const at = a.findIndex((key, i) => key !== b[i]);
  return at < 0 || typeof a[at] !== 'number' || typeof b[at] !== 'number';
}

/** How many keys of the path lead to the first element of a list that it is in: 3 of `spec.http[1].match[0]`; 0: in none. */
export const headLength = (path: FieldPath): number => path.findIndex((key) => typeof key === 'number') + 1;

const patterns = new Map<string, readonly string[]>();

/** Keys of a pattern; a key with dots stands in quotes. */
function keysOf(pattern: string): readonly string[] {
  let keys = patterns.get(pattern);
  if (!keys) {
    keys = [...pattern.matchAll(/"([^"]*)"|\[\]|[^.[\]]+/g)].map(([text, quoted]) => quoted ?? text);
    patterns.set(pattern, keys);
  }
  return keys;
}

/** Does a path fit a pattern of `Feeds`? */
function fits(pattern: string, path: FieldPath): boolean {
  const keys = keysOf(pattern);
  for (const [i, key] of keys.entries()) {
    if (key === '**') return true;
    const own = path[i];
    if (own === undefined) return false;
    if (key === '[]' ? typeof own !== 'number' : key !== '*' && key !== own) return false;
  }
  return keys.length === path.length;
}
