// What changes when another engine gives way to Envoy, whatever the configuration says.

import { chainPlaces, type EffectiveGateway, type Route, routesOf } from '../model/index.js';
import type { FeatureKey } from './dialect.js';
import type { Report } from './item-list.js';
import { isOwn } from './own-endpoints.js';

/** One item per difference that a gateway's rules can meet, at its first rule. `namesByConnection`: the target serves a host only on connections with its server name. */
export function noteEngine(gateway: EffectiveGateway, namesByConnection: boolean, report: Report): void {
  if (gateway.engine === 'envoy') return;
  const routes = routesOf(gateway);
  const first = routes[0]?.origin;
  if (!first) return;
  // About the gateway, not about a field of the object that came first.
  const origin = { resource: first.resource, path: [] };
  const tls = namesByConnection && [...chainPlaces(gateway)].some(({ chain }) => chain.tls);
  for (const { feature, applies, message } of ENGINE[gateway.engine])
    if (applies(routes, tls)) report.add(feature, message, origin);
}

interface EngineLoss {
  readonly feature: FeatureKey;
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

const ENGINE: Record<'nginx' | 'plain', readonly EngineLoss[]> = {
  nginx: [
    {
      feature: 'engine.path-normalisation',
      applies: () => true,
      message:
        'nginx matches the decoded path with repeated slashes merged and passes the path on as it came; Envoy matches and passes on the normalised path: requests with %-escapes, // or /../ may be answered differently',
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
        'the Kubernetes specification matches the path as it came; Envoy resolves /../ and /./ and decodes what needs no escape first',
    },
    TLS_NAMES,
  ],
};
