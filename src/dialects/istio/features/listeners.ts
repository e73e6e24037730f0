// The listeners of a gateway workload: one for each address and port, with a filter chain for each thing it may speak.
// buildGatewayListeners in pilot/pkg/networking/core/gateway.go. Istio's listen on ports of the pods; ours have the ports on which
// clients meet them.

import type { PodPorts } from '../../../implementations/istio/pod-ports.js';
import { withPolicies } from '../../../implementations/istio/policies.js';
import { isHttp } from '../../../implementations/istio/protocol.js';
import {
  append,
  type ClosedPort,
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

export interface Listeners {
  readonly listeners: readonly Listener[];
  /** Ports that servers ask for and nobody can connect to. */
  readonly closed: readonly ClosedPort[];
}

/** `gateways`: those that apply to the workload, oldest first. */
export function listenersOf(gateways: readonly GatewayConfig[], inputs: RoutingInputs, notes: ReadNote[]): Listeners {
  const { podPorts } = inputs.policies;
  const merged = mergeServers(listening(gateways, podPorts), notes);
  const claimed = new ClaimedHosts();
  const byAddress = new Map<string, { entry: PortServers; chains: FilterChain[] }>();
  for (const entry of merged.ports) {
    const chains = isHttp(entry.protocol)
      ? [plainHttp(entry, merged, inputs)]
      : entry.servers.flatMap((server) => serverChains(server, merged, inputs, claimed, notes));
    const address = `${entry.bind}|${entry.port}`;
    const known = byAddress.get(address);
    if (known) append(known.chains, chains);
    else byAddress.set(address, { entry, chains });
  }
  const open: Listener[] = [];
  const closed: ClosedPort[] = [];
  for (const { entry, chains } of byAddress.values()) {
    const [server] = entry.servers;
    if (!server) continue;
    const { origin } = server;
    const clients = podPorts.clients(entry.port);
    const why = whyClosed(server, chains, notes);
    if (why !== undefined) {
      append(
        closed,
        [...new Set([...clients, server.port])].map((port) => ({ port, why, origin })),
      );
      continue;
    }
    const servers = [...new Set(entry.servers.map((s) => s.port))];
    for (const port of clients)
      open.push({
        port,
        ...(entry.bind === '' ? {} : { bind: entry.bind }),
        filterChains: chains.map((chain) =>
          withPolicies(chain, { port, pods: [entry.port], servers }, inputs.policies),
        ),
        origin,
      });
    append(closed, ofPodsOnly(entry, clients));
  }
  return { listeners: open, closed: closed.filter(({ port }) => !open.some((l) => l.port === port)) };
}

/** What keeps a port shut, which is noted, too; undefined: nothing. */
function whyClosed(server: Server, chains: readonly FilterChain[], notes: ReadNote[]): string | undefined {
  const { port, origin } = server;
  const clash = overlap(chains);
  if (clash !== undefined) {
    const why = `two of its filter chains match ${clash}`;
    notes.push({
      code: 'listener-rejected',
      message: `Envoy refuses the listener of port ${port}: ${why}. No server of this port works: a running gateway keeps the last listener that it accepted, a restarted one does not open the port.`,
      origin,
    });
    return `Envoy refuses the listener, because ${why} (a running gateway keeps the last one that it accepted)`;
  }
  if (chains.length > 0) return undefined;
  const why = `no TCP or TLS rule of a VirtualService is for this server of ${formatResource(origin.resource)}`;
  notes.push({ code: 'listener-omitted', message: `Port ${port} is not opened: ${why}.`, origin });
  return `Istio does not open it, because ${why}`;
}

/** Where a port of a server, or of the pods, is none of the Service's. */
function ofPodsOnly({ port, servers }: PortServers, clients: readonly number[]): ClosedPort[] {
  const where =
    clients.length > 0
      ? `the Service leads there from port ${clients.join(' and ')}`
      : 'no Service of the files leads there';
  return [port, ...servers.map((s) => s.port)]
    .filter((p) => !clients.includes(p))
    .map((p) => ({
      port: p,
      why: `the gateway's pods listen on ${port}, and ${where}`,
      origin: (servers.find((s) => s.port === p) ?? servers[0]!).origin,
    }));
}

/** The servers where a Service of the files says that they listen. */
function listening(gateways: readonly GatewayConfig[], podPorts: PodPorts): readonly GatewayConfig[] {
  const moved = (server: Server) => podPorts.listening(server.port) !== server.port;
  return gateways.map((gateway) =>
    gateway.servers.some(moved)
      ? { ...gateway, servers: gateway.servers.map((s) => ({ ...s, podPort: podPorts.listening(s.port) })) }
      : gateway,
  );
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
