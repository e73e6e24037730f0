// "Not with this header" and "not this path" have no word in the Gateway API. In a list where the first match wins they can be said by
// others: before the rule, what has the header goes where the later rules would send it; then the rule needs no exception. That takes
// a later rule for every such request, since "404" cannot be written before another rule.

import type { OrderedRule } from './order.js';
import { both, covers, meet, type TargetMatch, type ValueMatch } from './target-match.js';
import type { WantedMatch } from './wanted-matches.js';

export interface WantedRule<T> {
  readonly match: WantedMatch;
  readonly rule: T;
}

/** More rules than this are not made for one. */
const MOST_COPIES = 64;

export interface ExceptionOptions<T> {
  /** Called with a rule that cannot be expressed without the header; it is left out. */
  readonly refuse: (rule: T) => void;
  /** Called with a rule that takes the path that it must not have. */
  readonly takesMore: (rule: T, path: string) => void;
  /** The action can be written for this match: a replaced prefix cannot for a pattern, which a copy for fewer requests may have. */
  readonly isSayable: (rule: T, match: TargetMatch) => boolean;
  /** A 404, which is another answer where it is written before other rules. */
  readonly isNotFound: (rule: T) => boolean;
}

export function withoutExceptions<T>(
  rules: readonly WantedRule<T>[],
  { refuse, takesMore, isSayable, isNotFound }: ExceptionOptions<T>,
): readonly OrderedRule<T>[] {
  let done: readonly OrderedRule<T>[] = [];
  for (const { match, rule } of rules.toReversed()) {
    const { without, except, ...plain } = match;
    const copies = without.map((header) => redirected(plain, header, done));
    if (copies.some((list) => !list?.every((copy) => isSayable(copy.rule, copy.match)))) {
      refuse(rule);
      continue;
    }
    let before: readonly OrderedRule<T>[] = [];
    if (except !== undefined) {
      const sent = sentOn({ ...plain, path: { type: 'Exact', value: except } }, done);
      if (sent?.every((copy) => !isNotFound(copy.rule) && isSayable(copy.rule, copy.match))) before = sent;
      else takesMore(rule, except);
    }
    done = [...before, ...copies.flatMap((list) => list ?? []), { match: plain, rule }, ...done];
  }
  return done;
}

/** What has the header, sent to where the later rules send it. */
function redirected<T>(
  match: TargetMatch,
  header: ValueMatch,
  later: readonly OrderedRule<T>[],
): readonly OrderedRule<T>[] | undefined {
  if (match.headers.some((h) => h.name === header.name)) return undefined;
  return sentOn({ ...match, headers: [...match.headers, header] }, later);
}

/** The later rules' copies for these requests alone; nothing where some of them have no rule or no match can say it. */
function sentOn<T>(excepted: TargetMatch, later: readonly OrderedRule<T>[]): readonly OrderedRule<T>[] | undefined {
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
