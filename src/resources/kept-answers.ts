// What was made of a configuration is kept for the next reading of it as long as all that was asked of the configuration then has the same
// answer now (the language server, --watch: one file changed, and most objects are the same ones). Nobody lists by hand what an answer
// depends on: a catalog notes what it is asked while something is made.

import type { Catalog } from './catalog.js';
import { ALL, type Asked, REPLACED, recording } from './keeping.js';

const nothingAsked = (): Asked => ({ lists: new Map(), tables: new Map(), others: new Set() });

/** All of it is as it was. What others asked is from now on its own, for they go on with another catalog. */
function isStill(asked: Asked, catalog: Catalog): boolean {
  if (!recorded(undefined, () => isSame(asked, catalog))) return false;
  for (const other of asked.others) absorb(asked, other);
  asked.others.clear();
  return true;
}

function isSame({ lists, tables, others }: Asked, catalog: Catalog): boolean {
  for (const [kind, list] of lists) if (listOf(catalog, kind) !== list) return false;
  for (const [table, made] of tables) if ((table as (of: Catalog) => unknown)(catalog) !== made) return false;
  for (const other of others) if (!isSame(other, catalog)) return false;
  return true;
}

function absorb(asked: Asked, { lists, tables, others }: Asked): void {
  for (const [kind, list] of lists) asked.lists.set(kind, list);
  for (const [table, made] of tables) asked.tables.set(table, made);
  for (const other of others) absorb(asked, other);
}

const listOf = (catalog: Catalog, kind: string): unknown =>
  kind === ALL ? catalog.all : kind === REPLACED ? catalog.replaced : catalog.ofKind(kind);

function recorded<T>(asked: Asked | undefined, make: () => T): T {
  const outer = recording.by;
  recording.by = asked;
  try {
    return make();
  } finally {
    recording.by = outer;
  }
}

interface Table {
  readonly value: unknown;
  readonly asked: Asked;
}

/**
 * A table that is made once for each catalog. `same`: it may be kept for the next one (so it must not hold the catalog), and counts as
 * unchanged where a new one says the same.
 */
export function perCatalog<T>(
  make: (catalog: Catalog) => T,
  same?: (before: T, now: T) => boolean,
): (catalog: Catalog) => T {
  const known = new WeakMap<Catalog, Table>();
  const tableOf = (catalog: Catalog): T => {
    let table = known.get(catalog);
    if (!table) known.set(catalog, (table = same ? kept(catalog, same) : fresh(catalog)));
    if (same) recording.by?.tables.set(tableOf, table.value);
    else recording.by?.others.add(table.asked);
    return table.value as T;
  };
  const fresh = (catalog: Catalog): Table => {
    const asked = nothingAsked();
    return { asked, value: recorded(asked, () => make(catalog)) };
  };
  const kept = (catalog: Catalog, isSame: (before: T, now: T) => boolean): Table => {
    const before = catalog.keeping?.made.get(tableOf) as Table | undefined;
    if (before && isStill(before.asked, catalog)) return before;
    const now = fresh(catalog);
    const table = before && isSame(before.value as T, now.value as T) ? { ...now, value: before.value } : now;
    catalog.keeping?.made.set(tableOf, table);
    return table;
  };
  return tableOf;
}

/** Answers about single objects, which depend on the same other things: where one of those changes, all are made anew. */
export class Scope {
  readonly asked = nothingAsked();
  readonly #answers = new WeakMap<object, Map<string, unknown>>();

  /** What `make` says about `of`, which must not hold the catalog. `how`: what else decides, as a text. */
  keep<T>(of: object, how: string, make: () => T): T {
    if (recording.by !== this.asked) recording.by?.others.add(this.asked);
    let answers = this.#answers.get(of);
    if (!answers) this.#answers.set(of, (answers = new Map()));
    if (!answers.has(how)) answers.set(how, recorded(this.asked, make));
    return answers.get(how) as T;
  }
}

/** `name`: another one for each use, with all that its answers depend on beside the catalog. */
export function scopeOf(catalog: Catalog, name: string): Scope {
  const before = catalog.keeping?.made.get(name) as Scope | undefined;
  if (before && isStill(before.asked, catalog)) return before;
  const scope = new Scope();
  catalog.keeping?.made.set(name, scope);
  return scope;
}

export const sameSet = <T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean =>
  a.size === b.size && [...a].every((item) => b.has(item));

export const sameList = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);
