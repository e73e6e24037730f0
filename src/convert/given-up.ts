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

/** Undefined where the report gives nothing up wholly. */
export function withoutGivenUp(
  losses: readonly ConversionItem[],
): ((gateways: readonly EffectiveGateway[]) => EffectiveGateway[]) | undefined {
  const changes = CHANGES.filter(([feature]) => losses.some((l) => feature.test(l.feature))).map(
    ([, change]) => change,
  );
  if (changes.length === 0) return undefined;
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
