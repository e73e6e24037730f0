// HTTPRoutes: one per set of host names, split where the API's limits ask for it. Rules that do the same stand together
// with their matches while that keeps their order.

import type { Route } from '../../../model/index.js';
import type { WrittenRule } from './host-rules.js';
import { meet, type TargetMatch, type ValueMatch } from './target-match.js';

/** Limits of the CRD: rules per route, matches per rule, matches per route. */
const MOST = { rules: 16, matchesPerRule: 64, matches: 128 } as const;

export type Rule = Readonly<Record<string, unknown>>;

/** The rules of each HTTPRoute, in the order of the routes' names. `routeOf` learns what a rule is made from. */
export function splitRules(written: readonly WrittenRule[], routeOf: Map<object, Route>): readonly (readonly Rule[])[] {
  const rules = grouped(written).map((group) => {
    const [first] = group;
    const rule: Rule = { matches: group.map((r) => matchObject(r.match)), ...first?.body };
    if (first) routeOf.set(rule, first.route);
    return rule;
  });
  const routes: Rule[][] = [];
  let matches = 0;
  for (const rule of rules) {
    const more = (rule.matches as readonly unknown[]).length;
    const last = routes.at(-1);
    if (last === undefined || last.length === MOST.rules || matches + more > MOST.matches) {
      routes.push([rule]);
      matches = more;
    } else {
      last.push(rule);
      matches += more;
    }
  }
  return routes;
}

/** How many groups a rule may pass to stand beside others that do the same. */
const REACH = 6;

/** Rules that come from one place and do the same, where none between them has a request of theirs. A replaced prefix belongs to one match alone (CRD). */
function grouped(written: readonly WrittenRule[]): readonly (readonly WrittenRule[])[] {
  const groups: { readonly rules: WrittenRule[]; readonly text: string }[] = [];
  for (const rule of written) {
    const { resource, path } = rule.route.origin;
    const text = JSON.stringify([resource.order, path, rule.body]);
    const home = text.includes('ReplacePrefixMatch') ? undefined : homeOf(rule, text, groups.slice(-REACH));
    if (home) home.push(rule);
    else groups.push({ rules: [rule], text });
  }
  return groups.map(({ rules }) => rules);
}

function homeOf(
  rule: WrittenRule,
  text: string,
  near: readonly { readonly rules: WrittenRule[]; readonly text: string }[],
): WrittenRule[] | undefined {
  for (const group of near.toReversed()) {
    if (group.text === text) return group.rules.length < MOST.matchesPerRule ? group.rules : undefined;
    if (group.rules.some((other) => meet(other.match, rule.match))) return undefined;
  }
  return undefined;
}

function matchObject({ path, headers, query, method }: TargetMatch): Rule {
  const values = (list: readonly ValueMatch[]) =>
    list.map(({ name, type, value }) => ({ name, ...(type === 'RegularExpression' && { type }), value }));
  return {
    path: { type: path.type, value: path.value },
    ...(headers.length > 0 && { headers: values(headers) }),
    ...(query.length > 0 && { queryParams: values(query) }),
    ...(method !== undefined && { method }),
  };
}

/** A rule that no request can match: it keeps the host from falling to a broader one. */
export const NEVER: Rule = { matches: [{ path: { type: 'RegularExpression', value: '[^/]' } }] };
