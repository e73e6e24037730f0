// Headers about the client that the source's engine sends to destinations by itself, as headers of the rules (`--forwarded-headers`).

import type { Dialect } from '../dialects/dialect.js';
import { type EffectiveGateway, mapRoutes, type Route } from '../model/index.js';

/** `headers`: of the dialect of the gateway. What a rule sets by itself stays. */
export function withForwardedHeaders(
  gateway: EffectiveGateway,
  headers: Dialect['forwardedHeaders'] = [],
): EffectiveGateway {
  const change = (route: Route): Route => {
    const { set = [], add = [], remove = [] } = route.requestHeaders ?? {};
    const taken = new Set(
      [...set, ...add]
        .map(([name]) => name)
        .concat(remove)
        .map((name) => name.toLowerCase()),
    );
    const more = headers.filter(([name]) => !taken.has(name));
    if (route.action.kind !== 'forward' || more.length === 0) return route;
    return { ...route, requestHeaders: { ...route.requestHeaders, set: [...set, ...more] } };
  };
  return headers.length === 0 ? gateway : mapRoutes(gateway, (routes) => routes.map(change));
}
