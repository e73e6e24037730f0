// Losses of a gateway or a host as a whole: what was never understood, what the engine does by itself, policies that are
// bound to another workload.

import type { EffectiveGateway, VirtualHost } from '../../../model/index.js';
import { noteEngine } from '../../engine-losses.js';
import { isOfPolicy } from '../../moved-policies.js';
import type { HostRoutes } from './host-routes.js';
import type { Report } from './report.js';

export function gatewayLosses(gateway: EffectiveGateway, report: Report): void {
  for (const unsupported of gateway.unsupported) {
    if (isOfPolicy(unsupported)) continue;
    const { effect, feature, detail, origin } = unsupported;
    report.add(effect === 'delivery' ? 'approximate' : 'refused', feature, detail, origin);
  }
  const chains = gateway.listeners.flatMap((l) => l.filterChains.filter((c) => c.kind === 'http'));
  for (const { policies } of chains) {
    if (gateway.dialect === 'gateway-api') continue;
    for (const { origin } of policies?.rateLimits ?? []) {
      report.add('refused', 'policies.rate-limit', 'the rate limit belongs to the old workload', origin);
    }
  }
  noteEngine(gateway, true, report);
}

/** Behind TLS a route is found by the host, and only among those of the SNI's listener. */
export function hostLosses({ host, listeners }: HostRoutes, report: Report): void {
  const [listener] = listeners;
  const origin = host.routes[0]?.origin;
  if (!listener?.tls || listener.hostname === '*' || !origin || listener.chain.kind !== 'http') return;
  if ((listener.chain.match.sni?.length ?? 0) < 2) return;
  const message = 'a connection serves the hosts of its SNI, not the others of this certificate';
  report.add('approximate', 'tls.other-hosts', message, origin);
}

/** AuthorizationPolicies know no wildcard of one label, and none with any port behind it. */
export function wildcardLosses(host: VirtualHost, report: Report): void {
  const origin = host.routes[0]?.origin;
  const domain = host.domains.find((d) => d.kind === 'one-label');
  if (domain?.kind !== 'one-label' || origin === undefined) return;
  const name = `*${domain.value}`;
  const depth = `the check of addresses of ${name} holds for deeper hosts too (a.b${domain.value})`;
  report.add('approximate', 'source-address.depth', depth, origin);
  const port = `a Host header with a port would pass the check of addresses of ${name}: it is answered 404`;
  report.add('approximate', 'source-address.port', port, origin);
}
