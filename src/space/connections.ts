// Which filter chain takes a connection: by port, then server name and transport in Envoy's order and without going
// back (source/common/listener_manager/filter_chain_manager_impl.cc; the same rule as simulate/connection.ts).
// Connections of several gateways at once are cut into the classes that their chains can tell apart.

import type { EffectiveGateway, FilterChain, HttpChain, L4Chain } from '../model/index.js';
import { addressClasses, addressHolds } from './addresses.js';
import type { CidrTest } from './atoms.js';
import type { SourceLimit } from './dimension.js';
import { type HostIndex, hostClasses, indexDomains } from './hosts.js';

export interface Connection {
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** Null: none is sent (always so without TLS). */
  readonly sni: string | null;
  readonly source: string;
}

/** What a gateway does with a connection. */
export type Reception = HttpChain | L4Chain | 'refused' | 'closed';

/** Connections that no gateway at hand tells apart: one of them, and what each gateway does with it. */
export interface ConnectionClass {
  readonly example: Connection;
  readonly receptions: readonly Reception[];
  /** All examples of the class, one for each server name that was distinguished. */
  readonly names: readonly (string | null)[];
  readonly source?: SourceLimit;
}

export type Receive = (connection: Connection) => Reception;

export function receiver(gateway: EffectiveGateway): Receive {
  const ports = new Map<number, FilterChain[]>();
  for (const { port, filterChains } of gateway.listeners)
    ports.set(port, [...(ports.get(port) ?? []), ...filterChains]);
  const indexed = new Map([...ports].map(([port, chains]) => [port, indexChains(chains)]));
  return (connection) => indexed.get(connection.port)?.(connection) ?? 'refused';
}

function indexChains(all: readonly FilterChain[]): (connection: Connection) => Reception {
  const chains = all.filter((c) => !c.match.destination?.length);
  const named = new Map<string, { domains: NonNullable<FilterChain['match']['sni']>; value: FilterChain[] }>();
  for (const chain of chains)
    for (const domain of chain.match.sni ?? []) {
      if (domain.kind === 'any') continue;
      const key = `${domain.kind} ${domain.value}`;
      const group = named.get(key);
      if (group) group.value.push(chain);
      else named.set(key, { domains: [domain], value: [chain] });
    }
  const byName: HostIndex<FilterChain[]> = indexDomains([...named.values()]);
  const unnamed = chains.filter((c) => c.match.sni?.every((d) => d.kind !== 'any') !== true);
  return ({ scheme, sni, source }) => {
    const transport = scheme === 'https' ? 'tls' : 'raw';
    const name = scheme === 'https' ? (sni ?? '').toLowerCase() : '';
    const group = (name === '' ? undefined : byName.find(name)) ?? unnamed;
    const exact = group.filter((c) => c.match.transport === transport);
    const pool = exact.length > 0 ? exact : group.filter((c) => c.match.transport === 'any');
    const found =
      pool.find((c) => c.match.source?.length && addressHolds({ kind: 'cidrs', cidrs: c.match.source }, source)) ??
      pool.find((c) => !c.match.source?.length);
    if (!found) return 'closed';
    if (transport === 'raw' ? found.tls !== undefined : found.tls === undefined && found.kind === 'http')
      return 'closed';
    return found;
  };
}

/** All classes of connections of some gateways, in order of port. */
export function connectionClasses(gateways: readonly EffectiveGateway[]): ConnectionClass[] {
  const receive = gateways.map(receiver);
  const ports = [...new Set(gateways.flatMap((g) => g.listeners.map((l) => l.port)))].sort((a, b) => a - b);
  return ports.flatMap((port) => {
    const chains = gateways.flatMap((g) => g.listeners.filter((l) => l.port === port).flatMap((l) => l.filterChains));
    const tests = chains.flatMap((c): CidrTest[] =>
      c.match.source?.length ? [{ kind: 'cidrs', cidrs: c.match.source }] : [],
    );
    return classesOf(examplesOf(port, chains, tests), tests, receive);
  });
}

/** One connection for each server name and client address that the chains of a port can tell apart. */
function examplesOf(port: number, chains: readonly FilterChain[], tests: readonly CidrTest[]): Connection[] {
  const sources = addressClasses(tests).map((c) => c.value);
  const names = hostClasses(chains.flatMap((c) => c.match.sni ?? [])).map((c) => c.example);
  const transports = [
    { scheme: 'http' as const, sni: null },
    ...[...names, null].map((sni) => ({ scheme: 'https' as const, sni })),
  ];
  return transports.flatMap(({ scheme, sni }) => sources.map((source) => ({ port, scheme, sni, source })));
}

/** `tests`: the address ranges that were told apart. */
function classesOf(
  examples: readonly Connection[],
  tests: readonly CidrTest[],
  receive: readonly Receive[],
): ConnectionClass[] {
  const classes = new Map<string, ConnectionClass & { names: (string | null)[] }>();
  const ids = new Map<Reception, number>();
  for (const example of examples) {
    const { scheme, sni } = example;
    const receptions = receive.map((r) => r(example));
    const key = `${scheme} ${receptions.map((r) => idOf(ids, r)).join()}`;
    const known = classes.get(key);
    if (known) {
      if (!known.names.includes(sni)) known.names.push(sni);
      continue;
    }
    const limit: SourceLimit = {
      tests,
      allows: (source) => receive.every((r, i) => r({ ...example, source }) === receptions[i]),
    };
    classes.set(key, { example, receptions, names: [sni], ...(tests.length > 0 ? { source: limit } : {}) });
  }
  return [...classes.values()];
}

function idOf(ids: Map<Reception, number>, reception: Reception): number {
  const known = ids.get(reception);
  if (known !== undefined) return known;
  ids.set(reception, ids.size);
  return ids.size - 1;
}
