// Which virtual host of a chain answers for which host name of which listener. A listener with a narrower host name than
// the virtual host's takes only the most specific one, as Envoy would: Istio would put all that meet there in one list.

import type { VirtualHost } from '../../../model/index.js';
import { subsetOf } from '../../../resources/istio-hosts.js';
import { bySpecificity, intersection } from '../features/hostname.js';
import { hostText, type ListenerDraft } from './listeners.js';
import { isHostPattern } from './names.js';
import type { Report } from './report.js';

export interface HostRoutes {
  readonly host: VirtualHost;
  /** Never empty; `*` stands for a route without host names. */
  readonly hostnames: readonly string[];
  readonly listeners: readonly ListenerDraft[];
}

export function hostRoutes(drafts: readonly ListenerDraft[], report: Report): readonly HostRoutes[] {
  const found: { host: VirtualHost; hostnames: readonly string[]; listeners: ListenerDraft[] }[] = [];
  for (const draft of drafts) {
    if (draft.chain.kind !== 'http') continue;
    const { virtualHosts } = draft.chain;
    const domains = virtualHosts.flatMap((v) => v.domains.map(hostText));
    for (const host of virtualHosts) {
      const hostnames = host.domains.flatMap((domain) => {
        const text = hostText(domain);
        const shared = intersection(text, draft.hostname);
        if (shared === undefined) return [];
        if (!isHostPattern(shared)) {
          refuseName(host, shared, report);
          return [];
        }
        const best = domains.filter((d) => subsetOf(shared, d)).sort(bySpecificity)[0];
        return best === text ? [shared] : [];
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
  return found;
}

function refuseName(host: VirtualHost, name: string, report: Report): void {
  const origin = host.origin ?? host.routes[0]?.origin;
  if (origin) report.add('refused', 'host.name', `${name} cannot be a host name of a route`, origin);
}
