// Sets of code points as sorted, disjoint, non-adjacent ranges: [lo, hi, lo, hi, …], both ends included.

export type CharSet = readonly number[];

export const MAX_CODE_POINT = 0x10ffff;
export const ANY_CHAR: CharSet = [0, MAX_CODE_POINT];

/** Sorts and merges ranges given in any order. */
export function normalizeRanges(ranges: readonly number[]): CharSet {
  const pairs: [number, number][] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2)
    if (ranges[i]! <= ranges[i + 1]!) pairs.push([ranges[i]!, ranges[i + 1]!]);
  pairs.sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [lo, hi] of pairs) {
    if (out.length > 0 && lo <= out[out.length - 1]! + 1) out[out.length - 1] = Math.max(out[out.length - 1]!, hi);
    else out.push(lo, hi);
  }
  return out;
}

export const singleChar = (codePoint: number): CharSet => [codePoint, codePoint];

/** The characters of `text`, as a set. */
export const charsOf = (text: string): CharSet =>
  normalizeRanges([...text].flatMap((c) => [c.codePointAt(0)!, c.codePointAt(0)!]));

/** The text of code points, however many there are. */
export const textOf = (codePoints: readonly number[]): string =>
  codePoints.map((c) => String.fromCodePoint(c)).join('');

export const unionChars = (sets: readonly CharSet[]): CharSet => normalizeRanges(sets.flat());

export function complementChars(set: CharSet): CharSet {
  const out: number[] = [];
  let next = 0;
  for (let i = 0; i < set.length; i += 2) {
    if (set[i]! > next) out.push(next, set[i]! - 1);
    next = set[i + 1]! + 1;
  }
  if (next <= MAX_CODE_POINT) out.push(next, MAX_CODE_POINT);
  return out;
}

export function intersectChars(a: CharSet, b: CharSet): CharSet {
  const out: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const lo = Math.max(a[i]!, b[j]!);
    const hi = Math.min(a[i + 1]!, b[j + 1]!);
    if (lo <= hi) out.push(lo, hi);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return out;
}

export function hasChar(set: CharSet, codePoint: number): boolean {
  let lo = 0;
  let hi = set.length / 2 - 1;
  while (lo <= hi) {
    const mid = (lo + hi) >> 1;
    if (codePoint < set[2 * mid]!) hi = mid - 1;
    else if (codePoint > set[2 * mid + 1]!) lo = mid + 1;
    else return true;
  }
  return false;
}

/** Lower is nicer to read in a request that a person will look at. */
export function charRank(c: number): number {
  if (c === 0x78) return 0; // x
  if (c >= 0x61 && c <= 0x7a) return c - 0x60; // a-z
  if (c >= 0x31 && c <= 0x39) return 30 + c; // 1-9
  if (c === 0x30) return 90;
  const known = '-_/.=~:,;+@*!$&'.indexOf(String.fromCodePoint(c));
  if (known >= 0) return 100 + known;
  if (c >= 0x41 && c <= 0x5a) return 150 + c;
  if (c > 0x20 && c < 0x7f) return 300 + c;
  if (c === 0x20) return 500;
  return 1000 + c + (c < 0x20 ? 0x200000 : 0);
}

/** The most readable member; -1 of the empty set. */
export function bestChar(set: CharSet): number {
  let best = -1;
  let bestRank = Number.POSITIVE_INFINITY;
  const consider = (c: number) => {
    const rank = charRank(c);
    if (rank < bestRank) {
      best = c;
      bestRank = rank;
    }
  };
  for (let i = 0; i < set.length; i += 2) {
    consider(set[i]!);
    for (let c = Math.max(set[i]!, 0x20); c <= Math.min(set[i + 1]!, 0x7e); c++) consider(c);
    if (set[i]! < 0x80 && set[i + 1]! >= 0xa1) consider(0xa1);
  }
  return best;
}
