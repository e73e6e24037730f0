// "Not with this header" has no word in the Gateway API. In a list where the first match wins it can be said by others: before
// the rule, what has the header goes where the later rules would send it; then the rule needs no exception. That takes a
// later rule for every such request, since "404" cannot be written before another rule.

import type { OrderedRule } from './order.js';
import { both, covers, meet, type TargetMatch, type ValueMatch, type WantedMatch } from './target-match.js';

export interface WantedRule<T> {
  readonly match: WantedMatch;
  readonly rule: T;
}

/** More rules than this are not made for one. */
const MOST_COPIES = 64;

/** `refuse` is called with a rule that cannot be expressed; it is left out. */
export function withoutExceptions<T>(
  rules: readonly WantedRule<T>[],
  refuse: (rule: T) => void,
): readonly OrderedRule<T>[] {
  let done: readonly OrderedRule<T>[] = [];
  for (const { match, rule } of rules.toReversed()) {
    const { without, ...plain } = match;
    const copies = without.map((header) => redirected(plain, header, done));
    if (copies.some((list) => list === undefined)) refuse(rule);
    else done = [...copies.flatMap((list) => list ?? []), { match: plain, rule }, ...done];
  }
  return done;
}

/** What has the header, sent to where the later rules send it; nothing where some of it has no rule or no match can say it. */
function redirected<T>(
  match: TargetMatch,
  header: ValueMatch,
  later: readonly OrderedRule<T>[],
): readonly OrderedRule<T>[] | undefined {
  if (match.headers.some((h) => h.name === header.name)) return undefined;
  const excepted: TargetMatch = { ...match, headers: [...match.headers, header] };
  const copies: OrderedRule<T>[] = [];
  for (const { match: next, rule } of later) {
    if (!meet(excepted, next)) continue;
    const shared = both(excepted, next);
    if (shared === undefined || copies.length === MOST_COPIES) return undefined;
    copies.push({ match: shared, rule });
    if (covers(next, excepted)) return copies;
  }
  return undefined;
}
