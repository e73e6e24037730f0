// The routes that one VirtualService gives one gateway: rules flattened by their matches, up to the first that takes
// everything. BuildHTTPRoutesForVirtualService, TranslateRoute and sourceMatchHTTP in
// pilot/pkg/networking/core/route/route.go.

import { labelsInclude } from '../../../implementations/istio/destination-rules.js';
import type { Route } from '../../../model/index.js';
import type { HttpRule, MatchConfig, VirtualServiceConfig } from '../config.js';
import { type RouteContext, type RuleEffect, ruleEffect } from './actions.js';
import { isCatchAll, routeMatch } from './matches.js';

export function routesOf(vs: VirtualServiceConfig, context: RouteContext): Route[] {
  const out: Route[] = [];
  for (const rule of vs.http) {
    if (rule.matches.length === 0) {
      out.push(route(rule, undefined, vs, ruleEffect(rule, vs, context)));
      return out;
    }
    const applying = rule.matches.filter((m) => applies(m, context));
    if (applying.length === 0) continue;
    const effect = ruleEffect(rule, vs, context);
    for (const match of applying) {
      const made = route(rule, match, vs, effect);
      out.push(made);
      if (isCatchAll(made.match)) return out;
    }
  }
  return out;
}

/** What is known when the configuration is made: port, gateway, and the gateway itself as the source. */
function applies(match: MatchConfig, { port, gateway, labels, namespace }: RouteContext): boolean {
  if (match.port !== 0 && match.port !== port) return false;
  if (match.gateways.length > 0) return match.gateways.includes(gateway);
  return (
    labelsInclude(labels, match.sourceLabels) && (match.sourceNamespace === '' || match.sourceNamespace === namespace)
  );
}

function route(rule: HttpRule, match: MatchConfig | undefined, vs: VirtualServiceConfig, effect: RuleEffect): Route {
  const predicates = routeMatch(match, vs.semantics);
  const name = match?.name ? `${rule.name}.${match.name}` : rule.name;
  const made: { -readonly [K in keyof Route]: Route[K] } = {
    match: predicates,
    action: effect.action(predicates.path),
    origin: rule.origin,
  };
  if (name !== '') made.name = name;
  if (match) made.matchOrigin = match.origin;
  if (effect.requestHeaders) made.requestHeaders = effect.requestHeaders;
  if (effect.responseHeaders) made.responseHeaders = effect.responseHeaders;
  if (effect.cors) made.cors = effect.cors;
  if (effect.fault) made.fault = effect.fault;
  return made;
}
