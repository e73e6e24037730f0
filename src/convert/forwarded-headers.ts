// Headers about the client that the source's engine sends to destinations by itself, as headers of the rules (`--forwarded-headers`).

import type { Dialect } from '../dialects/dialect.js';
import { type EffectiveGateway, mapRoutes, type Route } from '../model/index.js';

type Headers = ReturnType<NonNullable<Dialect['forwardedHeaders']>>;

/** `headersOf`: of the dialect of the gateway. What a rule sets by itself stays. */
export function withForwardedHeaders(
  gateway: EffectiveGateway,
  headersOf: Dialect['forwardedHeaders'],
): EffectiveGateway {
  if (!headersOf) return gateway;
  const listeners = gateway.listeners.flatMap((listener) => {
    const change = changeWith(headersOf(listener.port));
    return mapRoutes({ ...gateway, listeners: [listener] }, (routes) => routes.map(change)).listeners;
  });
  return { ...gateway, listeners };
}

const changeWith =
  (headers: Headers) =>
  (route: Route): Route => {
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
