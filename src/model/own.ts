// Looking things up with words that come from files, requests, tokens and flags. A plain object also answers for what
// every object inherits (`constructor`, `toString`, `__proto__`), so such words go through a Map or through `own`
// (test/own-keys.test.ts finds what goes past them).

import type { FieldPath, Json, JsonObject } from './resource.js';

/** A table with words from outside as keys: only its own entries are found. */
export const table = <T>(entries: { readonly [key: string]: T }): ReadonlyMap<string, T> =>
  new Map(Object.entries(entries));

/** The value of a field that the object itself has; `undefined` for what it only inherits, and where there is no object. */
export const own = <T>(object: { readonly [key: string]: T } | null | undefined, key: string): T | undefined =>
  object !== null && object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;

/** What stands at a path of keys and indexes; undefined where there is nothing. */
export const valueAt = (value: Json, path: FieldPath): Json | undefined =>
  path.reduce<Json | undefined>(
    (at, key) => (typeof at === 'object' && at !== null ? own(at as JsonObject, String(key)) : undefined),
    value,
  );

/** Sets a field of the object itself, also one that is called `__proto__`. */
export function put<T>(object: { [key: string]: T }, key: string, value: T): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
