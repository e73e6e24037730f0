// Which rules of two ordered lists changed. Rules that stand in both lists in the same order cannot make a difference
// by themselves: where no other rule matches a request, both lists answer by the same one of them.

/** Indices on each side that are not part of a common subsequence (a long one, not always the longest). */
export function changedRules(
  before: readonly string[],
  after: readonly string[],
): readonly [ReadonlySet<number>, ReadonlySet<number>] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++;

  // Between them: texts that stand once on each side, as many as are in the same order.
  const [left, right] = [positions(before, start, end), positions(after, start, end)];
  const pairs: (readonly [number, number])[] = [];
  for (const [text, i] of left) {
    const j = right.get(text);
    if (i >= 0 && j !== undefined && j >= 0) pairs.push([i, j]);
  }
  const kept = new Set(increasing(pairs.map(([, j]) => j)));
  const changed = [new Set<number>(), new Set<number>()] as const;
  for (let i = start; i < before.length - end; i++) changed[0].add(i);
  for (let j = start; j < after.length - end; j++) changed[1].add(j);
  pairs.forEach(([i, j], n) => {
    if (!kept.has(n)) return;
    changed[0].delete(i);
    changed[1].delete(j);
  });
  return changed;
}

/** Position of each text; -1 where it stands more than once. In order of position. */
function positions(list: readonly string[], start: number, end: number): Map<string, number> {
  const found = new Map<string, number>();
  for (let i = start; i < list.length - end; i++) found.set(list[i]!, found.has(list[i]!) ? -1 : i);
  return found;
}

/** Indices of a longest increasing subsequence. */
function increasing(values: readonly number[]): number[] {
  const tails: number[] = [];
  const previous: number[] = [];
  values.forEach((value, i) => {
    let lo = 0;
    let hi = tails.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (values[tails[mid]!]! < value) lo = mid + 1;
      else hi = mid;
    }
    previous.push(lo > 0 ? tails[lo - 1]! : -1);
    tails[lo] = i;
  });
  const out: number[] = [];
  for (let i = tails.at(-1) ?? -1; i >= 0; i = previous[i]!) out.push(i);
  return out;
}
