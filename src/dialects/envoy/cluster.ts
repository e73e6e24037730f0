// A destination as a cluster: where its endpoints are, how Envoy talks to them, and what limits and balances them
// (applyConnectionPool, applyOutlierDetection and applyLoadBalancer in pilot/pkg/networking/core/cluster_traffic_policy.go, Istio
// source of 2026-08-22).

import type { Delivery, Destination, DestinationTls } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { clusterName, duration } from './action.js';
import { authorityCertificate } from './authority.js';
import { certificate } from './tls.js';

type Fields = Record<string, unknown>;
const TYPE = 'type.googleapis.com/';
const MOST = 4_294_967_295;
const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** `delivery`: of a route that leads to this destination alone. */
export function cluster(d: Destination, delivery: Delivery | undefined, catalog: Catalog): Fields {
  const hash = delivery?.hash?.length;
  const balance = delivery?.balance ?? balanceOf(delivery?.other?.['load-balance']);
  return {
    name: clusterName(d),
    type: 'STRICT_DNS',
    connect_timeout: duration(delivery?.connectTimeoutMs ?? 10_000),
    ...(hash ? { lb_policy: 'RING_HASH' } : balance ? { lb_policy: balance.toUpperCase().replace('-', '_') } : {}),
    load_assignment: {
      cluster_name: clusterName(d),
      endpoints: [
        {
          lb_endpoints: [{ endpoint: { address: { socket_address: { address: d.host, port_value: d.port } } } }],
        },
      ],
    },
    ...circuitBreakers(delivery?.limits),
    ...outlierDetection(delivery?.ejection),
    ...transportSocket(d, delivery?.tls, catalog),
    ...protocolOptions(d, delivery),
  };
}

/** `simple` of a DestinationRule as its reader keeps it. */
const balanceOf = (simple: string | undefined): string | undefined =>
  simple && /^(round_robin|least_request|random)$/.test(simple) ? simple : undefined;

function circuitBreakers(limits: Delivery['limits']): Fields {
  if (!limits) return {};
  const threshold = {
    max_connections: limits.maxConnections ?? MOST,
    max_pending_requests: limits.maxPending ?? MOST,
    max_requests: limits.maxRequests ?? MOST,
    max_retries: MOST,
    track_remaining: true,
  };
  return { circuit_breakers: { thresholds: [threshold] } };
}

function outlierDetection(ejection: Delivery['ejection']): Fields {
  if (!ejection) return {};
  const { consecutive5xx, consecutiveGatewayErrors, baseMs, maxPercent } = ejection;
  return {
    outlier_detection: {
      consecutive_5xx: consecutive5xx ?? 0,
      enforcing_consecutive_5xx: consecutive5xx ? 100 : 0,
      ...(consecutiveGatewayErrors
        ? {
            consecutive_gateway_failure: consecutiveGatewayErrors,
            enforcing_consecutive_gateway_failure: 100,
          }
        : {}),
      enforcing_success_rate: 0,
      base_ejection_time: duration(baseMs),
      max_ejection_percent: maxPercent,
    },
    common_lb_config: { healthy_panic_threshold: {} },
  };
}

const isSecure = (d: Destination): boolean => d.protocol === 'https' || d.protocol === 'grpcs';
const isHttp2 = (d: Destination): boolean => d.protocol === 'h2c' || d.protocol === 'grpc' || d.protocol === 'grpcs';

const transportSocket = (d: Destination, tls: Delivery['tls'], catalog: Catalog): Fields =>
  isSecure(d)
    ? {
        transport_socket: {
          name: 'envoy.transport_sockets.tls',
          typed_config: {
            '@type': `${TYPE}envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext`,
            sni: d.tls?.name ?? (tls?.sendName ? tls.name : undefined) ?? d.host,
            ...(d.tls
              ? {
                  common_tls_context: {
                    ...(d.tls.own ? { tls_certificates: [certificate(d.tls.own, catalog)] } : {}),
                    validation_context: validation(d.tls, catalog),
                  },
                }
              : {}),
          },
        },
      }
    : {};

const validation = ({ name, alternatives = [name], authority }: DestinationTls, catalog: Catalog): Fields => ({
  trusted_ca: authority
    ? authorityCertificate({ kind: 'ConfigMap', ...authority }, catalog)
    : { filename: SYSTEM_AUTHORITIES },
  match_typed_subject_alt_names: alternatives.map((text) => ({
    san_type: text.includes('://') ? 'URI' : 'DNS',
    matcher: { exact: text },
  })),
});

/** Where Debian, and the images of Istio and Envoy, keep them. */
const SYSTEM_AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

function protocolOptions(d: Destination, delivery: Delivery | undefined): Fields {
  const idleMs = delivery?.settings ? undefined : delivery?.idleTimeoutMs;
  if (!isHttp2(d) && idleMs === undefined) return {};
  return {
    typed_extension_protocol_options: {
      [HTTP_OPTIONS]: {
        '@type': TYPE + HTTP_OPTIONS,
        ...(idleMs === undefined ? {} : { common_http_protocol_options: { idle_timeout: duration(idleMs) } }),
        explicit_http_config: isHttp2(d) ? { http2_protocol_options: {} } : { http_protocol_options: {} },
      },
    },
  };
}
