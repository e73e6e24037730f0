// Losses of a gateway or a host as a whole: what was never understood, what the engine does by itself, policies that are
// bound to another workload.

import type { EffectiveGateway } from '../../../model/index.js';
import { isOwn } from '../../own-endpoints.js';
import type { HostRoutes } from './host-routes.js';
import type { Report } from './report.js';

export function gatewayLosses(gateway: EffectiveGateway, report: Report): void {
  for (const { effect, feature, detail, origin } of gateway.unsupported) {
    report.add(effect === 'delivery' ? 'approximate' : 'refused', feature, detail, origin);
  }
  const chains = gateway.listeners.flatMap((l) => l.filterChains.filter((c) => c.kind === 'http'));
  for (const { policies } of chains) {
    for (const { origin } of [...(policies?.authentication ?? []), ...(policies?.authorization ?? [])]) {
      report.add(
        'refused',
        'policies',
        'the policy selects the old workload: give it a targetRef of the Gateway',
        origin,
      );
    }
    for (const { origin } of policies?.rateLimits ?? []) {
      report.add('refused', 'policies.rate-limit', 'the rate limit belongs to the old workload', origin);
    }
  }
  const routes = chains.flatMap((c) => c.virtualHosts.flatMap((v) => v.routes));
  const origin = routes[0]?.origin;
  if (origin === undefined || gateway.engine !== 'nginx') return;
  const note = (feature: string, message: string) => report.add('approximate', `engine.${feature}`, message, origin);
  note('path-normalisation', 'nginx matches the decoded path with slashes merged, Istio the path as it was sent');
  if (routes.some((r) => isOwn(r))) {
    note('own-endpoints', "the controller's own /healthz and /nginx_status do not move");
  }
  if (routes.some((r) => r.action.kind === 'forward' && r.action.rewrite !== undefined)) {
    note('original-path', 'Envoy adds x-envoy-original-path and x-envoy-original-host to rewritten requests');
  }
}

/** Behind TLS a route is found by the host, and only among those of the SNI's listener. */
export function hostLosses({ host, listeners }: HostRoutes, report: Report): void {
  const [listener] = listeners;
  const origin = host.routes[0]?.origin;
  if (!listener?.tls || listener.hostname === '*' || !origin || listener.chain.kind !== 'http') return;
  if (listener.chain.virtualHosts.length < 2 || (listener.chain.match.sni?.length ?? 0) < 2) return;
  const message = 'a connection serves the hosts of its SNI, not the others of this certificate';
  report.add('approximate', 'tls.other-hosts', message, origin);
}
