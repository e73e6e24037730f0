// Rules by what every path of theirs begins with: two rules share a path only where one beginning continues the other.

import type { Route } from '../model/index.js';
import { literalPrefix } from '../regex/index.js';

export interface Beginnings {
  /** Places in the list, by beginning, ascending. */
  readonly places: ReadonlyMap<string, readonly number[]>;
  /** The beginnings of the list that continue `text`, or that it continues; each once. */
  near(text: string): Iterable<string>;
}

/** `list`: the beginning of each rule. */
export function indexBeginnings(list: readonly string[]): Beginnings {
  const places = new Map<string, number[]>();
  list.forEach((text, i) => {
    const same = places.get(text);
    if (same) same.push(i);
    else places.set(text, [i]);
  });
  const sorted = [...places.keys()].sort();
  return {
    places,
    *near(text) {
      for (let length = 0; length < text.length; length++) {
        const shorter = text.slice(0, length);
        if (places.has(shorter)) yield shorter;
      }
      for (let at = firstFrom(sorted, text); sorted[at]?.startsWith(text); at++) yield sorted[at]!;
    },
  };
}

/** Where texts begin that are not before `text`. */
function firstFrom(sorted: readonly string[], text: string): number {
  let [lo, hi] = [0, sorted.length];
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (sorted[mid]! < text) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

const known = new WeakMap<Route, string>();

/** What every path begins with that the route takes; empty: any. */
export function beginningOf(route: Route): string {
  let beginning = known.get(route);
  if (beginning === undefined) known.set(route, (beginning = computeBeginning(route)));
  return beginning;
}

function computeBeginning({ match: { path } }: Route): string {
  if (!path || path.kind === 'any' || path.kind === 'suffix' || path.kind === 'contains') return '';
  if (path.kind === 'regex') return literalPrefix(path.pattern).prefix;
  return path.ignoreCase ? '' : path.value;
}
