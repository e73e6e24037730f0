// TLS that is passed on by its server name: `tls` rules of VirtualServices (PASSTHROUGH), or one chain for every service
// port (AUTO_PASSTHROUGH). buildGatewayNetworkFiltersFromTLSRoutes, builtAutoPassthroughFilterChains in
// pilot/pkg/networking/core/gateway.go.

import { subsetOf } from '../../../implementations/istio/hosts.js';
import type { L4Chain } from '../../../model/index.js';
import type { ReadNote } from '../../dialect.js';
import type { Server } from '../config.js';
import { sniHosts } from './gateways.js';
import { type ClaimedHosts, podPort } from './servers.js';
import { sniMatch } from './sni.js';
import { l4Applies, l4Destinations, sharesHost } from './tcp-routes.js';
import type { RoutingInputs } from './virtual-hosts.js';

export function passthroughChains(
  server: Server,
  inputs: RoutingInputs,
  claimed: ClaimedHosts,
  notes: ReadNote[],
): L4Chain[] {
  const chains: L4Chain[] = [];
  for (const vs of inputs.virtualServicesFor(server.gateway)) {
    if (!sharesHost(server, vs)) continue;
    for (const rule of vs.tls) {
      if (rule.route.length === 0) continue;
      for (const match of rule.matches) {
        if (!l4Applies(match, server)) continue;
        const taken = claimed.claim(podPort(server), server.bind, match.sniHosts);
        if (taken.length > 0) {
          notes.push({
            code: 'tls-match-skipped',
            message: `An earlier rule of port ${server.port} has the server name ${taken.join(', ')}; this match is not used.`,
            origin: match.origin,
          });
          continue;
        }
        chains.push({
          kind: 'l4',
          l4: 'tls',
          match: sniMatch(match.sniHosts),
          destinations: l4Destinations(rule, server, inputs.clusters),
          origin: match.origin,
        });
      }
    }
  }
  return chains;
}

/** Server names like `outbound_.80_._.reviews.default.svc.cluster.local`; only Istio's own mTLS gets through. */
export function autoPassthroughChains(server: Server, { clusters }: RoutingInputs): L4Chain[] {
  const hosts = sniHosts(server);
  const chain = (host: string, port: number, subset: string): L4Chain => ({
    kind: 'l4',
    l4: 'tls',
    match: sniMatch([`outbound_.${port}_.${subset}_.${host}`]),
    destinations: [
      {
        to: clusters.destination({
          host,
          port,
          subset: subset === '' ? undefined : subset,
          listenerPort: server.port,
          origin: server.origin,
        }),
        weight: 100,
        origin: server.origin,
      },
    ],
    origin: server.origin,
  });
  return clusters.services.visible
    .filter((s) => !s.meshExternal && hosts.some((h) => subsetOf(s.hostname, h)))
    .flatMap((s) => {
      const subsets = ['', ...(clusters.rule(s.hostname)?.subsets ?? []).map((x) => x.name)];
      return s.ports
        .filter((p) => p.protocol !== 'UDP')
        .flatMap((p) => subsets.map((subset) => chain(s.hostname, p.number, subset)));
    });
}
