// Limits of request bodies: nothing of Istio's own says them, Envoy's buffer filter does. Only with --allow-envoyfilter, since an
// EnvoyFilter reaches into generated configuration and neither Istio nor meshgw checks what comes of it.

import type { EffectiveGateway, VirtualHost } from '../../../model/index.js';
import { hostText } from './units.js';

type Fields = Record<string, unknown>;
const BUFFER = 'envoy.filters.http.buffer';
const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.buffer.v3.';

/** The widest limit of the gateway for every request, and the narrower one of a virtual host where all of its routes have one; none without limits. */
export function bodyLimits(
  gateway: EffectiveGateway,
  selector: Readonly<Record<string, string>>,
  namespace: string,
): Fields[] {
  const hosts = gateway.listeners.flatMap((l) =>
    l.filterChains.flatMap((c) =>
      c.kind === 'http' ? c.virtualHosts.map((host) => ({ port: l.port, host, limit: limitOf(host) })) : [],
    ),
  );
  const limits = hosts.flatMap((h) => (h.limit === undefined ? [] : [h.limit]));
  if (limits.length === 0) return [];
  const widest = Math.max(...limits);
  const narrower = hosts.filter((h) => h.limit !== undefined && h.limit < widest);
  const filter = {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: `${Object.values(selector).join('-')}-body-limits`, namespace },
    spec: {
      workloadSelector: { labels: { ...selector } },
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          match: {
            context: 'GATEWAY',
            listener: {
              filterChain: {
                filter: {
                  name: 'envoy.filters.network.http_connection_manager',
                  subFilter: { name: 'envoy.filters.http.router' },
                },
              },
            },
          },
          patch: {
            operation: 'INSERT_BEFORE',
            value: { name: BUFFER, typed_config: { '@type': `${TYPE}Buffer`, max_request_bytes: widest } },
          },
        },
        ...narrower.flatMap(({ port, host, limit }) =>
          host.domains.map((d) => ({
            applyTo: 'VIRTUAL_HOST',
            // Istio names the virtual hosts of a gateway `host:port` (pilot/pkg/networking/core/gateway.go).
            match: { context: 'GATEWAY', routeConfiguration: { vhost: { name: `${hostText(d)}:${port}` } } },
            patch: {
              operation: 'MERGE',
              value: {
                typed_per_filter_config: {
                  [BUFFER]: { '@type': `${TYPE}BufferPerRoute`, buffer: { max_request_bytes: limit } },
                },
              },
            },
          })),
        ),
      ],
    },
  };
  return [filter];
}

/** The widest limit of a host's routes; a route without one lifts it. */
function limitOf(host: VirtualHost): number | undefined {
  const own = host.routes.map((r) => (r.action.kind === 'forward' ? r.maxRequestBytes : 0));
  return own.length === 0 || own.includes(undefined) ? undefined : Math.max(...(own as number[])) || undefined;
}
