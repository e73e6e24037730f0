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

/** `siblings`: all listeners of the Gateway that are programmed. */
export function specVirtualHosts(
  listeners: readonly GatewayListener[],
  siblings: readonly GatewayListener[],
  routes: readonly SurveyedRoute[],
): readonly VirtualHost[] {
  const hosts = new Set(listeners.map((l) => l.hostname.toLowerCase()));
  const others = otherConnections(listeners, siblings);
  for (const { hostname } of others) hosts.add(hostname.toLowerCase());
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
    const listener = closest(listeners, host);
    const other = closest(others, host);
    if (other && (!listener || bySpecificity(other.hostname, listener.hostname) < 0)) return misdirected(host, other);
    return {
      name: `${host}:${listeners[0]?.port}`,
      domains: [domainOf(host)],
      routes: listener ? routesFor(host, listener, routes) : [],
      ...(listener ? ofListenerSet(listener) : {}),
    };
  });
}

const closest = (listeners: readonly GatewayListener[], host: string): GatewayListener | undefined =>
  listeners.filter((l) => covers(l.hostname, host)).sort((a, b) => bySpecificity(a.hostname, b.hostname))[0];

/** Listeners of the same port that have TLS connections of their own: a plain port has one kind of connection for all its hosts. */
const otherConnections = (
  listeners: readonly GatewayListener[],
  siblings: readonly GatewayListener[],
): readonly GatewayListener[] =>
  siblings.filter(
    (l) =>
      l.protocol === 'HTTPS' &&
      !listeners.includes(l) &&
      listeners.some((own) => own.protocol === 'HTTPS' && own.port === l.port),
  );

const MISDIRECTED = 421;

const misdirected = (host: string, { port, origin }: GatewayListener): VirtualHost => ({
  name: `${host}:${port}`,
  domains: [domainOf(host)],
  routes: [
    {
      match: { headers: [], query: [] },
      action: { kind: 'direct-response', status: MISDIRECTED, why: 'the host belongs to another listener' },
      own: true,
      origin,
    },
  ],
  origin,
});

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
