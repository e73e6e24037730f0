// Which filter chain takes a connection, by port, server name and transport, in Envoy's order and without going back:
// source/common/listener_manager/filter_chain_manager_impl.cc, findFilterChainForServerName.

import type { FilterChain, Listener } from '../model/index.js';
import { compileCidrs } from './cidr.js';
import type { NoAnswer } from './decision.js';
import { type HostIndex, indexHosts } from './host-index.js';

/** How a client opens a connection. */
export interface ConnectionRequest {
  readonly port: number;
  /** `tls`: it begins with a ClientHello. */
  readonly transport: 'tls' | 'raw';
  /** Server name of the ClientHello; null: none. */
  readonly sni: string | null;
  /** Client address. Default 127.0.0.1. */
  readonly source?: string;
}

export interface ChainIndex<T> {
  readonly listener: Listener;
  select(connection: ConnectionRequest): T | NoAnswer;
}

interface Candidate<T> {
  readonly value: T;
  readonly chain: FilterChain;
  readonly fromSource: ((address: string) => boolean) | undefined;
}

export function indexChains<T>(
  listener: Listener,
  chains: readonly { readonly chain: FilterChain; readonly value: T }[],
): ChainIndex<T> {
  // A chain for certain destination addresses is left out: a request of simulate has none.
  const candidates = chains
    .filter(({ chain }) => !chain.match.destination?.length)
    .map(({ chain, value }) => ({
      chain,
      value,
      fromSource: chain.match.source?.length ? compileCidrs(chain.match.source) : undefined,
    }));
  const byName = groupByName(candidates);
  const unnamed = candidates.filter((c) => c.chain.match.sni?.every((d) => d.kind !== 'any') !== true);
  return {
    listener,
    select(connection) {
      const name = connection.transport === 'tls' ? (connection.sni ?? '').toLowerCase() : '';
      const group = (name === '' ? undefined : byName.find(name)?.value) ?? unnamed;
      const found = chooseByTransport(group, connection);
      if (!found) return { kind: 'closed', cause: 'no-filter-chain', listener };
      const tlsAtGateway = found.chain.tls !== undefined;
      if (connection.transport === 'raw' && tlsAtGateway)
        return { kind: 'closed', cause: 'plain-on-tls-port', listener, chain: found.chain };
      if (connection.transport === 'tls' && !tlsAtGateway && found.chain.kind === 'http')
        return { kind: 'closed', cause: 'tls-on-plain-port', listener, chain: found.chain };
      return found.value;
    },
  };
}

function groupByName<T>(candidates: readonly Candidate<T>[]): HostIndex<readonly Candidate<T>[]> {
  const groups = new Map<string, { domains: NonNullable<FilterChain['match']['sni']>; value: Candidate<T>[] }>();
  for (const candidate of candidates) {
    for (const domain of candidate.chain.match.sni ?? []) {
      if (domain.kind === 'any') continue;
      const key = `${domain.kind} ${domain.value}`;
      const group = groups.get(key);
      if (group) group.value.push(candidate);
      else groups.set(key, { domains: [domain], value: [candidate] });
    }
  }
  return indexHosts([...groups.values()]);
}

function chooseByTransport<T>(group: readonly Candidate<T>[], connection: ConnectionRequest): Candidate<T> | undefined {
  const exact = group.filter((c) => c.chain.match.transport === connection.transport);
  const pool = exact.length > 0 ? exact : group.filter((c) => c.chain.match.transport === 'any');
  const source = connection.source ?? '127.0.0.1';
  return pool.find((c) => c.fromSource?.(source)) ?? pool.find((c) => !c.fromSource);
}
