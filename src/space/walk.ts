// The parts of one or several gateways that have to be looked at together: for every class of connections and hosts
// the virtual host of each gateway that takes them.

import type { DomainPattern, EffectiveGateway, VirtualHost } from '../model/index.js';
import { type ConnectionClass, connectionClasses, type Receive, receiver } from './connections.js';
import type { Frame } from './dimension.js';
import { type HostClass, hostClasses, indexDomains, wordsOf } from './hosts.js';

export interface Region {
  readonly connection: ConnectionClass;
  /** All hosts that meet the same virtual hosts; at least one. */
  readonly hosts: readonly HostClass[];
  /** Virtual host of each gateway; undefined: none (or no HTTP there). */
  readonly virtualHosts: readonly (VirtualHost | undefined)[];
  /** All domain patterns at hand, which cut the hosts. */
  readonly patterns: readonly DomainPattern[];
}

export interface Walk {
  readonly connections: readonly ConnectionClass[];
  readonly receive: readonly Receive[];
  regions(connection: ConnectionClass): Region[];
}

export function walk(gateways: readonly EffectiveGateway[]): Walk {
  return { connections: connectionClasses(gateways), receive: gateways.map(receiver), regions };
}

function regions(connection: ConnectionClass): Region[] {
  const chains = connection.receptions.map((r) => (typeof r === 'object' && r.kind === 'http' ? r : undefined));
  const patterns = chains.flatMap((c) => c?.virtualHosts.flatMap((v) => v.domains) ?? []);
  const indexes = chains.map((c) =>
    indexDomains((c?.virtualHosts ?? []).map((v) => ({ domains: v.domains, value: v }))),
  );
  const found = new Map<string, Region & { hosts: HostClass[] }>();
  const ids = new Map<VirtualHost, number>();
  const idOf = (v: VirtualHost | undefined): number => {
    if (v === undefined) return -1;
    if (!ids.has(v)) ids.set(v, ids.size);
    return ids.get(v)!;
  };
  for (const host of hostClasses(patterns)) {
    const virtualHosts = indexes.map((index) => index.find(host.example));
    const key = virtualHosts.map(idOf).join();
    const known = found.get(key);
    if (known) known.hosts.push(host);
    else found.set(key, { connection, hosts: [host], virtualHosts, patterns });
  }
  return [...found.values()];
}

/** What all requests of a region share. `host` only where a rule tests `:authority`. @throws TooLargeError */
export function frameOf(region: Region, engines: Frame['engines'], host: HostClass | undefined): Frame {
  const { connection } = region;
  const reception = connection.receptions.find((r) => typeof r === 'object');
  const tls = typeof reception === 'object' && reception.tls !== undefined;
  return {
    engines,
    scheme: tls ? 'https' : 'http',
    ...(host === undefined ? {} : { host: wordsOf(host, region.patterns) }),
    ...(connection.source ? { source: connection.source } : {}),
  };
}
