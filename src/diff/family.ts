// The family of requests that a pair of rules answers differently, in words: what both rules ask for, and the rules
// beside them that take some of it away.

import { counted, type Route } from '../model/index.js';
import { type Beginnings, beginningOf, indexBeginnings, type Work } from '../space/index.js';
import type { RoutePair } from './sides.js';
import { matchWords } from './words.js';

export interface Family {
  /** All of these hold: `path begins /status`. */
  readonly when: readonly string[];
  /** And none of these, as far as they overlap: conditions of the rules that come first. */
  readonly unless: readonly string[];
}

const MOST_UNLESS = 5;

/** What a rule costs that may come before the pair, in steps. */
const STEPS_OF_RULE = 20;

/** `lists`: all routes of both sides, in order. undefined: `work` has not enough left for it. */
export function familyOf(pair: RoutePair, lists: Lists, work: Work): Family | undefined {
  const earlier = earlierRules(pair, lists, work);
  if (!earlier) return undefined;
  const own = pair.flatMap((r) => (r ? [wordsOf(r)] : []));
  const unless = new Set<string>();
  for (const route of earlier) {
    const text = wordsOf(route);
    if (text !== '' && !own.includes(text)) unless.add(text);
  }
  const shown = [...unless].slice(0, MOST_UNLESS);
  return {
    when: [...new Set(pair.flatMap((r) => (r ? matchWords(r.match) : [])))],
    unless: unless.size > shown.length ? [...shown, counted(unless.size - shown.length, 'more rule')] : shown,
  };
}

type Lists = readonly [readonly Route[], readonly Route[]];

/** Rules that come before the pair and may share a path with both of it: of the first side in order, then of the second. */
function earlierRules(pair: RoutePair, lists: Lists, work: Work): Route[] | undefined {
  const beginnings = [...new Set(pair.flatMap((route) => (route ? [beginningOf(route)] : [])))];
  const earlier: Route[] = [];
  for (const [side, list] of lists.entries()) {
    const { places, index } = orderOf(list);
    const own = pair[side];
    const end = (own && places.get(own)) ?? list.length;
    const found: number[] = [];
    for (const text of index.near(beginnings[0] ?? '')) {
      const same = index.places.get(text)!;
      if (work.left < STEPS_OF_RULE * (1 + same.length)) return undefined;
      work.left -= STEPS_OF_RULE * (1 + same.length);
      if (beginnings.every((b) => b.startsWith(text) || text.startsWith(b)))
        for (const i of same) if (i < end) found.push(i);
    }
    for (const i of found.sort((a, b) => a - b)) earlier.push(list[i]!);
  }
  return earlier;
}

interface Order {
  readonly places: ReadonlyMap<Route, number>;
  readonly index: Beginnings;
}

const orders = new WeakMap<readonly Route[], Order>();

function orderOf(list: readonly Route[]): Order {
  let order = orders.get(list);
  if (!order) {
    const places = new Map<Route, number>();
    list.forEach((route, i) => {
      if (!places.has(route)) places.set(route, i);
    });
    orders.set(list, (order = { places, index: indexBeginnings(list.map(beginningOf)) }));
  }
  return order;
}

const words = new WeakMap<Route, string>();

function wordsOf(route: Route): string {
  let text = words.get(route);
  if (text === undefined) words.set(route, (text = matchWords(route.match).join(', ')));
  return text;
}
