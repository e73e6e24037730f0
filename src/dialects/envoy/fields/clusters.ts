// Fields of clusters that Istio did not make: where they lead, and how Envoy talks to them.

import type { Part } from '../../../model/index.js';
import { HASHING } from '../cluster-settings.js';
import { isNamed } from '../read/clusters.js';
import { field, type Node } from '../read/node.js';
import {
  BYTES,
  DEFAULT,
  DELIVERED,
  type FieldOf,
  type Message,
  NAME,
  onlyUsual,
  TELEMETRY,
  UNREAD_DELIVERY,
  usual,
} from './message.js';

const WHERE: readonly Part[] = ['Destination.host', 'Destination.port'];
const FOUND = { without: 'how endpoints are found' };
const PROTOCOL: readonly Part[] = ['Destination.protocol'];
/** The protocol, whatever is set of it. */
const protocol: FieldOf = ({ value }) =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0 ? BYTES : PROTOCOL;

/** Of an endpoint. One name of DNS is the destination; addresses, and several names, belong behind a Service that an item asks for. */
const addressOf = (node: Node): FieldOf => (isNamed(clusterAbove(node)) ? WHERE : BEHIND);
const BEHIND = { without: 'has an item of its own: cluster.service' };

const clusterAbove = (node: Node): Node => {
  let at: Node | undefined = node;
  while (at && field(at, 'load_assignment') === undefined) at = at.above;
  return at ?? node;
};

const socket: FieldOf = {
  message: {
    socket_address: {
      message: {
        address: addressOf,
        port_value: WHERE,
        protocol: DEFAULT,
        ipv4_compat: BYTES,
        resolver_name: FOUND,
      },
    },
  },
};

const LIMITS: readonly Part[] = ['Delivery.limits'];
const EJECTION: readonly Part[] = ['Delivery.ejection'];
const TLS: readonly Part[] = ['Destination.tls', 'Delivery.tls'];

/** Limits of requests that have no other priority. */
const threshold = {
  message: {
    priority: onlyUsual('DEFAULT', 0),
    max_connections: ordinary,
    max_pending_requests: ordinary,
    max_requests: ordinary,
    max_retries: UNREAD_DELIVERY,
    retry_budget: UNREAD_DELIVERY,
    track_remaining: TELEMETRY,
  },
} satisfies FieldOf;

function ordinary({ above }: Node): FieldOf {
  const priority = field(above, 'priority')?.value;
  return priority === 'HIGH' || priority === 1 ? UNREAD_DELIVERY : LIMITS;
}

const OWN_ITEM = { without: 'has an item of its own: delivery.tls or tls.authority' };
const exactName: FieldOf = { message: { exact: ['Destination.tls'] } };
const VALIDATION: Message = {
  trusted_ca: { without: 'the authorities of the system count, or tls.authority is an item' },
  match_typed_subject_alt_names: { message: { san_type: NAME, matcher: exactName } },
  match_subject_alt_names: exactName,
};

export const CLUSTERS = {
  Cluster: {
    name: ['Destination.host', 'WeightedDestination.to'],
    type: FOUND,
    connect_timeout: ['Delivery.connectTimeoutMs'],
    circuit_breakers: { message: { thresholds: threshold } },
    outlier_detection: 'OutlierDetection',
    lb_policy: ({ value }) =>
      HASHING.has(String(value)) || value === 2 || value === 5
        ? { without: 'goes with the hash policies of its routes' }
        : value === 'RANDOM' || value === 3
          ? UNREAD_DELIVERY
          : ['Delivery.balance'],
    load_assignment: {
      message: {
        cluster_name: NAME,
        endpoints: {
          message: {
            lb_endpoints: {
              message: {
                endpoint: { message: { address: socket, hostname: ['Rewrite.host'] } },
              },
            },
            locality: { without: 'where endpoints stand' },
          },
        },
      },
    },
    eds_cluster_config: DELIVERED,
    metadata: NAME,
    alt_stat_name: NAME,
    dns_lookup_family: FOUND,
    dns_refresh_rate: FOUND,
    respect_dns_ttl: FOUND,
    transport_socket: 'Filter',
    http2_protocol_options: protocol,
    typed_extension_protocol_options: { mapOf: 'Any' },
    common_lb_config: BYTES,
    per_connection_buffer_limit_bytes: BYTES,
  },
  OutlierDetection: {
    consecutive_5xx: EJECTION,
    consecutive_gateway_failure: EJECTION,
    enforcing_consecutive_5xx: EJECTION,
    enforcing_consecutive_gateway_failure: EJECTION,
    base_ejection_time: usual(EJECTION, '30s'),
    max_ejection_percent: usual(EJECTION, 10),
    interval: ({ value }) => (value === '10s' ? { without: 'is the default value' } : UNREAD_DELIVERY),
    enforcing_success_rate: { without: 'ejection for a low rate of success has an item of its own' },
  },
  UpstreamTlsContext: {
    sni: TLS,
    common_tls_context: {
      message: {
        alpn_protocols: BYTES,
        tls_params: BYTES,
        tls_certificates: OWN_ITEM,
        tls_certificate_sds_secret_configs: OWN_ITEM,
        validation_context: { message: VALIDATION },
        validation_context_sds_secret_config: OWN_ITEM,
        combined_validation_context: {
          message: {
            default_validation_context: { message: VALIDATION },
            validation_context_sds_secret_config: OWN_ITEM,
          },
        },
      },
    },
    max_session_keys: BYTES,
    auto_host_sni: BYTES,
  },
  HttpProtocolOptions: {
    explicit_http_config: { message: { http_protocol_options: protocol, http2_protocol_options: protocol } },
    common_http_protocol_options: BYTES,
    upstream_http_protocol_options: BYTES,
  },
} satisfies Record<string, Message>;
