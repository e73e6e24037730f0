// The listeners of a gateway workload: one for each address and port, with a filter chain for each thing it may speak.
// buildGatewayListeners in pilot/pkg/networking/core/gateway.go.

import { withPolicies } from '../../../implementations/istio/policies.js';
import { isHttp } from '../../../implementations/istio/protocol.js';
import {
  append,
  type FilterChain,
  formatResource,
  type HttpChain,
  hostText,
  type Listener,
} from '../../../model/index.js';
import type { ReadNote } from '../../dialect.js';
import type { GatewayConfig, Server } from '../config.js';
import { sniHosts } from './gateways.js';
import { isPassthrough, terminatesHttps } from './protocols.js';
import { ClaimedHosts, type MergedServers, mergeServers, type PortServers, routeNameOf } from './servers.js';
import { sniMatch } from './sni.js';
import { l4Destinations, tcpRule } from './tcp-routes.js';
import { tlsContext } from './tls-context.js';
import { autoPassthroughChains, passthroughChains } from './tls-routes.js';
import { type RoutingInputs, virtualHosts } from './virtual-hosts.js';

/** `gateways`: those that apply to the workload, oldest first. */
export function listeners(gateways: readonly GatewayConfig[], inputs: RoutingInputs, notes: ReadNote[]): Listener[] {
  const merged = mergeServers(gateways, notes);
  const claimed = new ClaimedHosts();
  const byAddress = new Map<string, { entry: PortServers; chains: FilterChain[] }>();
  for (const entry of merged.ports) {
    const bare = isHttp(entry.protocol)
      ? [plainHttp(entry, merged, inputs)]
      : entry.servers.flatMap((server) => serverChains(server, merged, inputs, claimed, notes));
    const chains = bare.map((chain) => withPolicies(chain, entry.port, inputs.policies));
    const address = `${entry.bind}|${entry.port}`;
    const known = byAddress.get(address);
    if (known) append(known.chains, chains);
    else byAddress.set(address, { entry, chains });
  }
  return [...byAddress.values()].flatMap(({ entry, chains }) => {
    const clash = overlap(chains);
    const [server] = entry.servers;
    if (!server) return [];
    if (clash !== undefined) {
      notes.push({
        code: 'listener-rejected',
        message: `Envoy refuses the listener of port ${entry.port}: two of its filter chains take ${clash}. No server of this port works: a running gateway keeps the last listener that it accepted, a restarted one does not open the port.`,
        origin: server.origin,
      });
    }
    if (chains.length === 0) {
      notes.push({
        code: 'listener-omitted',
        message: `Port ${entry.port} is not opened: no TCP or TLS rule of a VirtualService is for this server of ${formatResource(server.origin.resource)}.`,
        origin: server.origin,
      });
    }
    if (clash !== undefined || chains.length === 0) return [];
    return [
      {
        port: entry.port,
        ...(entry.bind === '' ? {} : { bind: entry.bind }),
        filterChains: chains,
        origin: server.origin,
      },
    ];
  });
}

function plainHttp(entry: PortServers, merged: MergedServers, inputs: RoutingInputs): HttpChain {
  const table = merged.byRouteName.get(entry.routeName) ?? entry.servers;
  return {
    kind: 'http',
    match: { transport: 'any' },
    virtualHosts: virtualHosts(table, inputs),
    name: entry.routeName,
    ...(entry.servers[0] ? { origin: entry.servers[0].origin } : {}),
  };
}

function serverChains(
  server: Server,
  merged: MergedServers,
  inputs: RoutingInputs,
  claimed: ClaimedHosts,
  notes: ReadNote[],
): FilterChain[] {
  const tls = tlsContext(server, inputs.workload.namespace);
  if (terminatesHttps(server)) {
    const routeName = routeNameOf(server);
    const table = merged.byRouteName.get(routeName) ?? [server];
    return [
      {
        kind: 'http',
        match: sniMatch(sniHosts(server)),
        ...(tls ? { tls } : {}),
        virtualHosts: virtualHosts(table, inputs),
        name: routeName,
        origin: server.origin,
      },
    ];
  }
  if (server.tls?.mode === 'AUTO_PASSTHROUGH') return autoPassthroughChains(server, inputs);
  if (isPassthrough(server)) return passthroughChains(server, inputs, claimed, notes);
  const rule = tcpRule(server, inputs);
  if (!rule) return [];
  return [
    {
      kind: 'l4',
      l4: 'tcp',
      match: server.tls ? sniMatch(sniHosts(server)) : { transport: 'any' },
      ...(tls ? { tls } : {}),
      destinations: l4Destinations(rule, server, inputs.clusters),
      origin: rule.origin,
    },
  ];
}

/** What two chains take alike; Envoy then refuses the whole listener (FilterChainManagerImpl). */
function overlap(chains: readonly FilterChain[]): string | undefined {
  const seen = new Set<string>();
  for (const { match } of chains) {
    const names = match.sni ? match.sni.map(hostText) : ['every connection'];
    for (const name of names) {
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
  return undefined;
}
