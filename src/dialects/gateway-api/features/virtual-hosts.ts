// Which routes a host gets, in which order, on listeners that share one set of virtual hosts (all plain HTTP listeners of
// a port, or one HTTPS listener). As Istio does it: one VirtualService per listener and host name of a route, with the
// rules of all routes of that name in order of precedence; these put one after the other per host that listener and
// route have in common (HTTPRouteCollection and mergeHTTPRoutes in pilot/pkg/config/kube/gateway/route_collections.go,
// VirtualServicesForGateway in pilot/pkg/model/push_context.go, buildGatewayHTTPRouteConfig in
// pilot/pkg/networking/core/gateway.go, SortVHostRoutes in core/route/route.go, 2026-08-22).

import { append, type Route, type VirtualHost } from '../../../model/index.js';
import { createdAt } from '../../../resources/creation.js';
import { compareText } from '../fields.js';
import { domainOf, intersection } from './hostname.js';
import { servesHost } from './isolation.js';
import { type GatewayListener, ofListenerSet } from './listener.js';
import { byAgeInIstio, byPrecedence } from './precedence.js';
import type { SurveyedRoute } from './surveyed-route.js';

/** `listeners`: sorted by name. `siblings`: all programmed listeners of the Gateway. */
export function istioVirtualHosts(
  listeners: readonly GatewayListener[],
  siblings: readonly GatewayListener[],
  routes: readonly SurveyedRoute[],
): readonly VirtualHost[] {
  const hosts = new Map<string, { readonly first: GatewayListener; readonly list: Route[] }>();
  for (const listener of listeners) {
    for (const [hostname, attached] of byHostname(listener, siblings, routes)) {
      const host = intersection(hostname, listener.hostname)?.toLowerCase();
      if (host === undefined) continue;
      const known = hosts.get(host);
      const more = inOrder(attached, listener);
      if (known) append(known.list, more);
      else hosts.set(host, { first: listener, list: [...more] });
    }
  }
  return [...hosts].map(([host, { first, list }]) => ({
    name: `${host}:${listeners[0]?.port}`,
    domains: [domainOf(host)],
    routes: [...list.filter((r) => !takesEverything(r)), ...list.filter(takesEverything)],
    ...ofListenerSet(first),
  }));
}

/**
 * The routes of each host name, oldest first. Host names whose oldest route is in the Gateway's own namespace come first,
 * then in the order of that route's age, then of their text.
 */
function byHostname(
  listener: GatewayListener,
  siblings: readonly GatewayListener[],
  routes: readonly SurveyedRoute[],
): readonly (readonly [string, readonly SurveyedRoute[]])[] {
  const groups = new Map<string, SurveyedRoute[]>();
  for (const route of routes) {
    if (route.routes.length === 0 || !route.accepted.includes(listener)) continue;
    for (const hostname of new Set(route.hostnames)) {
      if (!servesHost(listener, siblings, hostname)) continue;
      const group = groups.get(hostname);
      if (group) group.push(route);
      else groups.set(hostname, [route]);
    }
  }
  const sorted = [...groups].map(
    ([hostname, group]) => [hostname, group.toSorted((a, b) => byAgeInIstio(a.route, b.route))] as const,
  );
  const age = (group: readonly SurveyedRoute[]) => (group[0] ? createdAt(group[0].route) : 0);
  const foreign = (group: readonly SurveyedRoute[]) => Number(group[0]?.route.namespace !== listener.gateway.namespace);
  return sorted.sort(([a, as], [b, bs]) => foreign(as) - foreign(bs) || age(as) - age(bs) || compareText(a, b));
}

/** Rules of several routes by precedence; nothing comes after one that takes everything. */
function inOrder(attached: readonly SurveyedRoute[], listener: GatewayListener): readonly Route[] {
  const place = { port: listener.port, tls: listener.tls !== undefined };
  const sorted = attached
    .flatMap((route) => route.routes)
    .sort((a, b) => byPrecedence(a.rank, b.rank))
    .map((ranked) => ranked.on(place));
  const last = sorted.findIndex(takesEverything);
  return last < 0 ? sorted : sorted.slice(0, last + 1);
}

/** IsCatchAllRoute in core/route/route.go: no predicate but a path of `/` or the pattern `.*`. */
function takesEverything({ match }: Route): boolean {
  const path = match.path;
  const anyPath =
    path === undefined ||
    (path.kind === 'prefix' && path.value === '/') ||
    (path.kind === 'regex' && path.pattern === '.*');
  return anyPath && match.headers.length === 0 && match.query.length === 0;
}
