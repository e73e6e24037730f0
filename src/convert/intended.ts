// The source with its losses: what the target has to be, exactly. The losses that change rules are applied to the model of the source;
// each changed rule remembers which items changed it.

import {
  type EffectiveGateway,
  type FilterChain,
  type Forward,
  formatPath,
  ingressHostText,
  type L4Chain,
  mapChains,
  type Origin,
  type Route,
  routesOf as routesOfGateway,
  type VirtualHost,
} from '../model/index.js';
import type { Effect } from './features/feature.js';
import { FEATURES } from './features/index.js';
import type { LossItem } from './item.js';
import { isMadeFrom } from './made-from.js';

export interface Intended {
  readonly gateways: readonly EffectiveGateway[];
  /** The losses that stand at a route, of the source or of `gateways`. */
  readonly lossesAt: (route: Route) => readonly KnownLoss[];
  /** The losses that stand at a chain of bytes, of the source or of `gateways`. */
  readonly lossesOfBytes: (chain: L4Chain) => readonly KnownLoss[];
  /** The route of the source that a route of `gateways` is made from. */
  readonly sourceOf: (route: Route) => Route;
}

/** An item, and what its feature does to answers. */
export interface KnownLoss {
  readonly item: LossItem;
  readonly loss: Effect;
}

export const knownLosses = (items: readonly LossItem[]): KnownLoss[] =>
  items.map((item) => ({ item, loss: FEATURES[item.key].effect }));

export function intended(sources: readonly EffectiveGateway[], losses: readonly KnownLoss[]): Intended {
  const places = new Map<string, KnownLoss[]>();
  for (const known of losses) {
    const key = placeKey(known.item.origin);
    places.set(key, [...(places.get(key) ?? []), known]);
  }
  // A change of every rule is the same, whichever of its items tells of it.
  const everywhere = [
    ...new Map(
      losses.flatMap((known) => (known.loss.everywhere && known.loss.route ? [[known.loss, known]] : [])),
    ).values(),
  ];
  const found = new Map<Route, { readonly source: Route; readonly losses: readonly KnownLoss[] }>();
  const closing = new Map<Route, KnownLoss[]>();
  for (const known of losses.filter(({ item }) => item.closed))
    for (const route of known.item.instead?.keys() ?? []) closing.set(route, [...(closing.get(route) ?? []), known]);
  const tunnels = new Set<FilterChain>(losses.flatMap(({ item }) => item.chains ?? []));
  const bytes = new Map<Origin, readonly KnownLoss[]>();
  const byRoute = new Map<Route, readonly KnownLoss[]>();
  const standing = (route: Route): readonly KnownLoss[] => {
    let here = byRoute.get(route);
    if (!here) byRoute.set(route, (here = originsOf(route).flatMap((o) => places.get(placeKey(o)) ?? [])));
    return here;
  };
  // What is a rule of the source itself was made from no other.
  const rules = new Set(sources.flatMap(routesOfGateway));
  const isFrom = (made: Route, route: Route): boolean =>
    made === route || (!rules.has(made) && isMadeFrom(made, route));
  const at = (route: Route, { domains }: VirtualHost): KnownLoss[] =>
    [...new Set([...(closing.get(route) ?? []), ...standing(route)])]
      .filter(
        ({ item }) =>
          (!item.routes || item.instead?.has(route) || item.routes.some((made) => isFrom(made, route))) &&
          (!item.hosts || domains.some((d) => item.hosts!.includes(ingressHostText(d)))),
      )
      .sort(byPaths);
  const remember = (routes: readonly Route[], source: Route, here: readonly KnownLoss[]) => {
    // Hosts may share a route, and lose different things of it.
    for (const route of routes)
      found.set(route, { source, losses: [...new Set([...(found.get(route)?.losses ?? []), ...here])] });
  };
  const routesOf = (route: Route, host: VirtualHost): readonly Route[] => {
    const here = at(route, host);
    remember([route], route, here);
    const instead = here.map(({ item }) => item.instead && insteadOf(item.instead, route)).find((r) => r !== undefined);
    if (instead) {
      // What stands in its place has losses of its own.
      const routes = routesOf(instead, host);
      remember(routes, route, [...here, ...at(instead, host)]);
      return routes;
    }
    let routes: readonly Route[] = [route];
    for (const { item, loss } of [...here, ...everywhere]) if (loss.route) routes = routes.flatMap(loss.route(item));
    remember(routes, route, here);
    return routes;
  };
  const hostOf = (host: VirtualHost): readonly VirtualHost[] => {
    const changes = new Set(host.routes.flatMap((r) => at(r, host)).filter(({ loss }) => loss.host));
    const inner: VirtualHost = { ...host, routes: host.routes.flatMap((r) => routesOf(r, host)) };
    return [...changes].reduce(
      (list: readonly VirtualHost[], { item, loss }) => list.flatMap((h) => loss.host?.(h, item) ?? []),
      [inner],
    );
  };
  /** Destinations of bytes are lost as those of requests are. */
  const bytesOf = (chain: L4Chain): L4Chain => {
    const route = routeOfBytes(chain);
    let routes: readonly Route[] = [route];
    const here = [...new Set(standing(route))].filter(({ loss }) => loss.route);
    for (const { item, loss } of here) if (loss.route) routes = routes.flatMap(loss.route(item));
    const action = routes[0]?.action;
    bytes.set(chain.origin, here);
    return { ...chain, destinations: action?.kind === 'forward' ? action.destinations : [] };
  };
  /** What closes it stands there. */
  const closedTunnel = (chain: L4Chain): L4Chain => {
    bytes.set(
      chain.origin,
      losses.filter(({ item }) => item.chains?.includes(chain)),
    );
    return { ...chain, destinations: [] };
  };
  const chainOf = (chain: FilterChain): FilterChain => {
    if (chain.kind !== 'http') return tunnels.has(chain) ? closedTunnel(chain) : bytesOf(chain);
    const policies =
      chain.policies &&
      losses.reduce((p, { item, loss }) => (loss.policies ? loss.policies(p, item) : p), chain.policies);
    return { ...chain, virtualHosts: chain.virtualHosts.flatMap(hostOf), ...(policies ? { policies } : {}) };
  };
  const gateways = sources.map((gateway) =>
    losses.reduce((g, { loss }) => loss.gateway?.(g) ?? g, mapChains(gateway, chainOf)),
  );
  return {
    gateways,
    lossesAt: (route) => found.get(route)?.losses ?? [],
    lossesOfBytes: ({ origin }) => bytes.get(origin) ?? [],
    sourceOf: (route) => found.get(route)?.source ?? route,
  };
}

/** An item that knows for which paths nothing is lost, before one of the same feature that does not. */
const byPaths = ({ item: a }: KnownLoss, { item: b }: KnownLoss): number =>
  Number(b.exactFor !== undefined) - Number(a.exactFor !== undefined);

const keys = new WeakMap<Origin, string>();

function placeKey(origin: Origin): string {
  let key = keys.get(origin);
  if (key === undefined) keys.set(origin, (key = `${origin.resource.order} ${formatPath(origin.path)}`));
  return key;
}

/** Where a route and its parts come from. */
function originsOf({ origin, matchOrigin, bodyLimitOrigin, cors, fault, conditions, action }: Route): Origin[] {
  const parts = action.kind === 'forward' ? [action.rewrite, action.delivery, ...(action.mirrors ?? [])] : [];
  const destinations = action.kind === 'forward' ? action.destinations : [];
  return [
    origin,
    matchOrigin,
    bodyLimitOrigin,
    cors?.origin,
    fault?.origin,
    ...(conditions ?? []).map((c) => c.origin),
    ...parts.map((p) => p?.origin),
    ...destinations.flatMap((d) => [d.origin, d.to.origin]),
  ].filter((o) => o !== undefined);
}

/** A chain of bytes as a rule for every request. */
function routeOfBytes({ destinations, origin }: L4Chain): Route {
  const action: Forward = { kind: 'forward', destinations };
  return { match: { headers: [], query: [] }, action, origin };
}

/** Of copies with more conditions the one with the fewest: the others are made from rules beside this one (a preflight, an Origin). */
const insteadOf = (map: ReadonlyMap<Route, Route>, route: Route): Route | undefined =>
  map.get(route) ??
  [...map]
    .filter(([made]) => isMadeFrom(made, route))
    .sort(([a], [b]) => a.match.headers.length - b.match.headers.length)[0]?.[1];
