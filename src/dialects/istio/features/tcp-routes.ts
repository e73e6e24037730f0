// Where bytes of a TCP server, or of a TLS server that terminates, go: the first `tcp` rule of a VirtualService for the
// gateway that fits. buildGatewayNetworkFiltersFromTCPRoutes, pickMatchingGatewayHosts, l4MultiMatch in
// pilot/pkg/networking/core/gateway.go.

import type { IstioClusters } from '../../../implementations/istio/clusters.js';
import { hostsMatch } from '../../../implementations/istio/hosts.js';
import type { WeightedDestination } from '../../../model/index.js';
import type { ReadNote } from '../../dialect.js';
import type { L4Match, L4Rule, Server, VirtualServiceConfig } from '../config.js';
import type { RoutingInputs } from './virtual-hosts.js';

export function tcpRule(server: Server, { virtualServicesFor }: RoutingInputs): L4Rule | undefined {
  for (const vs of virtualServicesFor(server.gateway)) {
    if (!sharesHost(server, vs)) continue;
    for (const rule of vs.tcp) {
      const fits = rule.matches.length === 0 || rule.matches.some((m) => l4Applies(m, server));
      if (fits && rule.route.length > 0) return rule;
    }
  }
  return undefined;
}

/** One host of the server and one of the VirtualService overlap. */
export function sharesHost(server: Server, vs: VirtualServiceConfig): boolean {
  return server.hosts.some((host) => {
    const slash = host.indexOf('/');
    if (slash >= 0 && host.slice(0, slash) !== vs.namespace) return false;
    const name = host.slice(slash + 1);
    return vs.hosts.some((other) => hostsMatch(name, other));
  });
}

/** Port and gateways are all that a gateway looks at. */
export const l4Applies = (match: L4Match, server: Server): boolean =>
  (match.port === 0 || match.port === server.port) &&
  (match.gateways.length === 0 || match.gateways.includes(server.gateway));

/** What a rule says about connections and a gateway does not look at: l4SingleMatch takes port and gateways only. */
export const ignoredConditions = (vs: VirtualServiceConfig): ReadNote[] =>
  vs.gateways.every((gateway) => gateway === 'mesh')
    ? []
    : [...vs.tls, ...vs.tcp]
        .flatMap((rule) => rule.matches)
        .filter((match) => match.ignored.length > 0)
        .map((match) => ({
          code: 'l4-condition-ignored',
          message: `A gateway ignores ${match.ignored.join(', ')} of TLS and TCP rules; the rule applies regardless.`,
          origin: match.origin,
        }));

/** buildOutboundNetworkFilters in core/networkfilter.go: a single destination ignores its weight, others without weight are left out. */
export function l4Destinations(rule: L4Rule, server: Server, clusters: IstioClusters): WeightedDestination[] {
  const all = rule.route.map((w) => ({
    to: clusters.destination({ ...w.destination, listenerPort: server.port }),
    weight: rule.route.length === 1 ? w.weight || 100 : w.weight,
    origin: w.origin,
  }));
  return all.filter((w) => w.weight > 0);
}
