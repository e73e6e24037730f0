// The Gateway API has no order of rules but the one that follows from their matches. This brings rules in "first match
// wins" into a form whose precedence gives the same answers, for any two rules that may meet:
// - a rule that an earlier one covers is left out (withoutCovered);
// - where the later rule would be tried first, what both take is written as a rule of its own with the earlier one's action;
// - where no match can say that, prefixes become patterns, and patterns are made longer, since Istio tries the longer one
//   first (sortHTTPRoutes in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22; the specification leaves it open).

import type { Precedence } from '../features/precedence.js';
import { patternOf } from './path-match.js';
import { both, covers, isSameMatch, meet, rankOf, type TargetMatch } from './target-match.js';

export interface OrderedRule<T> {
  readonly match: TargetMatch;
  readonly rule: T;
}

export interface OrderOptions<T> {
  /** Which of two matches is tried first. */
  readonly precedence: Precedence;
  /** Rules with equal keys do the same: their order does not matter. */
  readonly sameAction: (a: T, b: T) => boolean;
  /** The action replaces the matched prefix: the path has to stay a prefix. */
  readonly needsPrefix: (rule: T) => boolean;
  /** Two rules whose order is lost: requests that both take go to `later`. */
  readonly lost: (earlier: T, later: T) => void;
  /** A rule whose place depends on how Istio sorts patterns. */
  readonly byLength: (rule: T) => void;
}

/** More rules than this are never made; what is left in conflict then is reported as lost. */
const MOST_RULES = 1000;
const MOST_ROUNDS = 12;

/** `rules`: none that an earlier one covers. The rules, in the order in which they will be tried. */
export function inPrecedence<T>(rules: readonly OrderedRule<T>[], options: OrderOptions<T>): readonly OrderedRule<T>[] {
  return withoutConflicts(rules, options).toSorted((a, b) => options.precedence(rankOf(a.match), rankOf(b.match)));
}

function withoutConflicts<T>(start: readonly OrderedRule<T>[], options: OrderOptions<T>): readonly OrderedRule<T>[] {
  let list = start;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const conflicts = conflictsIn(list, options);
    if (conflicts.length === 0) return list;
    const next = resolve(list, conflicts, options);
    if (next === undefined || next.length > MOST_RULES) break;
    list = next;
  }
  // The steps hinder each other, or there is none: patterns alone can have any order, unless a rule among them has to stay a prefix.
  // An exact path keeps its place before that one only as it is.
  const quiet = { ...options, byLength: () => {} };
  const isBetter = conflictsIn(start, options).length < conflictsIn(allPatterns(start, quiet), options).length;
  const best = isBetter ? start : allPatterns(start, options);
  for (const [earlier, later] of conflictsIn(best, options)) {
    const [a, b] = [best[earlier], best[later]];
    if (a && b) options.lost(a.rule, b.rule);
  }
  return best;
}

/** Every rule as a pattern, each longer than all behind it that it may meet. */
function allPatterns<T>(rules: readonly OrderedRule<T>[], options: OrderOptions<T>): readonly OrderedRule<T>[] {
  const done: OrderedRule<T>[] = [];
  for (const rule of rules.toReversed()) {
    let placed = asPattern(rule, options) ?? rule;
    for (const later of done) {
      const turned = options.precedence(rankOf(placed.match), rankOf(later.match)) > 0;
      if (turned && !options.sameAction(placed.rule, later.rule) && meet(placed.match, later.match)) {
        placed = lengthened(placed, later.match) ?? placed;
      }
    }
    done.unshift(placed);
  }
  return done;
}

/** Without the rules whose requests all go to an earlier one. */
export function withoutCovered<T>(rules: readonly OrderedRule<T>[]): readonly OrderedRule<T>[] {
  const kept: OrderedRule<T>[] = [];
  for (const rule of rules) if (!kept.some((earlier) => covers(earlier.match, rule.match))) kept.push(rule);
  return kept;
}

/** Pairs of positions whose order the precedence turns round. */
function conflictsIn<T>(
  list: readonly OrderedRule<T>[],
  options: OrderOptions<T>,
): readonly (readonly [number, number])[] {
  const ranks = list.map((r) => rankOf(r.match));
  const first = (i: number, j: number) => {
    const [a, b] = [ranks[i], ranks[j]];
    return a && b ? options.precedence(a, b) || i - j : i - j;
  };
  const found: (readonly [number, number])[] = [];
  for (let later = 1; later < list.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      const [a, b] = [list[earlier], list[later]];
      if (!a || !b || first(earlier, later) < 0 || options.sameAction(a.rule, b.rule) || !meet(a.match, b.match))
        continue;
      const shared = both(a.match, b.match);
      const settled =
        shared !== undefined &&
        list.some((m, at) => at < later && m !== a && first(at, later) < 0 && covers(m.match, shared));
      if (!settled) found.push([earlier, later]);
    }
  }
  return found;
}

/** One step for every conflict; nothing where no conflict can be helped. */
function resolve<T>(
  list: readonly OrderedRule<T>[],
  conflicts: readonly (readonly [number, number])[],
  options: OrderOptions<T>,
): readonly OrderedRule<T>[] | undefined {
  /** Behind the rule whose action they have: nothing between could take their requests. */
  const behind = new Map<number, OrderedRule<T>[]>();
  const replaced = new Map<number, OrderedRule<T>>();
  for (const [earlier, later] of conflicts) {
    const [a, b] = [list[earlier], list[later]];
    if (!a || !b) continue;
    const shared = both(a.match, b.match);
    if (shared !== undefined && options.precedence(rankOf(shared), rankOf(b.match)) <= 0) {
      const inserted = behind.get(earlier) ?? [];
      if (!inserted.some((r) => isSameMatch(r.match, shared))) inserted.push({ match: shared, rule: a.rule });
      behind.set(earlier, inserted);
      continue;
    }
    for (const [at, rule] of [
      [later, asPattern(b, options)],
      [earlier, asPattern(a, options)],
    ] as const) {
      if (rule && !replaced.has(at)) replaced.set(at, rule);
    }
    const longer = lengthened(a, b.match);
    if (longer && !replaced.has(earlier)) {
      options.byLength(a.rule);
      replaced.set(earlier, longer);
    }
  }
  if (behind.size === 0 && replaced.size === 0) return undefined;
  return list.flatMap((rule, i) => [replaced.get(i) ?? rule, ...(behind.get(i) ?? [])]);
}

function asPattern<T>(rule: OrderedRule<T>, options: OrderOptions<T>): OrderedRule<T> | undefined {
  const { path } = rule.match;
  if (path.type === 'RegularExpression' || options.needsPrefix(rule.rule)) return undefined;
  options.byLength(rule.rule);
  return { ...rule, match: { ...rule.match, path: { type: 'RegularExpression', value: patternOf(path) } } };
}

/** The same pattern in more characters than the other has; nothing where one of them is no pattern. */
function lengthened<T>(rule: OrderedRule<T>, other: TargetMatch): OrderedRule<T> | undefined {
  let value = rule.match.path.value;
  if (rule.match.path.type !== 'RegularExpression' || other.path.type !== 'RegularExpression') return undefined;
  while (Buffer.byteLength(value) <= Buffer.byteLength(other.path.value)) value = `(?:${value})`;
  if (value.length > 1024) return undefined;
  return { ...rule, match: { ...rule.match, path: { type: 'RegularExpression', value } } };
}
