// Losses of a gateway or a host as a whole: what was never understood, what the engine does by itself, policies that are
// bound to another workload.

import type { EffectiveGateway, Route, VirtualHost } from '../../../model/index.js';
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
  engineLosses(
    gateway,
    chains.flatMap((c) => c.virtualHosts.flatMap((v) => v.routes)),
    report,
  );
}

function engineLosses(gateway: EffectiveGateway, routes: readonly Route[], report: Report): void {
  const origin = routes[0]?.origin;
  if (origin === undefined || gateway.engine === 'envoy') return;
  const note = (feature: string, message: string) => report.add('approximate', `engine.${feature}`, message, origin);
  const tls = gateway.listeners.some((l) => l.filterChains.some((c) => c.tls));
  const source =
    gateway.engine === 'nginx'
      ? 'nginx matches the decoded path with slashes merged'
      : 'the path is matched as it came';
  note(
    'path-normalisation',
    `${source}; Istio matches and passes on the normalised path: %-escapes, // and /../ may differ`,
  );
  if (tls) note('tls-names', 'the source serves every host on every TLS connection, Istio those of the SNI alone');
  if (gateway.engine !== 'nginx') return;
  if (routes.some(isOwn)) note('own-endpoints', "the controller's own /healthz and /nginx_status do not move");
  if (routes.some(isHostless)) {
    note('host-case', 'nginx writes the host of its slash redirects in lower case, Envoy as the client sent it');
    note('host-port', 'nginx leaves the port of the Host header out of its redirects, Envoy keeps it');
  }
  if (routes.some((r) => r.action.kind === 'forward' && r.action.rewrite !== undefined)) {
    note('original-path', 'Envoy adds x-envoy-original-path and x-envoy-original-host to rewritten requests');
  }
}

/** A redirect to the host of the request. */
const isHostless = ({ action }: Route): boolean =>
  action.kind === 'redirect' && action.host === undefined && action.location === undefined;

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
