// MeshGatewayRoute: which of them a listener takes by tags, and the routes of each of its host names
// (GenerateEnvoyRouteEntries and RedistributeWildcardRoutes in pkg/plugins/runtime/gateway, v2.13.9).

import type { Json, Origin, Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { at, compareText, objectOf, objectsOf, stringsOf } from '../../resources/fields.js';
import { allKnown, backendByTags, joinedBackends } from './destination.js';
import { bodyOf, meshOf } from './fields.js';
import { filtersOf, OF_GATEWAY_ROUTE } from './filters.js';
import { hostsMeet } from './hostnames.js';
import type { KumaListener } from './listeners.js';
import { gatewayRouteMatch } from './matches.js';
import type { Backends, RouteRules, Rule } from './rule.js';
import { selectorsOf, tagsMatch } from './tags.js';

export const GATEWAY_ROUTE = 'kuma.io/MeshGatewayRoute';

/** Routes of the mesh whose selectors fit the listener, by name. */
export const routesFor = (listener: KumaListener, mesh: string, catalog: Catalog): readonly Resource[] =>
  catalog
    .ofKind(GATEWAY_ROUTE)
    .filter((route) => meshOf(route) === mesh)
    .filter((route) => selectorsOf(bodyOf(route).value).some((selector) => tagsMatch(selector, listener.tags)))
    .sort((a, b) => compareText(a.name, b.name));

const confOf = (route: Resource) => objectOf(bodyOf(route).value.conf);

export function httpRules(route: Resource, catalog: Catalog): RouteRules {
  const http = objectOf(confOf(route)?.http);
  const { path } = bodyOf(route);
  return {
    hostnames: stringsOf(http?.hostnames),
    rules: objectsOf(http?.rules).map((written, i): Rule => {
      const origin: Origin = { resource: route, path: [...path, 'conf', 'http', 'rules', i] };
      return {
        matches: objectsOf(written.matches).map((m, k) => gatewayRouteMatch(m, at(origin, 'matches', k))),
        filters: filtersOf(written.filters, OF_GATEWAY_ROUTE, at(origin, 'filters'), catalog),
        backends: backendsOf(written.backends, at(origin, 'backends'), catalog),
        origin,
      };
    }),
  };
}

const backendsOf = (written: Json | undefined, origin: Origin, catalog: Catalog): Backends =>
  allKnown(objectsOf(written).map((b, i) => backendByTags(b, at(origin, i), catalog)));

/** Where bytes go: the backends of all rules together. */
export function tcpBackends(route: Resource, catalog: Catalog): Backends {
  const origin: Origin = { resource: route, path: [...bodyOf(route).path, 'conf', 'tcp', 'rules'] };
  return joinedBackends(
    objectsOf(objectOf(confOf(route)?.tcp)?.rules).map((written, i) =>
      backendsOf(written.backends, at(origin, i, 'backends'), catalog),
    ),
  );
}

/** Host name → rules, for the listeners of one port (HTTP), or of one port and name (HTTPS). */
export function rulesByHost(
  listeners: readonly { readonly hostname: string; readonly routes: readonly RouteRules[] }[],
): ReadonlyMap<string, readonly Rule[]> {
  const hosts = new Map<string, RouteRules[]>();
  for (const { hostname, routes } of listeners) hosts.set(hostname, [...routes]);
  const wild = hosts.get('*');
  if (wild) distribute(wild, hosts);
  return new Map([...hosts].map(([host, routes]) => [host, rulesOf(host, routes)]));
}

/** Routes of the listener for every host that name hosts belong to these: to a host of that name, new or not, and to those below it. */
function distribute(wild: readonly RouteRules[], hosts: Map<string, RouteRules[]>): void {
  const add = (host: string, route: RouteRules) => {
    const there = hosts.get(host) ?? [];
    if (!there.includes(route)) hosts.set(host, [...there, route]);
  };
  hosts.set(
    '*',
    wild.filter(({ hostnames }) => hostnames.length === 0),
  );
  for (const route of wild)
    for (const name of route.hostnames) {
      add(name, route);
      // By text: the end of the name without its `*.` (strings.HasSuffix).
      if (name.startsWith('*.'))
        for (const host of [...hosts.keys()]) if (host.endsWith(name.slice(2))) add(host, route);
    }
}

/** A host of a name takes the routes whose names meet it, whichever of the two is wider. */
const rulesOf = (host: string, routes: readonly RouteRules[]): readonly Rule[] =>
  routes
    .filter(
      ({ hostnames }) => host === '*' || hostnames.length === 0 || hostnames.some((name) => hostsMeet(host, name)),
    )
    .flatMap(({ rules }) => rules);
