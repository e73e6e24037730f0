// Rules and matches that say the same, together.

/** Of one key, in the order in which the first of each came. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known) known.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** A list, in whatever order it is written. */
export const sorted = (items: readonly unknown[]): string =>
  items
    .map((item) => JSON.stringify(item))
    .sort()
    .join(';');
