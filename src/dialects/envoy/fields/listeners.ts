// Fields of listeners, their filter chains, TLS with clients, and the two filters that end a chain.

import type { Part } from '../../../model/index.js';
import { credentialOf } from '../read/tls.js';
import {
  BYTES,
  DEFAULT,
  DELIVERED,
  type FieldOf,
  INTAKE,
  type Message,
  NAME,
  OWN_FILES,
  off,
  onlyUsual,
  SWITCHED,
  TELEMETRY,
  TOLD,
  UNREAD_DELIVERY,
  usual,
  WEB_SOCKETS,
} from './message.js';

const TO: readonly Part[] = ['WeightedDestination.to', 'Destination.host', 'Destination.port'];
const CLIENTS: readonly Part[] = ['TlsContext.clients', 'TlsContext.mode'];
const SOURCE: readonly Part[] = ['ChainMatch.source'];
const HOSTS: readonly Part[] = ['VirtualHost.domains'];

const range = (parts: readonly Part[]): FieldOf => ({ message: { address_prefix: parts, prefix_len: parts } });

/** A file, or what would stand in it. */
const data = (parts: readonly Part[]): FieldOf => ({
  message: { filename: parts, inline_bytes: parts, inline_string: parts, environment_variable: parts },
});

/** A secret by name, from discovery. */
const secret = (parts: readonly Part[]): FieldOf => ({
  message: {
    name: ({ value }) => (credentialOf(String(value)).length > 0 ? parts : OWN_FILES),
    sds_config: DELIVERED,
  },
});
const authority: FieldOf = { message: { name: CLIENTS, sds_config: DELIVERED } };

const VALIDATION: Message = {
  trusted_ca: data(CLIENTS),
  trust_chain_verification: usual(CLIENTS, 'VERIFY_TRUST_CHAIN', 0),
};

export const LISTENERS = {
  Listener: {
    name: NAME,
    address: 'ListenerAddress',
    filter_chains: 'FilterChain',
    default_filter_chain: 'FilterChain',
    listener_filters: { without: 'how connections are looked into before a filter chain is chosen' },
    listener_filters_timeout: BYTES,
    continue_on_listener_filters_timeout: BYTES,
    use_original_dst: off(['Listener.port']),
    traffic_direction: NAME,
    metadata: NAME,
    stat_prefix: NAME,
    access_log: TELEMETRY,
    per_connection_buffer_limit_bytes: BYTES,
    connection_balance_config: BYTES,
    enable_reuse_port: BYTES,
    reuse_port: BYTES,
    bind_to_port: onlyUsual(true),
    tcp_backlog_size: BYTES,
    tcp_fast_open_queue_length: BYTES,
    socket_options: BYTES,
    drain_type: BYTES,
    transparent: BYTES,
    freebind: BYTES,
    ignore_global_conn_limit: BYTES,
    bypass_overload_manager: BYTES,
    max_connections_to_accept_per_socket_event: BYTES,
  },
  ListenerAddress: { socket_address: 'ListenerSocket' },
  ListenerSocket: {
    address: ({ value }) =>
      /^(?:0\.0\.0\.0|::|)$/.test(String(value))
        ? { without: 'all addresses, as the target does without it' }
        : ['Listener.bind'],
    port_value: ['Listener.port'],
    protocol: DEFAULT,
    ipv4_compat: BYTES,
  },
  FilterChain: {
    name: NAME,
    metadata: NAME,
    filter_chain_match: 'FilterChainMatch',
    filters: 'Filter',
    transport_socket: 'Filter',
    tls_context: 'DownstreamTlsContext',
    transport_socket_connect_timeout: BYTES,
    use_proxy_proto: onlyUsual(false),
  },
  FilterChainMatch: {
    server_names: ['ChainMatch.sni'],
    transport_protocol: ['ChainMatch.transport'],
    application_protocols: ['ChainMatch.transport'],
    destination_port: ['Listener.port'],
    prefix_ranges: range(['ChainMatch.destination']),
    source_prefix_ranges: range(SOURCE),
    direct_source_prefix_ranges: range(SOURCE),
    source_type: TOLD,
    source_ports: TOLD,
    address_suffix: TOLD,
  },
  Filter: { name: NAME, typed_config: 'Any', config: 'Any', is_optional: DEFAULT, disabled: SWITCHED },
  DownstreamTlsContext: {
    common_tls_context: 'CommonTlsContext',
    require_client_certificate: off(['TlsContext.mode']),
    require_sni: onlyUsual(false),
    disable_stateless_session_resumption: BYTES,
    disable_stateful_session_resumption: BYTES,
    session_ticket_keys: BYTES,
    session_ticket_keys_sds_secret_config: BYTES,
    session_timeout: BYTES,
    ocsp_staple_policy: BYTES,
    prefer_client_ciphers: BYTES,
  },
  CommonTlsContext: {
    tls_params: 'TlsParameters',
    tls_certificates: OWN_FILES,
    tls_certificate_sds_secret_configs: secret(['TlsContext.credentials']),
    validation_context: { message: VALIDATION },
    validation_context_sds_secret_config: authority,
    combined_validation_context: {
      message: {
        default_validation_context: { message: VALIDATION },
        validation_context_sds_secret_config: authority,
      },
    },
    alpn_protocols: { without: 'protocols that the gateway of the target offers by itself' },
    key_log: TELEMETRY,
  },
  TlsParameters: {
    tls_minimum_protocol_version: usual(['TlsContext.minVersion'], 'TLS_AUTO', 0),
    tls_maximum_protocol_version: usual(['TlsContext.maxVersion'], 'TLS_AUTO', 0),
    cipher_suites: ['TlsContext.cipherSuites'],
    ecdh_curves: UNREAD_DELIVERY,
    signature_algorithms: UNREAD_DELIVERY,
  },
  HttpConnectionManager: {
    stat_prefix: NAME,
    codec_type: DEFAULT,
    rds: 'Rds',
    route_config: 'RouteConfiguration',
    http_filters: 'Filter',
    access_log: TELEMETRY,
    access_log_options: TELEMETRY,
    tracing: TELEMETRY,
    add_user_agent: DEFAULT,
    server_name: { without: 'a header of answers without an effect on routing' },
    server_header_transformation: { without: 'a header of answers without an effect on routing' },
    scheme_header_transformation: DEFAULT,
    use_remote_address: { without: 'where an answer depends on it, the address of the client is an item' },
    skip_xff_append: { without: 'headers about the client that the target sets by its own rules' },
    via: { without: 'headers about the client that the target sets by its own rules' },
    forward_client_cert_details: INTAKE,
    set_current_client_cert_details: INTAKE,
    normalize_path: INTAKE,
    merge_slashes: INTAKE,
    path_with_escaped_slashes_action: INTAKE,
    common_http_protocol_options: INTAKE,
    http_protocol_options: BYTES,
    http2_protocol_options: BYTES,
    http3_protocol_options: BYTES,
    upgrade_configs: WEB_SOCKETS,
    stream_idle_timeout: BYTES,
    stream_flush_timeout: BYTES,
    request_timeout: BYTES,
    request_headers_timeout: BYTES,
    drain_timeout: BYTES,
    delayed_close_timeout: BYTES,
    idle_timeout: BYTES,
    max_request_headers_kb: BYTES,
    generate_request_id: TELEMETRY,
    preserve_external_request_id: TELEMETRY,
    always_set_request_id_in_response: TELEMETRY,
    request_id_extension: TELEMETRY,
    proxy_100_continue: BYTES,
    proxy_status_config: { without: 'a header of answers without an effect on routing' },
    stream_error_on_invalid_http_message: BYTES,
    internal_address_config: { without: 'which clients count as internal, which no rule of the target asks' },
    append_x_forwarded_port: { without: 'headers about the client that the target sets by its own rules' },
    strip_any_host_port: off(HOSTS),
    scoped_routes: TOLD,
    strip_trailing_host_dot: TOLD,
    local_reply_config: TOLD,
    early_header_mutation_extensions: TOLD,
    xff_num_trusted_hops: TOLD,
    original_ip_detection_extensions: TOLD,
    strip_matching_host_port: off(HOSTS),
  },
  Rds: { route_config_name: HOSTS, config_source: DELIVERED },
  TcpProxy: {
    stat_prefix: NAME,
    cluster: TO,
    weighted_clusters: 'TcpWeightedCluster',
    access_log: TELEMETRY,
    access_log_options: TELEMETRY,
    idle_timeout: BYTES,
    max_connect_attempts: BYTES,
    max_downstream_connection_duration: BYTES,
    hash_policy: BYTES,
  },
  TcpWeightedCluster: { clusters: 'ClusterWeight' },
  RawBuffer: {},
} satisfies Record<string, Message>;
