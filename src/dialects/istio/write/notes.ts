// Losses that belong to a gateway as a whole: what its engine does by itself and Envoy does not, and what was never understood.

import type { EffectiveGateway, Route } from '../../../model/index.js';
import type { WriteOptions } from '../../dialect.js';
import { isOwn } from './own-endpoints.js';
import type { Report } from './report.js';

export function notes(gateway: EffectiveGateway, _options: WriteOptions, report: Report): void {
  for (const u of gateway.unsupported)
    report.add(u.effect === 'delivery' ? 'approximate' : 'refused', u.feature, u.detail, u.origin);
  if (gateway.engine !== 'nginx') return;
  const routes = routesOf(gateway);
  const origin = routes[0]?.origin;
  if (!origin) return;
  for (const [feature, applies, message] of ENGINE)
    if (applies(routes)) report.add('approximate', feature, message, origin);
}

/** What changes when nginx gives way to Envoy, whatever the configuration says. */
const ENGINE: readonly [feature: string, applies: (routes: readonly Route[]) => boolean, message: string][] = [
  [
    'engine.path-normalisation',
    () => true,
    'nginx matches the decoded path with repeated slashes merged and passes the path on as it came; Istio matches and passes on the normalised path: requests with %-escapes, // or /../ may be answered differently',
  ],
  [
    'engine.tls-names',
    () => true,
    'nginx serves every host on every TLS connection; Istio serves a host only on connections whose SNI its server has',
  ],
  [
    'engine.own-endpoints',
    (routes) => routes.some(isOwn),
    "the controller's own /healthz and /nginx_status do not move",
  ],
  [
    'engine.original-path',
    (routes) => routes.some((r) => r.action.kind === 'forward' && r.action.rewrite !== undefined),
    'Envoy tells the destination of a rewrite in x-envoy-original-path and x-envoy-original-host, nginx does not',
  ],
];

const routesOf = (gateway: EffectiveGateway): Route[] =>
  gateway.listeners.flatMap((l) =>
    l.filterChains.flatMap((c) => (c.kind === 'http' ? c.virtualHosts.flatMap((v) => v.routes) : [])),
  );
