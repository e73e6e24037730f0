// Which items are open: what stays readable, and whatever the reader opened or asked for.

import { counts, type Item, LEVELS, type Tree, type Way } from './tree.js';

/** A map of no more lines is open altogether. */
const SMALL = 64;
/** Of a larger one, lines that are open without being asked for: about a screen. */
const SCREEN = 24;

export interface Folds {
  isOpen(item: Item): boolean;
}

/** `ways`: those that are shown. `chosen`: what was opened or closed, by id. */
export function foldsOf({ entries }: Tree, ways: readonly Way[], chosen: ReadonlyMap<string, boolean>): Folds {
  const shown = new Set(ways.flatMap((way) => way.items));
  const open = openedBy(
    entries.filter((entry) => shown.has(entry)),
    (item) => item.children.filter((child) => shown.has(child)),
  );
  return { isOpen: (item) => chosen.get(item.id) ?? open.has(item) };
}

/** Level by level, and of each level one entry after the other, while there is room. */
function openedBy(entries: readonly Item[], childrenOf: (item: Item) => readonly Item[]): ReadonlySet<Item> {
  const small = counts(entries, childrenOf) <= SMALL;
  let room = (small ? SMALL : SCREEN) - entries.length;
  const open = new Set<Item>();
  const rows = new Map(entries.map((entry): [Item, readonly Item[]] => [entry, [entry]]));
  for (let depth = 0; depth < LEVELS.length - 1; depth++)
    for (const [entry, items] of rows) {
      const next = items.flatMap(childrenOf);
      // Services stand beside their routes.
      const lines = next[0]?.level === 'service' ? 0 : next.length;
      // Of a large map the namespaces are seen side by side; a single one is opened for its hosts.
      const fits = lines <= room && (small || depth === 0 || (depth === 1 && items.length === 1));
      if (!fits) rows.delete(entry);
      else {
        room -= lines;
        for (const item of items) open.add(item);
        rows.set(entry, next);
      }
    }
  return open;
}
