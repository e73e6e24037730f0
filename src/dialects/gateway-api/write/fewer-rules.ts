// Fewer rules for the same answers, as somebody would write them by hand: a rule whose requests get the same from a later one goes, and the
// rules for `/api` and for what is below it, which nginx needs two locations for, become one PathPrefix.

import { quoteRegex } from '../../../regex/quote.js';
import { byPrecedence } from '../features/precedence.js';
import type { OrderedRule } from './order.js';
import { covers, isSameMatch, meet, rankOf, type TargetMatch } from './target-match.js';

export interface FewerOptions<T> {
  /** Rules with equal texts do the same, and look the same. */
  readonly effectOf: (rule: T) => string;
  /** The action replaces the matched prefix: what is written depends on the match. */
  readonly needsPrefix: (rule: T) => boolean;
}

export interface Fewer<T> {
  readonly rules: readonly OrderedRule<T>[];
  /** Those whose requests get the same from a later rule: without them nothing is different. */
  readonly repeated: readonly OrderedRule<T>[];
  /** Those that one of `rules` was joined from. */
  readonly joined: readonly OrderedRule<T>[];
}

/** `rules`: in the order in which the first that matches decides. */
export function fewerRules<T>(rules: readonly OrderedRule<T>[], options: FewerOptions<T>): Fewer<T> {
  const repeated: OrderedRule<T>[] = [];
  const joined: OrderedRule<T>[] = [];
  const texts = new Map<OrderedRule<T>, string>();
  const textOf = (rule: OrderedRule<T>): string => texts.get(rule) ?? '';
  for (const rule of rules) if (!options.needsPrefix(rule.rule)) texts.set(rule, options.effectOf(rule.rule));
  const differ: Differ<T> = (a, b) => textOf(a) === '' || textOf(a) !== textOf(b);
  const needed = withoutRepeated(rules, textOf, differ, repeated);
  return { rules: withJoinedPrefixes(needed, texts, differ, joined), repeated, joined };
}

type Differ<T> = (a: OrderedRule<T>, b: OrderedRule<T>) => boolean;

/** With how many later rules of the same action one is compared: the last of them are the broadest. */
const MOST_COMPARED = 32;

/** Without rules that a later one covers that does the same, where none between them takes a request of theirs. */
function withoutRepeated<T>(
  rules: readonly OrderedRule<T>[],
  textOf: (rule: OrderedRule<T>) => string,
  differ: Differ<T>,
  repeated: OrderedRule<T>[],
): readonly OrderedRule<T>[] {
  const kept: OrderedRule<T>[] = [];
  const alike = new Map<string, { readonly rule: OrderedRule<T>; readonly at: number }[]>();
  for (const rule of rules.toReversed()) {
    const text = textOf(rule);
    const later = alike.get(text) ?? [];
    const broader = text === '' ? undefined : later.find((l) => covers(l.rule.match, rule.match));
    // `kept` runs backwards: what was added after the broader rule stands before it.
    if (
      broader &&
      !kept.slice(broader.at).some((between) => differ(rule, between) && meet(rule.match, between.match))
    ) {
      repeated.push(rule);
      continue;
    }
    kept.push(rule);
    if (later.length < MOST_COMPARED) alike.set(text, [...later, { rule, at: kept.length }]);
  }
  return kept.reverse();
}

/** `/api` and `/api/.*` with the same action are the PathPrefix `/api`, where the other rules leave it a place. */
function withJoinedPrefixes<T>(
  rules: readonly OrderedRule<T>[],
  texts: Map<OrderedRule<T>, string>,
  differ: Differ<T>,
  gone: OrderedRule<T>[],
): readonly OrderedRule<T>[] {
  const list: (OrderedRule<T> | undefined)[] = [...rules];
  const exact = new Map<string, number[]>();
  for (const [at, below] of rules.entries()) {
    const { path } = below.match;
    const text = texts.get(below);
    if (text === undefined) continue;
    if (path.type === 'Exact') {
      const key = `${quoteRegex(path.value)}/.*`;
      exact.set(key, [...(exact.get(key) ?? []), at]);
    }
    if (path.type !== 'RegularExpression') continue;
    for (const first of exact.get(path.value) ?? []) {
      const itself = list[first];
      if (itself?.match.path.type !== 'Exact' || differ(itself, below)) continue;
      const match: TargetMatch = { ...below.match, path: { type: 'PathPrefix', value: itself.match.path.value } };
      if (!isSameMatch({ ...match, path: itself.match.path }, itself.match)) continue;
      const isOther = (rule: OrderedRule<T>, i: number) => i !== first && i !== at && differ(rule, below);
      const rivals = list.flatMap((rule, i) =>
        rule && isOther(rule, i) && meet(rule.match, match) ? [{ match: rule.match, i }] : [],
      );
      const place = [at, first].find((p) => isInPlace(match, p, rivals, p === at ? itself : below, [first, at]));
      if (place === undefined) continue;
      list[first] = undefined;
      list[at] = undefined;
      const joined = { match, rule: below.rule };
      texts.set(joined, text);
      list[place] = joined;
      gone.push(itself);
      break;
    }
  }
  return list.filter((rule) => rule !== undefined);
}

/**
 * The joined match at this place is tried after the rivals before it and before those behind it, and what was moved to the place
 * (`moved`, over what stands between `first` and `last`) has passed none that takes a request of it.
 */
function isInPlace<T>(
  match: TargetMatch,
  place: number,
  rivals: readonly { readonly match: TargetMatch; readonly i: number }[],
  moved: OrderedRule<T>,
  [first, last]: readonly [number, number],
): boolean {
  const rank = rankOf(match);
  return rivals.every((rival) => {
    const order = byPrecedence(rankOf(rival.match), rank);
    if (rival.i < place ? order > 0 : order < 0) return false;
    return rival.i < first || rival.i > last || !meet(rival.match, moved.match);
  });
}
