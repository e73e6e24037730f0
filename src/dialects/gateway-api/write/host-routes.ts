// Which virtual host of a chain answers for which host name of which listener. A listener with a narrower host name than
// the virtual host's takes only the most specific one, as Envoy would: Istio would put all that meet there in one list. A host that
// another listener of the port names more exactly is served by that one alone.

import { subsetOf } from '../../../implementations/istio/hosts.js';
import { hostText, type VirtualHost } from '../../../model/index.js';
import { bySpecificity, intersection } from '../features/hostname.js';
import { servesHost } from '../features/isolation.js';
import type { ListenerDraft } from './listeners.js';
import { isHostPattern } from './names.js';
import type { Report } from './report.js';

export interface HostRoutes {
  readonly host: VirtualHost;
  /** Never empty; `*` stands for a route without host names. */
  readonly hostnames: readonly string[];
  readonly listeners: readonly ListenerDraft[];
}

/**
 * `byConnection`: the source, too, gives a connection for a server name certain hosts. Else all hosts are on all connections, which
 * is lost once for the whole gateway.
 */
export function hostRoutes(
  drafts: readonly ListenerDraft[],
  byConnection: boolean,
  report: Report,
): readonly HostRoutes[] {
  const found: { host: VirtualHost; hostnames: readonly string[]; listeners: ListenerDraft[] }[] = [];
  for (const draft of drafts) {
    if (draft.chain.kind !== 'http') continue;
    const { virtualHosts } = draft.chain;
    const { meeting, covering } = indexOf(virtualHosts);
    const narrower = narrowerThan(draft, drafts);
    for (const host of meeting(draft.hostname)) {
      const hostnames = host.domains.flatMap((domain) => {
        const text = hostText(domain);
        const shared = intersection(text, draft.hostname);
        if (shared === undefined) return [];
        if (!isHostPattern(shared)) {
          refuseName(host, shared, report);
          return [];
        }
        const best = covering(shared).sort(bySpecificity)[0];
        if (best !== text) return [];
        if (servesHost(draft, narrower, shared)) return [shared];
        if (byConnection) refuseElsewhere(host, shared, draft.hostname, report);
        return [];
      });
      // A route without host names gives way to narrower ones: names that the host has besides are a route of their own.
      const groups = [hostnames.filter((name) => name !== '*'), hostnames.filter((name) => name === '*')];
      for (const group of groups.filter((names) => names.length > 0)) {
        const same = found.find((f) => f.host === host && JSON.stringify(f.hostnames) === JSON.stringify(group));
        if (same) same.listeners.push(draft);
        else found.push({ host, hostnames: group, listeners: [draft] });
      }
    }
  }
  if (!byConnection) noteRepeated(drafts, new Set(found.map((f) => f.host)), report);
  return found;
}

/** Of hosts that the source serves on connections for other names, too, with rules of their own: those rules stand where the host is served. */
function noteRepeated(drafts: readonly ListenerDraft[], served: ReadonlySet<VirtualHost>, report: Report): void {
  const written = new Set([...served].flatMap((host) => host.routes.map((route) => route.matchOrigin ?? route.origin)));
  for (const { chain } of drafts) {
    if (chain.kind !== 'http' || !chain.tls) continue;
    for (const { routes } of chain.virtualHosts.filter((host) => !served.has(host)))
      for (const route of routes) if (written.has(route.matchOrigin ?? route.origin)) report.needless(route);
  }
}

interface HostIndex {
  /** Virtual hosts that may share a name with this one, in their order. */
  readonly meeting: (name: string) => readonly VirtualHost[];
  /** Domains that take every request for this name. */
  readonly covering: (name: string) => string[];
}

const indexes = new WeakMap<readonly VirtualHost[], HostIndex>();

/** Thousands of listeners meet thousands of hosts: a name without a star meets its equal and the wildcards alone. */
function indexOf(hosts: readonly VirtualHost[]): HostIndex {
  const known = indexes.get(hosts);
  if (known) return known;
  const domains = hosts.flatMap((v) => v.domains.map(hostText));
  const wide = domains.filter((d) => d.startsWith('*'));
  const exact = new Set(domains.filter((d) => !d.startsWith('*')));
  const byName = new Map<string, VirtualHost[]>();
  for (const v of hosts) for (const d of v.domains) byName.set(hostText(d), [...(byName.get(hostText(d)) ?? []), v]);
  const broad = hosts.filter((v) => v.domains.some((d) => d.kind !== 'exact'));
  const position = new Map(hosts.map((v, i) => [v, i]));
  const index: HostIndex = {
    meeting(name) {
      if (name.startsWith('*')) return hosts;
      const met = new Set([...(byName.get(name) ?? []), ...broad]);
      return [...met].sort((a, b) => position.get(a)! - position.get(b)!);
    },
    covering: (name) => [...(exact.has(name) ? [name] : []), ...wide.filter((d) => subsetOf(name, d))],
  };
  indexes.set(hosts, index);
  return index;
}

/** Only a listener with a star leaves hosts to others: of thousands few are looked through for each. */
function narrowerThan({ port, protocol, hostname }: ListenerDraft, drafts: readonly ListenerDraft[]): ListenerDraft[] {
  if (!hostname.startsWith('*')) return [];
  return drafts.filter((d) => d.port === port && d.protocol === protocol && d.hostname !== hostname);
}

/** Connections are not tied to the hosts of their server name in Envoy; in the Gateway API they are. */
function refuseElsewhere(host: VirtualHost, name: string, listener: string, report: Report): void {
  const message = `a request for ${name} comes over a connection for another name of ${listener}: a more specific listener has the host to itself`;
  for (const route of host.routes) report.add('listener.isolation', message, host.routes[0]!.origin, { route });
}

function refuseName(host: VirtualHost, name: string, report: Report): void {
  const message = `${name} is not a valid host name of a route`;
  if (host.origin && host.routes.length === 0) report.add('host.name', message, host.origin);
  // Its rules are nowhere else, unless another of its names is written.
  for (const route of host.routes) report.add('host.name', message, route.origin, { route });
}
