// Routers of connections with one priority: which of them decides is chance (pkg/muxer/tcp/mux.go sorts what a map of Go gave it, and
// sort.Sort is not stable).

import { type DomainPattern, formatResource } from '../../model/index.js';
import type { TcpEntry } from './tcp.js';
import type { Tie } from './ties.js';

/** A router that can take some of the connections. `sure`: all of them. */
export interface Taking {
  readonly entry: TcpEntry;
  readonly sure: boolean;
}

/** `taking`: every router that can take connections with these names, in their order. Those of them that no router of a higher priority is in front of. */
export function tcpTies(taking: readonly Taking[], domain: DomainPattern, port: number, tls: boolean): readonly Tie[] {
  const ties: Tie[] = [];
  for (let start = 0; start < taking.length; ) {
    const { priority } = taking[start]!.entry;
    let end = start;
    while (end < taking.length && taking[end]!.entry.priority === priority) end++;
    const group = taking.slice(start, end);
    const entries = [...new Set(group.map(({ entry }) => entry))];
    if (entries.length > 1 && new Set(entries.map(outcome)).size > 1)
      ties.push({ rivals: entries, domain, port, witness: witness(domain, port, tls) });
    if (group.some(({ sure }) => sure)) break;
    start = end;
  }
  return ties;
}

/** What becomes of a connection; whose it is does not matter. */
const outcome = ({ tls, allowed, destinations }: TcpEntry): string =>
  JSON.stringify([tls, allowed, destinations], (key, value: unknown) =>
    key === 'origin' ? undefined : key === 'resource' ? formatResource(value as never) : value,
  );

function witness(domain: DomainPattern, port: number, tls: boolean): Tie['witness'] {
  const host = domain.kind === 'any' ? 'host.example' : domain.kind === 'exact' ? domain.value : `a${domain.value}`;
  return { port, scheme: tls ? 'https' : 'http', method: 'GET', host, path: '/' };
}
