// What an administration interface prints and what Envoy is started with: where listeners, routes and clusters stand in it.

import { BYTES, DELIVERED, INTAKE, type Message, NAME, TELEMETRY } from './message.js';

const NOT_IN_USE = { without: 'a version that Envoy does not use yet' };
const REFUSED = { without: 'an update that Envoy refused' };
const CERTIFICATES = { without: 'certificates, which are copied into Secrets by hand' };
const OF_THE_MOMENT = { without: 'addresses of the moment' };

export const DUMP = {
  ConfigDump: { configs: 'Any' },
  ListenersConfigDump: {
    version_info: DELIVERED,
    static_listeners: 'StaticListener',
    dynamic_listeners: 'DynamicListener',
  },
  StaticListener: { listener: 'Listener', last_updated: DELIVERED },
  DynamicListener: {
    name: NAME,
    active_state: 'DynamicListenerState',
    draining_state: 'DynamicListenerState',
    warming_state: NOT_IN_USE,
    error_state: REFUSED,
    client_status: DELIVERED,
  },
  DynamicListenerState: { version_info: DELIVERED, listener: 'Listener', last_updated: DELIVERED },
  RoutesConfigDump: { static_route_configs: 'RouteConfigEntry', dynamic_route_configs: 'RouteConfigEntry' },
  RouteConfigEntry: {
    version_info: DELIVERED,
    route_config: 'RouteConfiguration',
    last_updated: DELIVERED,
    error_state: REFUSED,
    client_status: DELIVERED,
  },
  ClustersConfigDump: {
    version_info: DELIVERED,
    static_clusters: 'ClusterEntry',
    dynamic_active_clusters: 'ClusterEntry',
    dynamic_warming_clusters: NOT_IN_USE,
  },
  ClusterEntry: {
    version_info: DELIVERED,
    cluster: 'Cluster',
    last_updated: DELIVERED,
    error_state: REFUSED,
    client_status: DELIVERED,
  },
  BootstrapConfigDump: {
    bootstrap: { without: 'how Envoy was started: its listeners and clusters stand beside it' },
    last_updated: DELIVERED,
  },
  EndpointsConfigDump: { static_endpoint_configs: OF_THE_MOMENT, dynamic_endpoint_configs: OF_THE_MOMENT },
  SecretsConfigDump: {
    static_secrets: CERTIFICATES,
    dynamic_active_secrets: CERTIFICATES,
    dynamic_warming_secrets: CERTIFICATES,
  },
  Bootstrap: {
    node: NAME,
    admin: { without: "Envoy's own interface for its operators" },
    static_resources: 'StaticResources',
    dynamic_resources: DELIVERED,
    layered_runtime: INTAKE,
    stats_config: TELEMETRY,
    stats_sinks: TELEMETRY,
    stats_flush_interval: TELEMETRY,
    tracing: TELEMETRY,
    overload_manager: BYTES,
    cluster_manager: BYTES,
    bootstrap_extensions: BYTES,
    default_socket_interface: BYTES,
    typed_dns_resolver_config: BYTES,
  },
  StaticResources: { listeners: 'Listener', clusters: 'Cluster', secrets: CERTIFICATES },
} satisfies Record<string, Message>;
