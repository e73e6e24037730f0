// RBAC rules of one route that turn client addresses away, as routes in front of it that answer 403 (the reverse of ../address-checks.ts).

import type { AuthorizationPolicy, AuthorizationRule, Route, SourceMatcher } from '../../../model/index.js';

/** Undefined: the rules say more than addresses. */
export function guardedRoutes(route: Route, policies: readonly AuthorizationPolicy[]): Route[] | undefined {
  const refusals: Route[] = [];
  for (const { action, rules } of policies) {
    if (action !== 'DENY') return undefined;
    for (const rule of rules) {
      const alternatives = sourcesOf(rule);
      if (!alternatives) return undefined;
      for (const source of alternatives) refusals.push(refusal(route, source, rule));
    }
  }
  return refusals;
}

function sourcesOf({ from, to, when }: AuthorizationRule): SourceMatcher[][] | undefined {
  if (to.length > 0 || when.length > 0) return undefined;
  const all: SourceMatcher[][] = [];
  for (const conditions of from.length > 0 ? from : [[]]) {
    const sources: SourceMatcher[] = [];
    for (const { test, origin } of conditions) {
      if (test.on !== 'address' || test.address === 'gateway') return undefined;
      const place = origin ? { origin } : {};
      if (test.values) sources.push({ cidrs: test.values, address: test.address, ...place });
      if (test.notValues) sources.push({ cidrs: test.notValues, address: test.address, invert: true, ...place });
    }
    all.push(sources);
  }
  return all;
}

const refusal = (route: Route, source: readonly SourceMatcher[], rule: AuthorizationRule): Route => ({
  match: { ...route.match, source: [...(route.match.source ?? []), ...source] },
  action: { kind: 'direct-response', status: 403, body: 'RBAC: access denied' },
  ...(route.responseHeaders ? { responseHeaders: route.responseHeaders } : {}),
  origin: rule.origin,
});
