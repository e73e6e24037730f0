// Items by the keys that they have, in their order.

/** An item may have several keys, or none. */
export function grouped<V>(items: readonly V[], keys: (item: V) => readonly string[]): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const item of items)
    for (const key of keys(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  return groups;
}
