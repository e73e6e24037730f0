// The ordered routes of a virtual host as rules whose precedence gives the same answers, each a match with what it does.

import { append, formatPath, formatResource, isNotFound, plainRedirect, type Route } from '../../../model/index.js';
import { aboutRoute, itemList } from '../../item-list.js';
import { fewerRules } from './fewer-rules.js';
import { inPrecedence, type OrderedRule, withoutCovered } from './order.js';
import type { RulePolicies } from './own-writer.js';
import { withPrefixRewrites } from './prefix-rewrites.js';
import { withPreflights } from './preflights.js';
import type { Report } from './report.js';
import { noteConditions, replacesPrefix, ruleBody } from './rule-body.js';
import type { RuleBody, RuleWriter } from './rule-writer.js';
import { meet, type TargetMatch } from './target-match.js';
import { type PathsOf, withTrailingSlashes } from './trailing-slashes.js';
import { targetMatches } from './wanted-matches.js';
import { type WantedRule, withoutExceptions } from './without-exceptions.js';

export interface WrittenRule {
  readonly match: TargetMatch;
  readonly body: RuleBody;
  readonly route: Route;
}

export function hostRules(given: readonly Route[], pathsOf: PathsOf, toWrite: RuleWriter): readonly WrittenRule[] {
  const replaced = new Map<Route, Route>();
  const bare = given.map(plainRedirect);
  // An implementation with kinds of its own says answers and patterns as they are.
  const plain = toWrite.own ? bare : withPrefixRewrites(withPreflights(bare, toWrite.report), toWrite.report, replaced);
  const { routes, unslashed } = withTrailingSlashes(plain, pathsOf, replaced);
  const writer = { ...toWrite, unslashed, report: aboutGiven(toWrite.report, replaced) };
  const { report, listener } = writer;
  // What an action cannot say is left out before the order is made: it covers nothing then.
  const isSayable = (route: Route) => (match: TargetMatch) => {
    const tried = itemList();
    const said = isNotFound(route) || ruleBody(route, match.path, { ...writer, report: tried }) !== undefined;
    if (!said)
      for (const { key, message, origin } of tried.items) atBothOrigins(route, report).add(key, message, origin);
    return said;
  };
  const wanted: WantedRule<Route>[] = [];
  for (const route of routes) {
    const origin = route.matchOrigin ?? route.origin;
    const loose = (message: string) => report.add('match.path.prefix', message, origin, { route });
    noteConditions(route, { ...writer, report: atBothOrigins(route, report) });
    const matches = targetMatches(route, listener.tls ? 'https' : 'http', replacesPrefix(route), loose);
    if ('feature' in matches)
      report.add(
        matches.feature,
        `${matches.message}: the rule is left out, and its requests go to the next one`,
        origin,
        {
          route,
        },
      );
    else if (matches.length === 0) report.needless(route);
    else
      append(
        wanted,
        matches.filter(isSayable(route)).map((match) => ({ match, rule: route })),
      );
  }
  const rules = withoutExceptions(wanted, {
    refuse: (route) =>
      report.add(
        'match.headers.invert',
        'a header that must not be there: the rule is left out, and its requests go to the next one',
        route.matchOrigin ?? route.origin,
        { route },
      ),
    takesMore: (route, path) =>
      report.add(
        'match.path.prefix',
        `PathPrefix ${path} also matches ${path} itself, the prefix ${path}/ does not`,
        route.matchOrigin ?? route.origin,
        { route },
      ),
    isSayable: (route, { path }) =>
      isNotFound(route) || ruleBody(route, path, { ...writer, report: itemList() }) !== undefined,
    isNotFound,
  });
  const effects = new Map<Route, string>();
  const effectOf = (route: Route): string => {
    let effect = effects.get(route);
    if (effect === undefined) effects.set(route, (effect = effectText(route, policiesOf(route, writer))));
    return effect;
  };
  const bodyOf = (match: TargetMatch, rule: Route) =>
    ruleBody(rule, match.path, { ...writer, report: atBothOrigins(rule, report) });
  const {
    rules: needed,
    repeated,
    joined,
  } = fewerRules(withoutNotFound(withoutCovered(rules), writer), {
    effectOf: (route) => `${route.remark ?? ''}${effectOf(route)}`,
    needsPrefix: replacesPrefix,
  });
  // What is lost of them is lost by the rules that stand for them.
  for (const { match, rule } of [...repeated, ...joined]) bodyOf(match, rule);
  const ordered = inPrecedence(needed, {
    precedence: writer.precedence,
    sameAction: (a, b) => a === b || effectOf(a) === effectOf(b),
    needsPrefix: replacesPrefix,
    lost: (earlier, later) =>
      report.add(
        'rule-order',
        `requests that ${placeText(later)} also matches go there first`,
        earlier.matchOrigin ?? earlier.origin,
        { route: earlier, rival: later },
      ),
    byLength: (route) =>
      report.add(
        'rule-order.patterns',
        `keeps its place because ${writer.own ? 'longer patterns are tried' : 'Istio tries longer patterns'} first`,
        route.matchOrigin ?? route.origin,
      ),
  });
  const written = new Set([...ordered, ...joined].map(({ rule }) => rule));
  for (const { rule } of rules) {
    // Left away: an earlier rule takes its requests, or what it answers is answered anyway.
    if (written.has(rule)) report.wrote(rule);
    else report.needless(rule);
  }
  return ordered.flatMap(({ match, rule }) => {
    const body = bodyOf(match, rule);
    return body === undefined ? [] : [{ match, body, route: rule }];
  });
}

/** Where another action stands for that of a route, an item is about the route too; a rival is the route. */
function aboutGiven(report: Report, replaced: ReadonlyMap<Route, Route>): Report {
  const given = (route: Route) => replaced.get(route) ?? route;
  return {
    ...report,
    add(key, message, origin, details = {}) {
      const { route, rival } = details;
      const about = rival ? { ...details, rival: given(rival) } : details;
      report.add(key, message, origin, about);
      if (route && replaced.has(route)) report.add(key, message, origin, { ...about, route: given(route) });
    },
  };
}

/** What is lost of a route is reported at it; where two objects make it (ingress-nginx: the path of one, an annotation of another), at both. */
function atBothOrigins(route: Route, report: Report): Report {
  const { matchOrigin, origin } = route;
  const add = aboutRoute(report.add, route);
  if (matchOrigin === undefined || matchOrigin.resource === origin.resource) return { ...report, add };
  return {
    ...report,
    add(key, message, at, details) {
      add(key, message, at, details);
      if (at.resource !== matchOrigin.resource) add(key, message, matchOrigin, details);
    },
  };
}

const placeText = ({ matchOrigin, origin }: Route): string => {
  const at = matchOrigin ?? origin;
  return `${formatResource(at.resource)} ${formatPath(at.path)}`;
};

/** What the route does, without where it comes from. `policies`: who may, and how often. */
const effectText = (
  { action, requestHeaders, responseHeaders, cors, fault }: Route,
  policies: RulePolicies | undefined,
): string =>
  JSON.stringify([action, requestHeaders, responseHeaders, cors, fault, policies], (key, value) =>
    key === 'origin' ? undefined : value,
  );

/** Policies of its own that a rule gets; those of Istio are for paths, whatever the rules are. */
const policiesOf = (route: Route, { own, checks }: RuleWriter): RulePolicies | undefined =>
  own?.policies(route, checks?.get(route.match) ?? [], itemList());

/** A 404 that nothing follows is what happens without a rule; before other rules it needs one, which answers 500. */
function withoutNotFound(rules: readonly OrderedRule<Route>[], writer: RuleWriter): readonly OrderedRule<Route>[] {
  const { report } = writer;
  const kept: OrderedRule<Route>[] = [];
  for (const rule of rules.toReversed()) {
    const followed = () => kept.some((later) => meet(rule.match, later.match));
    if (
      !isNotFound(rule.rule) ||
      followed() ||
      (writer.own && (losesAnswer(rule.rule) || policiesOf(rule.rule, writer)))
    )
      kept.unshift(rule);
    else {
      noteLostAnswer(rule.rule, report);
      noteConditions(rule.rule, { ...writer, report: atBothOrigins(rule.rule, report) });
    }
  }
  return kept;
}

/** The answer of the gateway by itself would be another one. */
function losesAnswer({ action, responseHeaders }: Route): boolean {
  const hasBody = action.kind === 'direct-response' && action.body && !action.defaultBackend;
  return Boolean(hasBody || responseHeaders?.set?.length || responseHeaders?.add?.length);
}

/** Header names are said to be lost only where somebody wrote them: HSTS is nginx's own. */
function noteLostAnswer(route: Route, { add }: Report): void {
  const { action, responseHeaders, origin, cors } = route;
  if (cors) add('not-found.preflight', 'preflights of paths that no rule serves are answered 404', origin, { route });
  if (action.kind === 'direct-response' && action.body && !action.defaultBackend) {
    add('direct-response.body', 'the 404 has no body', origin, { route });
  }
  const names = [...(responseHeaders?.set ?? []), ...(responseHeaders?.add ?? [])].map(([name]) => name);
  const hsts = names.filter((n) => n === 'strict-transport-security');
  const others = names.filter((n) => n !== 'strict-transport-security');
  if (hsts.length > 0) {
    const message = 'answers of 404 by the gateway itself lose their Strict-Transport-Security header';
    add('hsts', message, origin, { route });
  }
  if (others.length > 0) {
    const message = `answers of 404 by the gateway itself lose ${others.join(', ')}`;
    add('not-found.headers', message, origin, { route });
  }
}
