// Where connections go that are forwarded as bytes: TLSRoutes by SNI behind a listener that lets TLS pass, the first TCP
// (or, behind a listener that ends TLS, TLS) route else (buildGatewayNetworkFiltersFromTLSRoutes and …FromTCPRoutes in
// pilot/pkg/networking/core/gateway.go; TLSRouteCollection in pilot/pkg/config/kube/gateway/route_collections.go, 2026-08-22).

import type { DomainPattern, FilterChain, Origin, WeightedDestination } from '../../../model/index.js';
import { createdAt } from '../../../resources/creation.js';
import { compareText } from '../fields.js';
import { TCP_ROUTE, TLS_ROUTE } from '../kinds.js';
import { domainOf, intersection } from './hostname.js';
import { nowhere } from './l4-rule.js';
import type { GatewayListener } from './listener.js';
import type { SurveyedRoute } from './surveyed-route.js';

/**
 * Routes in the Gateway's own namespace come first (VirtualServicesForGateway in pilot/pkg/model/push_context.go); the
 * generated VirtualServices carry the name of the route first: age, name, namespace.
 */
const attachedTo = (listener: GatewayListener, routes: readonly SurveyedRoute[], kind: string) =>
  routes
    .filter((r) => r.kind === kind && r.accepted.includes(listener))
    .sort(
      ({ route: a }, { route: b }) =>
        Number(a.namespace !== listener.gateway.namespace) - Number(b.namespace !== listener.gateway.namespace) ||
        createdAt(a) - createdAt(b) ||
        compareText(a.name, b.name) ||
        compareText(a.namespace, b.namespace),
    );

/** One chain per rule with a backend; a rule one of whose names an earlier one has is left out whole. */
export function tlsRouteChains(listener: GatewayListener, routes: readonly SurveyedRoute[]): readonly FilterChain[] {
  const taken = new Set<string>();
  const chains: FilterChain[] = [];
  for (const route of attachedTo(listener, routes, TLS_ROUTE)) {
    const hosts = [...new Set(route.hostnames.flatMap((h) => intersection(h, listener.hostname) ?? []))];
    for (const rule of route.l4) {
      if (rule.destinations.length === 0 || hosts.length === 0 || hosts.some((h) => taken.has(h))) continue;
      for (const host of hosts) taken.add(host);
      // A list of names with `*` in it is no condition at all (toFilterChainMatch in core/listener.go).
      const sni: readonly DomainPattern[] = hosts.map(domainOf);
      const match = hosts.includes('*') ? ({ transport: 'any' } as const) : ({ transport: 'tls', sni } as const);
      const { destinations, origin } = rule;
      chains.push({ kind: 'l4', l4: 'tls', match, name: `${listener.name}/${route.route.name}`, destinations, origin });
    }
  }
  return chains;
}

/** The first rule of the oldest route; nothing where no route is attached. */
export function tcpDestinations(
  listener: GatewayListener,
  routes: readonly SurveyedRoute[],
): { readonly destinations: readonly WeightedDestination[]; readonly origin: Origin } | undefined {
  const rules = [TCP_ROUTE, TLS_ROUTE].flatMap((kind) => attachedTo(listener, routes, kind)).flatMap((r) => r.l4);
  const first = rules[0];
  if (first === undefined) return undefined;
  return {
    origin: first.origin,
    destinations: first.destinations.length > 0 ? first.destinations : nowhere(first.origin),
  };
}
