// All rules of an HTTPRoute or GRPCRoute. In Istio an error that is not about a backend takes all rules with it
// (computeRoute in pilot/pkg/config/kube/gateway/route_collections.go, 2026-08-22); by the specification only its own rule,
// whose requests are answered with an error.

import { append, type Resource } from '../../../model/index.js';
import type { BackendContext } from './backend.js';
import type { ConfigError } from './config-error.js';
import { convertRule, failingRule, type RankedRoute, writtenRules } from './rule.js';
import type { Semantics } from './semantics.js';

export function convertRoute(
  route: Resource,
  context: BackendContext,
  semantics: Semantics,
): { readonly routes: readonly RankedRoute[]; readonly errors: readonly ConfigError[] } {
  const routes: RankedRoute[] = [];
  const errors: ConfigError[] = [];
  for (const [i, rule] of writtenRules(route, context.routeKind).entries()) {
    const converted = convertRule(route, rule, i, context, semantics);
    if (!('reason' in converted)) {
      append(routes, converted.routes);
      if (converted.error) errors.push(converted.error);
    } else if (semantics === 'istio') {
      return { routes: [], errors: [converted] };
    } else {
      append(routes, failingRule(route, rule, i, context));
      errors.push(converted);
    }
  }
  return { routes, errors };
}
