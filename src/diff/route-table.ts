// The effective route table: per gateway, port and host the routes in the order in which they are tried, each with a
// request that reaches it or why none does.

import {
  type EffectiveGateway,
  type FilterChain,
  type HttpChain,
  type Influence,
  influenceOf,
  influencesAt,
  type LeftOutMatch,
  type LeftOutRow,
  type Locate,
  locatedOrigin,
  type Route,
  type RouteRow,
  type RouteTable,
  unknownsOf,
  type VirtualHost,
} from '../model/index.js';
import { newRun, type RouteReach, type Run, reachability } from '../space/index.js';

import { confirmWith } from './confirm.js';
import { actionWords, destinationWords, domainWords, matchWords } from './words.js';

export function routeTable(
  gateways: readonly EffectiveGateway[],
  options: { readonly locate?: Locate } = {},
): RouteTable {
  const run = newRun();
  return { version: 1, gateways: gateways.map((g) => gatewayTable(g, run, options.locate)) };
}

type Table = RouteTable['gateways'][number];
type ChainTable = Table['listeners'][number]['chains'][number];

function gatewayTable(gateway: EffectiveGateway, run: Run, locate: Locate | undefined): Table {
  const byHost = new Map<HttpChain, Map<VirtualHost, RouteReach[]>>();
  for (const entry of reachability(gateway, { confirm: confirmWith(gateway), run })) {
    const hosts = byHost.get(entry.chain) ?? new Map<VirtualHost, RouteReach[]>();
    byHost.set(entry.chain, hosts);
    const rows = hosts.get(entry.virtualHost);
    if (rows) rows.push(entry);
    else hosts.set(entry.virtualHost, [entry]);
  }
  return {
    id: gateway.id,
    dialect: gateway.dialect,
    engine: gateway.engine,
    ...unknownIn(
      unknownsOf(gateway).filter((u) => !u.reach),
      locate,
    ),
    ...(gateway.leftOut ? { leftOut: gateway.leftOut.map((m) => leftOutRow(m, locate)) } : {}),
    listeners: gateway.listeners.map(({ port, filterChains }) => ({
      port,
      chains: filterChains.map((chain) =>
        chainTable(chain, byHost, (row) => rowUnknown(gateway, port, row, locate), locate),
      ),
    })),
  };
}

const leftOutRow = ({ hosts, match, reason, origin }: LeftOutMatch, locate: Locate | undefined): LeftOutRow => ({
  hosts: hosts.map(domainWords),
  match: matchWords(match),
  reason,
  origin: locatedOrigin(origin, locate),
});

/** What reaches this route, but not all of the gateway, and the conditions of the route itself. */
function rowUnknown(
  gateway: EffectiveGateway,
  port: number,
  { virtualHost, route }: Pick<RouteReach, 'virtualHost' | 'route'>,
  locate: Locate | undefined,
): Pick<RouteRow, 'unknown'> {
  const partial = { unsupported: gateway.unsupported.filter((u) => u.reach) };
  return unknownIn(influencesAt(partial, { port, virtualHost, route }), locate);
}

const unknownIn = (list: readonly Influence[], locate: Locate | undefined): Pick<RouteRow, 'unknown'> =>
  list.length === 0 ? {} : { unknown: list.map((u) => influenceOf(u, locate)) };

function chainTable(
  chain: FilterChain,
  reaches: ReadonlyMap<HttpChain, ReadonlyMap<VirtualHost, readonly RouteReach[]>>,
  unknown: (row: RouteReach) => Pick<RouteRow, 'unknown'>,
  locate: Locate | undefined,
): ChainTable {
  const sni = chain.match.sni?.map(domainWords);
  const shared = { tls: chain.tls !== undefined, ...(sni && !sni.includes('*') ? { sni } : {}) };
  if (chain.kind === 'l4')
    return { kind: chain.l4, ...shared, action: destinationWords(chain.destinations), virtualHosts: [] };
  const rows = reaches.get(chain);
  return {
    kind: 'http',
    ...shared,
    virtualHosts: chain.virtualHosts.map((virtualHost) => ({
      hosts: virtualHost.domains.map(domainWords),
      routes: (rows?.get(virtualHost) ?? []).map((r) => ({ ...rowOf(r, locate), ...unknown(r) })),
    })),
  };
}

function rowOf({ route, index, reach }: RouteReach, locate: Locate | undefined): RouteRow {
  const origin = (r: Route) => locatedOrigin(r.matchOrigin ?? r.origin, locate);
  const shared = {
    index,
    ...(route.name ? { name: route.name } : {}),
    match: matchWords(route.match),
    action: actionWords(route),
    origin: origin(route),
    reach: reach.status,
  };
  switch (reach.status) {
    case 'reached':
      return {
        ...shared,
        request: reach.witness.request,
        ...(reach.witness.claims ? { claims: reach.witness.claims } : {}),
      };
    case 'undecided':
      return { ...shared, reason: reach.reason };
    case 'unreachable':
      return {
        ...shared,
        reason: REASON[reach.because],
        ...(reach.because === 'covered' ? { coveredBy: reach.coveredBy.map(origin) } : {}),
      };
  }
}

const REASON = {
  covered: 'earlier routes match all of its requests',
  contradiction: 'its conditions contradict each other',
  host: 'another virtual host serves its hosts',
  connection: 'no connection reaches it',
} as const;
