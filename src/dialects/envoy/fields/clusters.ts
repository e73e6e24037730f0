// Fields of clusters that Istio did not make: where they lead, and how Envoy talks to them.

import type { Part } from '../../../model/index.js';
import { isNamed } from '../read/clusters.js';
import { field, type Node } from '../read/node.js';
import { BYTES, DEFAULT, DELIVERED, type FieldOf, type Message, NAME } from './message.js';

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

export const CLUSTERS = {
  Cluster: {
    name: ['Destination.host', 'WeightedDestination.to'],
    type: FOUND,
    connect_timeout: BYTES,
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
  UpstreamTlsContext: {
    common_tls_context: { message: { alpn_protocols: BYTES, tls_params: BYTES } },
    max_session_keys: BYTES,
    auto_host_sni: BYTES,
  },
  HttpProtocolOptions: {
    explicit_http_config: { message: { http_protocol_options: protocol, http2_protocol_options: protocol } },
    common_http_protocol_options: BYTES,
    upstream_http_protocol_options: BYTES,
  },
} satisfies Record<string, Message>;
