// The same question as in virtual-hosts.ts, answered by the specification: a request belongs to the most specific listener
// for its host (GatewaySpec.listeners); of the routes there, rules of a more specific host name come first
// (HTTPRouteSpec.hostnames), then the order of matches (HTTPRouteRule.matches). A request that no rule of the more
// specific name matches goes on to the broader one.

import { subsetOf } from '../../../implementations/istio/hosts.js';
import type { VirtualHost } from '../../../model/index.js';
import { bySpecificity, domainOf, intersection } from './hostname.js';
import { type GatewayListener, ofListenerSet } from './listener.js';
import { byAge, byPrecedence } from './precedence.js';
import type { SurveyedRoute } from './surveyed-route.js';

export function specVirtualHosts(
  listeners: readonly GatewayListener[],
  routes: readonly SurveyedRoute[],
): readonly VirtualHost[] {
  const hosts = new Set(listeners.map((l) => l.hostname.toLowerCase()));
  for (const listener of listeners) {
    for (const route of routes) {
      if (!route.accepted.includes(listener)) continue;
      for (const hostname of route.hostnames) {
        const host = intersection(hostname, listener.hostname);
        if (host !== undefined) hosts.add(host.toLowerCase());
      }
    }
  }
  return [...hosts].sort(bySpecificity).map((host) => {
    const listener = listeners
      .filter((l) => covers(l.hostname, host))
      .sort((a, b) => bySpecificity(a.hostname, b.hostname))[0];
    return {
      name: `${host}:${listeners[0]?.port}`,
      domains: [domainOf(host)],
      routes: listener ? routesFor(host, listener, routes) : [],
      ...(listener ? ofListenerSet(listener) : {}),
    };
  });
}

function routesFor(host: string, listener: GatewayListener, routes: readonly SurveyedRoute[]) {
  const place = { port: listener.port, tls: listener.tls !== undefined };
  return routes
    .filter((route) => route.accepted.includes(listener))
    .flatMap((route) => {
      const hostname = route.hostnames.filter((h) => covers(h, host)).sort(bySpecificity)[0];
      return hostname === undefined ? [] : route.routes.map((ranked) => ({ ranked, hostname, route: route.route }));
    })
    .sort(
      (a, b) =>
        bySpecificity(a.hostname, b.hostname) || byPrecedence(a.ranked.rank, b.ranked.rank) || byAge(a.route, b.route),
    )
    .map(({ ranked }) => ranked.on(place));
}

const covers = (pattern: string, host: string) => subsetOf(host, pattern.toLowerCase());
