// A gateway as an Envoy bootstrap: what Istio's control plane would have sent to the gateway's Envoy, in one file. Settings of the
// connection manager are Istio's for gateways (pilot/pkg/networking/core/listener_builder.go and gateway.go, Istio 2026-08).

import {
  type ChainMatch,
  chainPlaces,
  type Delivery,
  type Destination,
  type EffectiveGateway,
  type FilterChain,
  type Forward,
  type HttpChain,
  hostText,
  type Intake,
  type Listener,
  routesOf,
  type TlsContext,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { bufferFilter } from '../body-limits.js';
import { rateLimitFilter } from '../client-rate-limits.js';
import type { WriteOptions, WriteResult } from '../dialect.js';
import { intakeOf, noteEngine } from '../engine-losses.js';
import { type AddItem, addUnsupported, itemList } from '../item-list.js';
import { withWildcardsApart } from '../single-label-wildcard.js';
import { withoutQuestions } from '../without-questions.js';
import { clusterName } from './action.js';
import { rbacFilter } from './address-checks.js';
import { cluster } from './cluster.js';
import { networkPolicyFilters, policyFilters } from './policies.js';
import { intakeFields } from './read/intake.js';
import { fragmentRuntime } from './read/runtime.js';
import { tlsContext } from './tls.js';
import { type Around, virtualHost, writtenHost } from './write-hosts.js';

type Fields = Record<string, unknown>;
const TYPE = 'type.googleapis.com/';

/** One bootstrap for all listeners of all gateways (their ports must not collide). */
export function write(sources: readonly EffectiveGateway[], catalog: Catalog, options: WriteOptions): WriteResult {
  const { items, rules, add, wrote, needless } = itemList();
  const gateways = sources.map((g) => withWildcardsApart(withoutQuestions(g, { add, wrote, needless })));
  const clusters = new Map<string, Fields>();
  for (const gateway of gateways) {
    for (const u of gateway.unsupported) addUnsupported(u, { add });
    noteEngine(gateway, { engine: 'envoy', namesByConnection: false, takesInAlike: true }, { add });
    for (const { to, delivery } of destinationsOf(gateway))
      if (!to.missing && (delivery || !clusters.has(clusterName(to))))
        clusters.set(clusterName(to), cluster(to, delivery, catalog));
  }
  const context: Omit<Around, 'intake'> = { catalog, options, add, wrote, needless };
  const several = gateways.length > 1;
  const listeners = gateways.flatMap((g) =>
    g.listeners.map((l) => ({
      ...listener(l, { ...context, intake: takesIn(g) }),
      ...(several ? ownedBy(g.id) : {}),
    })),
  );
  const bootstrap = {
    node: { id: NODE, cluster: NODE },
    admin: { address: socket('127.0.0.1', 15000) },
    ...fragmentRuntime(fragmentsOf(gateways, add)),
    static_resources: { listeners, clusters: [...clusters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, c]) => c) },
  };
  // As the reader calls what it finds again.
  const renamed = new Map(gateways.map(({ id }) => [id, `envoy:${several ? id : NODE}`]));
  return { objects: [bootstrap], items, rules, renamed };
}

const NODE = 'meshgw';

/** Istio's gateways tell destinations of certificates; of other engines no header is known that does. */
const takesIn = (gateway: EffectiveGateway): Intake => ({
  ...(gateway.engine === 'envoy' ? { clientCertificates: true } : {}),
  ...intakeOf(gateway),
});

/** One Envoy has one runtime. Envoy's own answer is a 400; every other data plane takes fragments away or never gets them. */
function fragmentsOf(gateways: readonly EffectiveGateway[], add: AddItem): 'strip' | 'reject' {
  const rejecting = gateways.filter((g) => intakeOf(g)?.fragments === 'reject');
  if (rejecting.length === gateways.length) return 'reject';
  for (const gateway of rejecting) {
    const first = routesOf(gateway)[0]?.origin;
    const message = 'the source answers 400 to a path with #; the bootstrap, which other gateways share, takes it away';
    if (first) add('engine.path-normalisation', message, { resource: first.resource, path: [] });
  }
  return 'strip';
}

/** Which gateway a listener is of, where one Envoy is several. */
const ownedBy = (gateway: string): Fields => ({ metadata: { filter_metadata: { [NODE]: { gateway } } } });

const socket = (address: string, port: number): Fields => ({ socket_address: { address, port_value: port } });

function listener(l: Listener, context: Around): Fields {
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
    filter_chains: l.filterChains.map((c, i) => filterChain(c, l.port, i, context)),
  };
}

const filter = (name: string, type: string, config: Fields): Fields => ({
  name,
  typed_config: { '@type': TYPE + type, ...config },
});

function filterChain(chain: FilterChain, port: number, index: number, context: Around): Fields {
  const filters =
    chain.kind === 'http'
      ? [connectionManager(chain, `http.${port}.${index}`, port, context)]
      : [...networkPolicyFilters(chain.policies), tcpProxy(chain)];
  return {
    ...chainMatch(chain.match),
    ...(chain.tls ? { transport_socket: transportSocket(chain.tls, context) } : {}),
    filters,
  };
}

function chainMatch(match: ChainMatch): Fields {
  const fields = {
    ...(match.transport === 'tls' ? { transport_protocol: 'tls' } : {}),
    ...(match.sni && !match.sni.some((d) => d.kind === 'any') ? { server_names: match.sni.map(hostText) } : {}),
    ...(match.source?.length ? { source_prefix_ranges: match.source.map(cidr) } : {}),
    ...(match.destination?.length ? { prefix_ranges: match.destination.map(cidr) } : {}),
  };
  return Object.keys(fields).length > 0 ? { filter_chain_match: fields } : {};
}

function cidr(text: string): Fields {
  const [address, length] = text.split('/');
  return { address_prefix: address, prefix_len: Number(length ?? (address?.includes(':') ? 128 : 32)) };
}

const transportSocket = (tls: TlsContext, { catalog, options }: Around): Fields =>
  filter(
    'envoy.transport_sockets.tls',
    'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
    tlsContext(tls, catalog, options.defaultTlsSecret),
  );

function connectionManager(chain: HttpChain, name: string, port: number, context: Around): Fields {
  const hosts = chain.virtualHosts.map((host) => writtenHost(host, chain, context));
  const asksForCertificates = chain.tls !== undefined && chain.tls.mode !== 'simple';
  const intake = intakeFields(asksForCertificates ? context.intake : { ...context.intake, clientCertificates: false });
  const routes = hosts.flatMap((h) => h.guarded.map((g) => g.route));
  const extra = [
    ...(hosts.some((h) => h.guarded.some((g) => g.checks.length > 0)) ? [rbacFilter] : []),
    bufferFilter(routes),
    rateLimitFilter(routes),
  ];
  return filter(
    'envoy.filters.network.http_connection_manager',
    'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    {
      stat_prefix: name,
      codec_type: 'AUTO',
      use_remote_address: true,
      ...intake.manager,
      server_name: 'istio-envoy',
      upgrade_configs: [{ upgrade_type: 'websocket' }],
      http_protocol_options: { accept_http_10: true },
      stream_idle_timeout: '0s',
      route_config: {
        name,
        ignore_port_in_host_matching: true,
        validate_clusters: false,
        virtual_hosts: hosts.map((h) => virtualHost(h, chain, port, context)),
      },
      http_filters: [
        ...policyFilters(chain.policies),
        ...extra.filter((f) => f !== undefined),
        filter('envoy.filters.http.fault', 'envoy.extensions.filters.http.fault.v3.HTTPFault', {}),
        filter('envoy.filters.http.cors', 'envoy.extensions.filters.http.cors.v3.Cors', {}),
        filter('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', intake.router),
      ],
    },
  );
}

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

/** Every destination that a route or a chain names, with the delivery of routes that lead to it alone. */
function* destinationsOf(gateway: EffectiveGateway): Generator<{ to: Destination; delivery?: Delivery | undefined }> {
  for (const { chain } of chainPlaces(gateway))
    if (chain.kind === 'l4') for (const { to } of chain.destinations) if ('host' in to) yield { to };
  for (const { action } of routesOf(gateway)) if (action.kind === 'forward') yield* forwardedTo(action);
}

function* forwardedTo({ destinations, mirrors = [], delivery }: Forward): ReturnType<typeof destinationsOf> {
  // What clusters say holds for each of them.
  const holds = destinations.length === 1 || delivery?.places !== undefined;
  for (const { to } of destinations) if ('host' in to) yield { to, ...(holds ? { delivery } : {}) };
  for (const { destination } of mirrors) yield { to: destination };
}
