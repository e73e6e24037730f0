// The one way through a gateway: listeners, filter chains, virtual hosts, routes, in the order of the data plane.

import { append } from './append.js';
import type { EffectiveGateway, FilterChain, HttpChain, Listener, Route, VirtualHost } from './gateway.js';
import type { Origin } from './resource.js';

type Listening = Pick<EffectiveGateway, 'listeners'>;

/** A filter chain and what it is in. */
export interface ChainPlace {
  readonly listener: Listener;
  readonly chain: FilterChain;
}

/** A virtual host and what it is in. */
export interface HostPlace {
  readonly listener: Listener;
  readonly chain: HttpChain;
  readonly virtualHost: VirtualHost;
}

/** A route of HTTP and what it is in. */
export interface RoutePlace extends HostPlace {
  readonly route: Route;
}

export function* chainPlaces({ listeners }: Listening): Generator<ChainPlace> {
  for (const listener of listeners) for (const chain of listener.filterChains) yield { listener, chain };
}

export function* hostPlaces(gateway: Listening): Generator<HostPlace> {
  for (const { listener, chain } of chainPlaces(gateway))
    if (chain.kind === 'http') for (const virtualHost of chain.virtualHosts) yield { listener, chain, virtualHost };
}

export function* routePlaces(gateway: Listening): Generator<RoutePlace> {
  for (const { listener, chain, virtualHost } of hostPlaces(gateway))
    for (const route of virtualHost.routes) yield { listener, chain, virtualHost, route };
}

/** The routes alone. */
export function routesOf(gateway: Listening): Route[] {
  const routes: Route[] = [];
  for (const { virtualHost } of hostPlaces(gateway)) append(routes, virtualHost.routes);
  return routes;
}

/** Where each rule comes from: routes of HTTP and chains that forward bytes. */
export function* ruleOrigins(gateway: Listening): Generator<Origin> {
  for (const { chain } of chainPlaces(gateway)) {
    if (chain.kind === 'l4') yield chain.origin;
    else for (const { routes } of chain.virtualHosts) for (const { origin } of routes) yield origin;
  }
}

/** The gateway with other filter chains. */
export const mapChains = (
  gateway: EffectiveGateway,
  change: (chain: FilterChain, listener: Listener) => FilterChain,
): EffectiveGateway => ({
  ...gateway,
  listeners: gateway.listeners.map((listener) => ({
    ...listener,
    filterChains: listener.filterChains.map((chain) => change(chain, listener)),
  })),
});

/** The gateway with other virtual hosts in its HTTP chains. */
export const mapHosts = (
  gateway: EffectiveGateway,
  change: (virtualHost: VirtualHost) => VirtualHost,
): EffectiveGateway =>
  mapChains(gateway, (chain) =>
    chain.kind === 'http' ? { ...chain, virtualHosts: chain.virtualHosts.map(change) } : chain,
  );

/** The gateway with other lists of routes in its virtual hosts. */
export const mapRoutes = (
  gateway: EffectiveGateway,
  change: (routes: readonly Route[]) => readonly Route[],
): EffectiveGateway => mapHosts(gateway, (virtualHost) => ({ ...virtualHost, routes: change(virtualHost.routes) }));
