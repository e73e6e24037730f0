// A configuration less what the report gives up wholly: with one known loss on nearly every rule (a body limit, HSTS), a rule differs
// anyway, and the loss would hide whatever else is wrong with it. Compared without them, what remains has to be explained on its own.

import type { ConversionItem } from '../dialects/dialect.js';
import type { EffectiveGateway, HeaderOps, Route, VirtualHost } from '../model/index.js';

/** Takes one loss out of a virtual host. */
type Change = (host: VirtualHost) => VirtualHost;

const onRoutes =
  (change: (route: Route) => Route): Change =>
  (host) => ({ ...host, routes: host.routes.map(change) });

const CHANGES: readonly (readonly [feature: RegExp, change: Change])[] = [
  [/^max-request-bytes$/, onRoutes(({ maxRequestBytes: _, ...route }) => route)],
  [/^condition\./, onRoutes(({ conditions: _, ...route }) => route)],
  [/^hsts$/, onRoutes(withoutHsts)],
];

/** What both sides are compared as: without what the report gives up wholly, and answers spelled in one way. */
export function withoutGivenUp(
  losses: readonly ConversionItem[],
): (gateways: readonly EffectiveGateway[]) => EffectiveGateway[] {
  const given = CHANGES.filter(([feature]) => losses.some((l) => feature.test(l.feature)));
  const changes = [...given.map(([, change]) => change), onRoutes(plainAnswer)];
  const changed = (host: VirtualHost) => changes.reduce((h, change) => change(h), host);
  return (gateways) =>
    gateways.map((g) => ({
      ...g,
      listeners: g.listeners.map((l) => ({
        ...l,
        filterChains: l.filterChains.map((c) =>
          c.kind === 'http' ? { ...c, virtualHosts: c.virtualHosts.map(changed) } : c,
        ),
      })),
    }));
}

/**
 * A redirect to a whole Location is an answer with that header, and a rule whose only destination is an invalid reference is an
 * answer with its status: no client sees a difference, and each dialect has one of the two spellings.
 */
function plainAnswer(route: Route): Route {
  const { action } = route;
  if (action.kind === 'redirect' && action.location !== undefined) {
    const { responseHeaders } = route;
    return {
      ...route,
      action: { kind: 'direct-response', status: action.status },
      responseHeaders: { ...responseHeaders, set: [...(responseHeaders?.set ?? []), ['location', action.location]] },
    };
  }
  const only = action.kind === 'forward' && action.destinations.length === 1 ? action.destinations[0]?.to : undefined;
  if (only && 'status' in only) return { ...route, action: { kind: 'direct-response', status: only.status } };
  return route;
}

const HSTS = 'strict-transport-security';

function withoutHsts(route: Route): Route {
  if (!route.responseHeaders) return route;
  const others = (list: HeaderOps['set']) => list?.filter(([name]) => name !== HSTS);
  const { set, add, ...rest } = route.responseHeaders;
  const kept = { set: others(set), add: others(add) };
  return {
    ...route,
    responseHeaders: {
      ...rest,
      ...(kept.set?.length ? { set: kept.set } : {}),
      ...(kept.add?.length ? { add: kept.add } : {}),
    },
  };
}
