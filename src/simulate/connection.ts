// Which filter chain takes a connection, by port, server name and transport, in Envoy's order and without going back:
// source/common/listener_manager/filter_chain_manager_impl.cc, findFilterChainForServerName.

import type { ClientCertificate, FilterChain, Listener, TlsContext } from '../model/index.js';
import { compileCidrs } from './cidr.js';
import type { NoAnswer } from './decision.js';
import { type HostIndex, indexHosts } from './host-index.js';
import { compileStringMatcher } from './match-string.js';

/** How a client opens a connection. */
export interface ConnectionRequest {
  readonly port: number;
  /** `tls`: it begins with a ClientHello. */
  readonly transport: 'tls' | 'raw';
  /** Server name of the ClientHello; null: none. */
  readonly sni: string | null;
  /** Default `good`. */
  readonly clientCertificate?: ClientCertificate;
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
  readonly hasName: ((name: string) => boolean) | undefined;
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
      hasName: chain.match.sniTests?.length ? compileNameTests(chain.match.sniTests) : undefined,
    }));
  const byName = groupByName(candidates);
  const unnamed = poolsOf(candidates.filter((c) => c.chain.match.sni?.every((d) => d.kind !== 'any') !== true));
  return {
    listener,
    select(connection) {
      const tls = connection.transport === 'tls';
      const name = tls ? (connection.sni ?? '').toLowerCase() : '';
      const pools = (name === '' ? undefined : byName.find(name)?.value) ?? unnamed;
      const found = firstOf(tls ? pools.tls : pools.raw, connection.source ?? '127.0.0.1', name);
      if (!found) return { kind: 'closed', cause: 'no-filter-chain', listener };
      const tlsAtGateway = found.chain.tls !== undefined;
      if (!tls && tlsAtGateway) return { kind: 'closed', cause: 'plain-on-tls-port', listener, chain: found.chain };
      if (tls && !tlsAtGateway && found.chain.kind === 'http')
        return { kind: 'closed', cause: 'tls-on-plain-port', listener, chain: found.chain };
      const detail = tls ? certificateRefusal(connection.clientCertificate, found.chain.tls) : undefined;
      if (detail) return { kind: 'closed', cause: 'client-certificate', listener, chain: found.chain, detail };
      return found.value;
    },
  };
}

/** Who shows a certificate, though it is optional, has it checked; undefined: the connection stands. */
function certificateRefusal(
  shown: ClientCertificate = 'good',
  { mode, clients }: Pick<TlsContext, 'mode' | 'clients'> = { mode: 'simple' },
): string | undefined {
  if (mode === 'simple' || shown === 'good' || (clients?.unchecked && (mode === 'optional-mutual' || shown !== 'none')))
    return undefined;
  if (shown === 'untrusted') return "the client's certificate is not signed by the CA that the port asks for";
  return mode === 'optional-mutual' ? undefined : 'the port asks for a client certificate, and the client shows none';
}

/** Candidates of one server name, by transport: those for exactly this one, else those for any. */
interface Pools<T> {
  readonly tls: readonly Candidate<T>[];
  readonly raw: readonly Candidate<T>[];
}

function poolsOf<T>(group: readonly Candidate<T>[]): Pools<T> {
  const pool = (transport: 'tls' | 'raw') => {
    const exact = group.filter((c) => c.chain.match.transport === transport);
    const either = exact.length > 0 ? exact : group.filter((c) => c.chain.match.transport === 'any');
    // A chain for certain client addresses or names is more specific than one for all.
    const certain = (c: Candidate<T>): boolean => !c.fromSource && !c.hasName;
    return [...either.filter((c) => !certain(c)), ...either.filter(certain)];
  };
  return { tls: pool('tls'), raw: pool('raw') };
}

function groupByName<T>(candidates: readonly Candidate<T>[]): HostIndex<Pools<T>> {
  const groups = new Map<string, { domains: NonNullable<FilterChain['match']['sni']>; members: Candidate<T>[] }>();
  for (const candidate of candidates) {
    for (const domain of candidate.chain.match.sni ?? []) {
      if (domain.kind === 'any') continue;
      const key = `${domain.kind} ${domain.value}`;
      const group = groups.get(key);
      if (group) group.members.push(candidate);
      else groups.set(key, { domains: [domain], members: [candidate] });
    }
  }
  return indexHosts([...groups.values()].map(({ domains, members }) => ({ domains, value: poolsOf(members) })));
}

function firstOf<T>(pool: readonly Candidate<T>[], source: string, name: string): Candidate<T> | undefined {
  for (const candidate of pool)
    if ((!candidate.fromSource || candidate.fromSource(source)) && (!candidate.hasName || candidate.hasName(name)))
      return candidate;
  return undefined;
}

function compileNameTests(tests: NonNullable<FilterChain['match']['sniTests']>): (name: string) => boolean {
  const compiled = tests.map(({ pattern, invert = false }) => ({
    test: compileStringMatcher({ kind: 'regex', pattern }),
    invert,
  }));
  return (name) => compiled.every(({ test, invert }) => test(name) !== invert);
}
