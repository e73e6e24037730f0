// Losses that belong to a gateway as a whole: what its engine does by itself and Envoy does not, and what was never understood.

import type { EffectiveGateway } from '../../../model/index.js';
import type { WriteOptions } from '../../dialect.js';
import { isOwn } from './own-endpoints.js';
import type { Report } from './report.js';

export function notes(gateway: EffectiveGateway, _options: WriteOptions, report: Report): void {
  for (const u of gateway.unsupported)
    report.add(u.effect === 'delivery' ? 'approximate' : 'refused', u.feature, u.detail, u.origin);
  const origin = gateway.listeners.flatMap((l) =>
    l.filterChains.flatMap((c) => (c.kind === 'http' ? c.virtualHosts.flatMap((v) => v.routes) : [])),
  )[0]?.origin;
  if (!origin || gateway.engine !== 'nginx') return;
  report.add(
    'approximate',
    'engine.path-normalisation',
    'nginx matches the decoded path with repeated slashes merged; Istio matches it undecoded: requests with %-escapes or // in the path may take another route',
    origin,
  );
  report.add(
    'approximate',
    'engine.tls-names',
    'nginx serves every host on every TLS connection; Istio serves a host only on connections whose SNI its server has',
    origin,
  );
  if (
    gateway.listeners.some((l) =>
      l.filterChains.some((c) => c.kind === 'http' && c.virtualHosts.some((v) => v.routes.some(isOwn))),
    )
  )
    report.add(
      'approximate',
      'engine.own-endpoints',
      "the controller's own /healthz and /nginx_status do not move",
      origin,
    );
}
