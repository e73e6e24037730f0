// What it costs to ask a virtual host for one request: its patterns are tried one after the other, as far as the
// beginning of the path lets them. An upper bound, read off the rules, so that it is the same on every machine.

import type { Route, StringMatcher, VirtualHost } from '../model/index.js';
import { literalPrefix, requiredText } from '../regex/index.js';

/** A pattern whose fixed text is looked for first, and one that has none, in steps. */
const STEPS_WITH_TEXT = 10;
const STEPS_WITHOUT_TEXT = 400;

const known = new WeakMap<VirtualHost, number>();

/** In steps of a budget. */
export function costOfPatterns(virtualHost: VirtualHost | undefined): number {
  if (!virtualHost) return 0;
  let cost = known.get(virtualHost);
  if (cost === undefined) known.set(virtualHost, (cost = dearestPath(virtualHost.routes)));
  return cost;
}

/** Of all paths the one that most has to be tried for. */
function dearestPath(routes: readonly Route[]): number {
  const byBeginning = new Map<string, number>();
  for (const route of routes) {
    const cost = costOf(route);
    if (cost === 0) continue;
    const { path } = route.match;
    const beginning = path?.kind === 'regex' ? literalPrefix(path.pattern).prefix : '';
    byBeginning.set(beginning, (byBeginning.get(beginning) ?? 0) + cost);
  }
  const lengths = [...new Set([...byBeginning.keys()].map((text) => text.length))];
  let most = 0;
  for (const text of byBeginning.keys()) {
    let sum = 0;
    for (const length of lengths) if (length <= text.length) sum += byBeginning.get(text.slice(0, length)) ?? 0;
    most = Math.max(most, sum);
  }
  return most;
}

function costOf({ match: { path, headers, query, claims = [] } }: Route): number {
  const tests = [path, ...[...headers, ...query, ...claims].map((m) => m.value)];
  return tests.reduce((sum, test) => sum + costOfTest(test), 0);
}

function costOfTest(test: StringMatcher | undefined): number {
  if (test?.kind !== 'regex') return 0;
  return requiredText(test.pattern) === '' ? STEPS_WITHOUT_TEXT : STEPS_WITH_TEXT;
}
