// The filter chains of one port: one for all names over HTTP, one for each name that TLS is ended for (generator.go and
// filter_chain_generator.go in pkg/plugins/runtime/gateway, v2.13.9).

import type { FilterChain, HttpChain, L4Chain, Resource, Route, VirtualHost } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { joinedBackends } from './destination.js';
import { routesOf, STRICT_TRANSPORT } from './entries.js';
import { meshOf } from './fields.js';
import * as gatewayRoutes from './gateway-routes.js';
import { compareExactness, domainOf } from './hostnames.js';
import type { KumaListener } from './listeners.js';
import * as meshRoutes from './mesh-routes.js';
import type { Backends, Rule } from './rule.js';

/** Where Kuma keeps the Secrets of a mesh. */
const SECRETS = 'kuma-system';

export function chainsOf(
  gateway: Resource,
  listeners: readonly KumaListener[],
  catalog: Catalog,
): readonly FilterChain[] {
  const { protocol } = listeners[0]!;
  if (protocol === 'HTTP' || protocol === 'HTTPS') return httpChains(gateway, listeners, catalog);
  const parts = protocol === 'TLS' ? listeners.map((l) => [l]) : [listeners];
  return parts.flatMap((part) => bytesChain(gateway, part, catalog));
}

function bytesChain(gateway: Resource, listeners: readonly KumaListener[], catalog: Catalog): L4Chain[] {
  const [first] = listeners;
  const destinations = joinedBackends(listeners.map((l) => backendsOf(gateway, l, catalog)));
  if (!first || destinations === 'unknown' || destinations.length === 0) return [];
  const tls = first.protocol === 'TLS';
  return [
    {
      kind: 'l4',
      l4: tls && first.tls?.mode !== 'TERMINATE' ? 'tls' : 'tcp',
      match: tls ? secureMatch(first.hostname) : { transport: 'any' },
      ...(tls && first.tls?.mode === 'TERMINATE' && { tls: contextOf(first) }),
      destinations,
      origin: first.origin,
    },
  ];
}

function backendsOf(gateway: Resource, listener: KumaListener, catalog: Catalog): Backends {
  const routes = meshRoutes.meshRoutesFor(meshRoutes.TCP_ROUTE, gateway, listener, catalog);
  if (routes.length > 0) return meshRoutes.meshTcpBackends(routes, catalog);
  const own = gatewayRoutes.routesFor(listener, meshOf(gateway), catalog);
  return joinedBackends(own.map((route) => gatewayRoutes.tcpBackends(route, catalog)));
}

const secureMatch = (hostname: string): FilterChain['match'] =>
  hostname === '*' ? { transport: 'tls' } : { transport: 'tls', sni: [domainOf(hostname)] };

const contextOf = ({ tls, origin }: KumaListener): NonNullable<FilterChain['tls']> => ({
  mode: 'simple',
  credentials: (tls?.secrets ?? []).map((name) => ({ namespace: SECRETS, name })),
  origin: tls?.origin ?? origin,
});

function httpChains(gateway: Resource, listeners: readonly KumaListener[], catalog: Catalog): readonly HttpChain[] {
  const byMesh = listeners.some((l) => meshRoutes.meshRoutesFor(meshRoutes.HTTP_ROUTE, gateway, l, catalog).length > 0);
  return byMesh ? chainsOfMeshRoutes(gateway, listeners, catalog) : chainsOfGatewayRoutes(gateway, listeners, catalog);
}

function chainsOfGatewayRoutes(
  gateway: Resource,
  listeners: readonly KumaListener[],
  catalog: Catalog,
): readonly HttpChain[] {
  const rulesOf = (group: readonly KumaListener[]) =>
    gatewayRoutes.rulesByHost(
      group.map((listener) => ({
        hostname: listener.hostname,
        routes: gatewayRoutes
          .routesFor(listener, meshOf(gateway), catalog)
          .map((route) => gatewayRoutes.httpRules(route, catalog)),
      })),
    );
  if (listeners[0]!.protocol === 'HTTP') return [plainChain(listeners, rulesOf(listeners))];
  return listeners.map((listener) => secureChain(listener, rulesOf([listener])));
}

function chainsOfMeshRoutes(
  gateway: Resource,
  listeners: readonly KumaListener[],
  catalog: Catalog,
): readonly HttpChain[] {
  const ordered = [...listeners].sort((a, b) => compareExactness(a.hostname, b.hostname));
  const parts = ordered.map((listener, i) => {
    const routes = meshRoutes.meshRoutesFor(meshRoutes.HTTP_ROUTE, gateway, listener, catalog);
    const taken = ordered.slice(0, i).map(({ hostname }) => hostname);
    return {
      listener,
      hosts: meshRoutes.rulesByHost(listener.hostname, meshRoutes.joinedRules(routes, catalog), taken),
    };
  });
  if (listeners[0]!.protocol === 'HTTP')
    return [plainChain(listeners, new Map(parts.flatMap(({ hosts }) => [...hosts])))];
  return parts.filter(({ hosts }) => hosts.size > 0).map(({ listener, hosts }) => secureChain(listener, hosts));
}

type Hosts = ReadonlyMap<string, readonly Rule[]>;

const plainChain = (listeners: readonly KumaListener[], hosts: Hosts): HttpChain => ({
  kind: 'http',
  match: { transport: 'raw' },
  virtualHosts: virtualHosts(listeners[0]!, hosts, false),
  origin: listeners[0]!.origin,
});

const secureChain = (listener: KumaListener, hosts: Hosts): HttpChain => ({
  kind: 'http',
  match: secureMatch(listener.hostname),
  tls: contextOf(listener),
  virtualHosts: virtualHosts(listener, hosts, true),
  origin: listener.origin,
});

const virtualHosts = (listener: KumaListener, hosts: Hosts, secure: boolean): readonly VirtualHost[] =>
  [...hosts].map(([name, rules]) => ({
    name,
    domains: [domainOf(name)],
    routes: rules.length > 0 ? routesOf(rules, { port: listener.port, secure }) : [withoutRoutes(listener, secure)],
    origin: listener.origin,
  }));

/** A host without any route answers by itself (GenerateVirtualHost in route_table_generator.go). */
const withoutRoutes = ({ origin }: KumaListener, secure: boolean): Route => ({
  match: { headers: [], query: [] },
  action: {
    kind: 'direct-response',
    status: 404,
    body: 'This is a Kuma MeshGateway. No routes match this MeshGateway!\n',
  },
  ...(secure && { responseHeaders: { set: [STRICT_TRANSPORT], origin } }),
  own: true,
  origin,
});
