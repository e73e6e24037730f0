// Losses that belong to a gateway as a whole: what its engine does by itself and Envoy does not, and what was never understood.

import type { EffectiveGateway, Route } from '../../../model/index.js';
import type { WriteOptions } from '../../dialect.js';
import { isOwn } from '../../own-endpoints.js';
import type { Report } from './report.js';

export function notes(gateway: EffectiveGateway, _options: WriteOptions, report: Report): void {
  for (const u of gateway.unsupported)
    report.add(u.effect === 'delivery' ? 'approximate' : 'refused', u.feature, u.detail, u.origin);
  if (gateway.engine === 'envoy') return;
  const routes = routesOf(gateway);
  const origin = routes[0]?.origin;
  if (!origin) return;
  const tls = gateway.listeners.some((l) => l.filterChains.some((c) => c.tls));
  for (const { feature, applies, message } of ENGINE[gateway.engine])
    if (applies(routes, tls)) report.add('approximate', feature, message, origin);
}

interface EngineLoss {
  readonly feature: string;
  readonly applies: (routes: readonly Route[], tls: boolean) => boolean;
  readonly message: string;
}

const TLS_NAMES: EngineLoss = {
  feature: 'engine.tls-names',
  applies: (_, tls) => tls,
  message:
    'the source serves every host on every TLS connection; Istio serves a host only on connections whose SNI its server has',
};
const rewrites = (routes: readonly Route[]) =>
  routes.some((r) => r.action.kind === 'forward' && r.action.rewrite !== undefined);

/** What changes when another engine gives way to Envoy, whatever the configuration says. */
const ENGINE: Record<'nginx' | 'plain', readonly EngineLoss[]> = {
  nginx: [
    {
      feature: 'engine.path-normalisation',
      applies: () => true,
      message:
        'nginx matches the decoded path with repeated slashes merged and passes the path on as it came; Istio matches and passes on the normalised path: requests with %-escapes, // or /../ may be answered differently',
    },
    TLS_NAMES,
    {
      feature: 'engine.own-endpoints',
      applies: (routes) => routes.some(isOwn),
      message: "the controller's own /healthz and /nginx_status do not move",
    },
    {
      feature: 'engine.host-case',
      applies: (routes) =>
        routes.some(
          (r) => r.action.kind === 'redirect' && r.action.path?.kind === 'full' && r.action.host === undefined,
        ),
      message: 'nginx writes the host of its slash redirects in lower case, Envoy as the client sent it',
    },
    {
      feature: 'engine.host-port',
      applies: (routes) =>
        routes.some((r) => r.action.kind === 'redirect' && r.action.host === undefined && !r.action.location),
      message: 'nginx leaves the port of the Host header out of its redirects, Envoy keeps it',
    },
    {
      feature: 'engine.original-path',
      applies: rewrites,
      message:
        'Envoy tells the destination of a rewrite in x-envoy-original-path and x-envoy-original-host, nginx does not',
    },
  ],
  plain: [
    {
      feature: 'engine.path-normalisation',
      applies: () => true,
      message:
        'the Kubernetes specification matches the path as it came; Istio resolves /../ and /./ and decodes what needs no escape first',
    },
    TLS_NAMES,
  ],
};

const routesOf = (gateway: EffectiveGateway): Route[] =>
  gateway.listeners.flatMap((l) =>
    l.filterChains.flatMap((c) => (c.kind === 'http' ? c.virtualHosts.flatMap((v) => v.routes) : [])),
  );
