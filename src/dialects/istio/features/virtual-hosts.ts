// The route table of an HTTP port or of one HTTPS server: which hosts it has and whose routes each gets.
// buildGatewayHTTPRouteConfig in pilot/pkg/networking/core/gateway.go, SortVHostRoutes in core/route/route.go.

import type { IstioClusters } from '../../../implementations/istio/clusters.js';
import type { GatewayWorkload } from '../../../implementations/istio/destination-rules.js';
import { type HostIndex, hostIndex, isWildcard } from '../../../implementations/istio/hosts.js';
import type { GatewayPolicies } from '../../../implementations/istio/policies.js';
import { type DomainPattern, formatPath, type Origin, type Route, type VirtualHost } from '../../../model/index.js';
import { compareText } from '../../../resources/fields.js';
import { Scope } from '../../../resources/kept-answers.js';
import type { Server, ServerTls } from '../config.js';
import { hostsForNamespace } from './gateways.js';
import { isCatchAll } from './matches.js';
import type { RoutesFor } from './route-lists.js';
import type { VirtualServicesFor } from './visibility.js';

/** What all servers of a workload have in common. */
export interface RoutingInputs {
  readonly virtualServicesFor: VirtualServicesFor;
  readonly routesFor: RoutesFor;
  readonly clusters: IstioClusters;
  readonly workload: GatewayWorkload;
  readonly policies: GatewayPolicies;
  /** Of the workload's virtual hosts. */
  readonly scope: Scope;
}

interface Entry {
  readonly host: string;
  /** Routes of VirtualServices, oldest first. */
  readonly lists: Set<readonly Route[]>;
  /** All requests that did not come by TLS are redirected. */
  requireTls: ServerTls | undefined;
  readonly origin: Origin;
}

export function virtualHosts(servers: readonly Server[], inputs: RoutingInputs): VirtualHost[] {
  const entries = new Map<string, Entry>();
  for (const server of servers) addServer(entries, server, inputs);
  const port = servers[0]?.port ?? 0;
  if (entries.size === 0) return [{ name: `blackhole:${port}`, domains: [{ kind: 'any' }], routes: [] }];
  return collapse([...entries.values()], port, inputs.scope);
}

function addServer(entries: Map<string, Entry>, server: Server, inputs: RoutingInputs): void {
  for (const { hosts, list } of claims(server, inputs))
    for (const host of hosts) entryFor(entries, host, server).lists.add(list);
  // A host that no VirtualService claims redirects too; with a namespace in front it is a name that nobody asks for.
  if (server.tls?.httpsRedirect)
    for (const host of server.hosts) if (!host.includes('/')) entryFor(entries, host, server);
}

/** The hosts of a server that VirtualServices claim, with the routes of each. */
function* claims(
  server: Server,
  { virtualServicesFor, routesFor }: RoutingInputs,
): Generator<{ readonly hosts: readonly string[]; readonly list: readonly Route[] }> {
  const indexes = new Map<string, HostIndex>();
  for (const vs of virtualServicesFor(server.gateway)) {
    const index = indexes.get(vs.namespace) ?? hostIndex(hostsForNamespace(server, vs.namespace));
    indexes.set(vs.namespace, index);
    const hosts = index.intersect(vs.hosts);
    if (hosts.length === 0) continue;
    const list = routesFor(vs, server);
    // Without a single route for this gateway and port the VirtualService claims no host.
    if (list.length > 0) yield { hosts, list };
  }
}

/** One per name; the first server that redirects to TLS makes the entry redirect. */
function entryFor(entries: Map<string, Entry>, host: string, { tls, origin }: Server): Entry {
  const redirect = tls?.httpsRedirect ? tls : undefined;
  const name = host.toLowerCase();
  const entry = entries.get(name) ?? { host: name, lists: new Set(), requireTls: redirect, origin };
  entry.requireTls ??= redirect;
  entries.set(name, entry);
  return entry;
}

/** Hosts with the same routes become one virtual host: collapseDuplicateRoutes. */
function collapse(entries: readonly Entry[], port: number, scope: Scope): VirtualHost[] {
  const ids = new Map<readonly Route[], number>();
  const groups = new Map<string, Entry[]>();
  for (const entry of [...entries].sort((a, b) => compareText(a.host, b.host))) {
    const parts = [...entry.lists].map((list) => {
      const id = ids.get(list) ?? ids.size;
      ids.set(list, id);
      return id;
    });
    const key = `${entry.requireTls !== undefined}|${parts.join()}`;
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return [...groups.values()].flatMap((group): VirtualHost[] => {
    const [first] = group;
    if (!first) return [];
    const make = (): VirtualHost => ({
      name: `${first.host}:${port}`,
      domains: group.map((entry) => domainPattern(entry.host)),
      routes: orderedRoutes(first),
      origin: first.origin,
    });
    const [list, ...more] = first.lists;
    // One list and no redirect: most hosts, and the only ones that are cheap to recognise in the next reading.
    if (list === undefined || more.length > 0 || first.requireTls) return [make()];
    const here = hostsOf(scope, first.origin);
    return [here.keep(list, `${port} ${group.map(({ host }) => host).join()}`, make)];
  });
}

/** The hosts of one server: it stands in them. */
const hostsOf = (scope: Scope, { resource, path }: Origin): Scope =>
  scope.keep(resource, formatPath(path), () => new Scope());

export const domainPattern = (host: string): DomainPattern => {
  if (host === '*') return { kind: 'any' };
  return isWildcard(host) ? { kind: 'suffix', value: host.slice(1) } : { kind: 'exact', value: host };
};

/** The redirect to TLS first, then rules that test something, then those that take everything. */
function orderedRoutes({ lists, requireTls }: Entry): Route[] {
  const all = [...lists].flat();
  const sorted = [...all.filter((r) => !isCatchAll(r.match)), ...all.filter((r) => isCatchAll(r.match))];
  return requireTls ? [tlsRedirect(requireTls), ...sorted] : sorted;
}

/** Envoy's require_tls: 301 to the same host (port included) and path. */
const tlsRedirect = (tls: ServerTls): Route => ({
  match: { headers: [{ name: ':scheme', value: { kind: 'exact', value: 'http' } }], query: [] },
  action: { kind: 'redirect', status: 301, location: 'https://%REQ(:authority)%%REQ(:path)%' },
  origin: { resource: tls.origin.resource, path: [...tls.origin.path, 'httpsRedirect'] },
});
