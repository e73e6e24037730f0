// The paths that two matchers take, compared as sets: exactly, unless their automata are too large.

import type { StringMatcher } from '../../../model/index.js';
import {
  ANY_CHAR,
  compileDfa,
  concat,
  type Dfa,
  intersect,
  isEmpty,
  isSubset,
  literal,
  literalPrefix,
  parseRegex,
  patternOf,
  setOf,
  star,
} from '../../../regex/index.js';

const MOST_STATES = 200;
const MOST_STEPS = 50_000;

/** What both take, one of the two where it takes no more; `none`: nothing; undefined: not computed. */
export function both(a: StringMatcher, b: StringMatcher): StringMatcher | 'none' | undefined {
  const key = JSON.stringify([a, b]);
  if (!known.has(key)) remember(known, key, compared(a, b));
  return known.get(key);
}

function compared(a: StringMatcher, b: StringMatcher): StringMatcher | 'none' | undefined {
  const [x, y] = [automatonOf(a), automatonOf(b)];
  if (!x || !y) return undefined;
  try {
    const shared = intersect(x, y);
    if (isEmpty(shared)) return 'none';
    if (isSubset(x, y)) return a;
    if (isSubset(y, x)) return b;
    const pattern = patternOf(shared);
    if (pattern === undefined) return undefined;
    const { prefix, whole } = literalPrefix(pattern);
    return whole ? { kind: 'exact', value: prefix } : { kind: 'regex', pattern };
  } catch {
    return undefined;
  }
}

/** Paths of one configuration are compared again and again. */
const known = new Map<string, StringMatcher | 'none' | undefined>();
const automata = new Map<string, Dfa | undefined>();

function remember<T>(map: Map<string, T>, key: string, value: T): T {
  if (map.size >= 1_000) map.clear();
  map.set(key, value);
  return value;
}

function automatonOf(matcher: StringMatcher): Dfa | undefined {
  const key = JSON.stringify(matcher);
  return automata.has(key) ? automata.get(key) : remember(automata, key, made(matcher));
}

/** Undefined: too large, or no pattern. */
function made(matcher: StringMatcher): Dfa | undefined {
  try {
    const tree =
      matcher.kind === 'regex'
        ? parseRegex(matcher.pattern)
        : matcher.kind === 'exact'
          ? literal(matcher.value)
          : matcher.kind === 'prefix'
            ? concat([literal(matcher.value), star(setOf(ANY_CHAR))])
            : undefined;
    return tree && compileDfa(tree, ANY_CHAR, MOST_STATES, { left: MOST_STEPS });
  } catch {
    return undefined;
  }
}
