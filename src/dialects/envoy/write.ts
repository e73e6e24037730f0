// A gateway as an Envoy bootstrap: what Istio's control plane would have told the gateway's Envoy, in one file. Settings of the
// connection manager are Istio's for gateways (pilot/pkg/networking/core/listener_builder.go and gateway.go, Istio 2026-08).

import type {
  ChainMatch,
  Destination,
  DomainPattern,
  EffectiveGateway,
  FilterChain,
  HttpChain,
  Listener,
  Route,
  TlsContext,
  VirtualHost,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { ConversionItem, WriteOptions, WriteResult } from '../dialect.js';
import { clusterName, duration, filterConfigs, headerFields, locationHeader, routeAction } from './action.js';
import { routeMatch } from './match.js';
import { networkPolicyFilters, ownLimit, policyFilters } from './policies.js';
import { tlsContext } from './tls.js';

type Fields = Record<string, unknown>;
const TYPE = 'type.googleapis.com/';

/** One bootstrap for all listeners of all gateways (their ports must not collide). */
export function write(gateways: readonly EffectiveGateway[], catalog: Catalog, _options: WriteOptions): WriteResult {
  const items: ConversionItem[] = [];
  const refuse = (feature: string, message: string, origin: Route['origin']) =>
    void items.push({ severity: 'refused', feature, message, origin });
  const clusters = new Map<string, Fields>();
  for (const gateway of gateways) {
    for (const u of gateway.unsupported)
      items.push({
        severity: u.effect === 'delivery' ? 'approximate' : 'refused',
        feature: u.feature,
        message: u.detail,
        origin: u.origin,
      });
    for (const d of destinationsOf(gateway)) if (!d.missing) clusters.set(clusterName(d), cluster(d));
  }
  const listeners = gateways.flatMap((g) => g.listeners.map((l) => listener(l, catalog, refuse)));
  const bootstrap = {
    node: { id: 'meshgw', cluster: 'meshgw' },
    admin: { address: socket('127.0.0.1', 15000) },
    static_resources: { listeners, clusters: [...clusters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, c]) => c) },
  };
  return { objects: [bootstrap], items };
}

const socket = (address: string, port: number): Fields => ({ socket_address: { address, port_value: port } });

type Refuse = (feature: string, message: string, origin: Route['origin']) => void;

function listener(l: Listener, catalog: Catalog, refuse: Refuse): Fields {
  const tls = l.filterChains.some((c) => c.tls || c.match.sni || c.match.transport === 'tls');
  return {
    name: `${l.bind ?? '0.0.0.0'}_${l.port}`,
    address: socket(l.bind ?? '0.0.0.0', l.port),
    ...(tls
      ? {
          listener_filters: [
            filter(
              'envoy.filters.listener.tls_inspector',
              'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector',
              {},
            ),
          ],
        }
      : {}),
    filter_chains: l.filterChains.map((c, i) => filterChain(c, l.port, i, catalog, refuse)),
  };
}

const filter = (name: string, type: string, config: Fields): Fields => ({
  name,
  typed_config: { '@type': TYPE + type, ...config },
});

function filterChain(chain: FilterChain, port: number, index: number, catalog: Catalog, refuse: Refuse): Fields {
  const filters =
    chain.kind === 'http'
      ? [connectionManager(chain, `http.${port}.${index}`, port, refuse)]
      : [...networkPolicyFilters(chain.policies), tcpProxy(chain)];
  return {
    ...chainMatch(chain.match),
    ...(chain.tls ? { transport_socket: transportSocket(chain.tls, catalog) } : {}),
    filters,
  };
}

function chainMatch(match: ChainMatch): Fields {
  const fields = {
    ...(match.transport === 'tls' ? { transport_protocol: 'tls' } : {}),
    ...(match.sni && !match.sni.some((d) => d.kind === 'any') ? { server_names: match.sni.map(domainText) } : {}),
    ...(match.source?.length ? { source_prefix_ranges: match.source.map(cidr) } : {}),
    ...(match.destination?.length ? { prefix_ranges: match.destination.map(cidr) } : {}),
  };
  return Object.keys(fields).length > 0 ? { filter_chain_match: fields } : {};
}

function cidr(text: string): Fields {
  const [address, length] = text.split('/');
  return { address_prefix: address, prefix_len: Number(length ?? (address?.includes(':') ? 128 : 32)) };
}

const domainText = (d: DomainPattern): string =>
  d.kind === 'any' ? '*' : d.kind === 'exact' ? d.value : `*${d.value}`;

const transportSocket = (tls: TlsContext, catalog: Catalog): Fields =>
  filter(
    'envoy.transport_sockets.tls',
    'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
    tlsContext(tls, catalog),
  );

function connectionManager(chain: HttpChain, name: string, port: number, refuse: Refuse): Fields {
  return filter(
    'envoy.filters.network.http_connection_manager',
    'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    {
      stat_prefix: name,
      codec_type: 'AUTO',
      use_remote_address: true,
      normalize_path: true,
      path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
      server_name: 'istio-envoy',
      upgrade_configs: [{ upgrade_type: 'websocket' }],
      http_protocol_options: { accept_http_10: true },
      stream_idle_timeout: '0s',
      route_config: {
        name,
        ignore_port_in_host_matching: true,
        validate_clusters: false,
        virtual_hosts: chain.virtualHosts.map((v) => virtualHost(v, chain, port, refuse)),
      },
      http_filters: [
        ...policyFilters(chain.policies),
        filter('envoy.filters.http.fault', 'envoy.extensions.filters.http.fault.v3.HTTPFault', {}),
        filter('envoy.filters.http.cors', 'envoy.extensions.filters.http.cors.v3.Cors', {}),
        filter('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', {}),
      ],
    },
  );
}

function virtualHost(host: VirtualHost, chain: HttpChain, port: number, refuse: Refuse): Fields {
  for (const d of host.domains)
    if (d.kind === 'one-label' && host.routes[0])
      refuse(
        'host.wildcard',
        `*${d.value} takes one label more in the source; a virtual host of Envoy takes any number`,
        host.routes[0].origin,
      );
  const at = { port, chain: chain.name, virtualHost: host.name };
  const own = ownLimit(chain.policies, 'virtual-host', at);
  return {
    name: host.name,
    domains: host.domains.map(domainText),
    routes: host.routes.flatMap((r) => route(r, ownLimit(chain.policies, 'route', { ...at, route: r.name }), refuse)),
    ...(Object.keys(own).length > 0 ? { typed_per_filter_config: own } : {}),
  };
}

function route(r: Route, limit: Fields, refuse: Refuse): Fields[] {
  const match = routeMatch(r.match);
  if ('impossible' in match) {
    refuse('route.match', `${match.impossible}; the rule is left out`, r.matchOrigin ?? r.origin);
    return [];
  }
  const action = routeAction(r);
  if (!action) return [];
  return [
    {
      ...(r.name ? { name: r.name } : {}),
      match,
      ...action,
      ...headerFields(r.requestHeaders, locationHeader(r)),
      ...withLimit(filterConfigs(r), limit),
    },
  ];
}

const withLimit = (fields: Fields, limit: Fields): Fields =>
  Object.keys(limit).length === 0
    ? fields
    : { ...fields, typed_per_filter_config: { ...(fields.typed_per_filter_config as Fields | undefined), ...limit } };

function tcpProxy(chain: Extract<FilterChain, { kind: 'l4' }>): Fields {
  const real = chain.destinations.filter((d) => 'host' in d.to) as { to: Destination; weight: number }[];
  const target =
    real.length === 1
      ? { cluster: clusterName(real[0]!.to) }
      : { weighted_clusters: { clusters: real.map((d) => ({ name: clusterName(d.to), weight: d.weight })) } };
  return filter('envoy.filters.network.tcp_proxy', 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', {
    stat_prefix: chain.name ?? 'tcp',
    ...target,
  });
}

function cluster(d: Destination): Fields {
  const h2 = d.protocol === 'h2c' || d.protocol === 'grpc' || d.protocol === 'grpcs';
  const tls = d.protocol === 'https' || d.protocol === 'grpcs';
  return {
    name: clusterName(d),
    type: 'STRICT_DNS',
    connect_timeout: duration(10_000),
    load_assignment: {
      cluster_name: clusterName(d),
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socket(d.host, d.port) } }] }],
    },
    ...(tls
      ? {
          transport_socket: filter(
            'envoy.transport_sockets.tls',
            'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
            { sni: d.host },
          ),
        }
      : {}),
    ...(h2
      ? {
          typed_extension_protocol_options: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
              '@type': `${TYPE}envoy.extensions.upstreams.http.v3.HttpProtocolOptions`,
              explicit_http_config: { http2_protocol_options: {} },
            },
          },
        }
      : {}),
  };
}

/** Every destination that a route or a chain names. */
function* destinationsOf(gateway: EffectiveGateway): Generator<Destination> {
  for (const l of gateway.listeners)
    for (const c of l.filterChains) {
      if (c.kind === 'l4') {
        for (const d of c.destinations) if ('host' in d.to) yield d.to;
        continue;
      }
      for (const v of c.virtualHosts)
        for (const { action } of v.routes) {
          if (action.kind !== 'forward') continue;
          for (const d of action.destinations) if ('host' in d.to) yield d.to;
          for (const m of action.mirrors ?? []) yield m.destination;
        }
    }
}
