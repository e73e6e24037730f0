// All rules of an HTTPRoute or GRPCRoute. By the specification an error that is not about a backend costs only its own rule,
// whose requests are answered with an error; an implementation may give up the whole route.

import { append, type Resource } from '../../../model/index.js';
import type { Implementation } from '../implementations/implementation.js';
import type { ConfigError } from './config-error.js';
import type { BackendContext } from './own-kinds.js';
import type { RankedRoute } from './ranked-route.js';
import { convertRule, failingRule, writtenRules } from './rule.js';

export function convertRoute(
  route: Resource,
  context: BackendContext,
  implementation: Implementation,
): { readonly routes: readonly RankedRoute[]; readonly errors: readonly ConfigError[] } {
  const routes: RankedRoute[] = [];
  const errors: ConfigError[] = [];
  for (const [i, rule] of writtenRules(route, context.routeKind).entries()) {
    const converted = convertRule(route, rule, i, context, implementation);
    if (!('reason' in converted)) {
      append(routes, converted.routes);
      if (converted.error) errors.push(converted.error);
    } else if (implementation.invalidRule === 'route') {
      return { routes: [], errors: [converted] };
    } else {
      append(routes, failingRule(route, rule, i, context));
      errors.push(converted);
    }
  }
  return { routes, errors };
}
