// Listeners and their filter chains: which port, which connections, and what is done with them (envoy.config.listener.v3;
// source/common/listener_manager/filter_chain_manager_impl.cc).

import type {
  ChainMatch,
  DomainPattern,
  FilterChain,
  HttpChain,
  HttpPolicies,
  L4Chain,
  Listener,
  Origin,
  RouterCheck,
  TlsContext,
  Unsupported,
  VirtualHost,
  WeightedDestination,
} from '../../../model/index.js';
import { unknownFields } from '../fields/unknown-fields.js';
import { cidrOf } from './addresses.js';
import { type Clusters, destinationOf } from './clusters.js';
import { noteManager } from './connection-manager.js';
import { filterConfigs } from './filter-configs.js';
import type { TakenIn } from './intake.js';
import type { NamedOrigins } from './named-objects.js';
import { at, field, list, type Node, originAt } from './node.js';
import { rbacOf } from './rbac.js';
import { virtualHostsOf } from './route-configuration.js';
import { tlsContextOf } from './tls.js';
import { shortType, type Typed, typedOf } from './typed.js';
import { unknownField } from './unknown-field.js';
import { enumeration, flag, number, text, texts } from './values.js';

export interface ListenerContext {
  readonly clusters: Clusters;
  readonly routes: ReadonlyMap<string, Node>;
  readonly origins: NamedOrigins;
  readonly unknown: (unknown: Unsupported) => void;
  /** Read for these tests; absent: for a gateway that runs. */
  readonly routerCheck?: RouterCheck | undefined;
  /** Called for each connection manager. */
  readonly takesIn: (taken: TakenIn) => void;
}

export const listenersOf = (nodes: readonly Node[], context: ListenerContext): Listener[] =>
  nodes.flatMap((node) => listenersOfNode(node, context));

/** One for its own port, and one for each port whose connections are redirected to it (`use_original_dst`). */
function listenersOfNode(node: Node, context: ListenerContext): Listener[] {
  const address = at(node, 'address', 'socket_address');
  const own = number(address, 'port_value');
  if (own === undefined || enumeration(address, 'protocol', ['TCP', 'UDP']) === 'UDP') return [];
  const filters = list(node, 'listener_filters').map((f) => typedOf(f));
  const redirects = flag(node, 'use_original_dst') || filters.some((f) => /original_?dst/i.test(`${f.name} ${f.type}`));
  const inspects = filters.some((f) => /tls_?inspector/i.test(`${f.name} ${f.type}`));
  const chains = list(node, 'filter_chains');
  const fallback = field(node, 'default_filter_chain');
  const bind = text(address, 'address') ?? '';
  const byPort = new Map<number, Node[]>();
  for (const chain of chains) {
    const port: number = number(field(chain, 'filter_chain_match'), 'destination_port') ?? own;
    if (port !== own && !redirects) continue;
    const known = byPort.get(port);
    if (known) known.push(chain);
    else byPort.set(port, [chain]);
  }
  if (!byPort.has(own)) byPort.set(own, []);
  for (const unknown of unknownFields(node, 'Listener', ['FilterChain']))
    context.unknown({ ...unknownField('listener', unknown, 'routing'), reach: { ports: [...byPort.keys()] } });
  return [...byPort].map(([port, some]) => {
    const here: Here = { ...context, port, inspects };
    const read = some.flatMap((chain) => chainOf(chain, here) ?? []);
    const last = fallback && !read.some((c) => isForAll(c.match)) ? chainOf(fallback, here) : undefined;
    return {
      port,
      ...(/^(?:0\.0\.0\.0|::|)$/.test(bind) || port !== own ? {} : { bind }),
      filterChains: last ? [...read, last] : read,
      origin: originAt(node),
    };
  });
}

const isForAll = ({ transport, sni, source, destination }: ChainMatch): boolean =>
  transport === 'any' && !sni && !source && !destination;

interface Here extends ListenerContext {
  readonly port: number;
  /** Server names and TLS are seen before the chain is chosen. */
  readonly inspects: boolean;
}

/** Undefined: no connection of a client gets there. */
function chainOf(node: Node, here: Here): FilterChain | undefined {
  const match = chainMatch(node, here);
  if (!match) return undefined;
  const tls = transportOf(node, here);
  for (const unknown of unknownFields(node, 'FilterChain', ['HttpConnectionManager', 'TcpProxy', 'RBAC']))
    here.unknown({ ...unknownField('filter-chain', unknown, 'security'), reach: { ports: [here.port] } });
  const filters = list(node, 'filters').map((f) => typedOf(f));
  const manager = filters.find((f) => isA(f, 'HttpConnectionManager', 'envoy.filters.network.http_connection_manager'));
  for (const filter of filters) if (!isKnown(filter)) noteFilter(filter, here);
  const base: Base = { match, ...(tls ? { tls } : {}), origin: originAt(node) };
  if (manager) return httpChain(manager, base, here);
  const proxy = filters.find((f) => isA(f, 'TcpProxy', 'envoy.filters.network.tcp_proxy'));
  return proxy ? bytesChain(text(node, 'name'), proxy, filters, base, here) : undefined;
}

const isA = ({ type, name }: Typed, word: string, called: string): boolean =>
  type === '' ? name === called || called.endsWith(`.${name.replace('envoy.', '')}`) : shortType(type) === word;

const KNOWN = new Set([
  'HttpConnectionManager',
  'TcpProxy',
  'RBAC',
  'SniCluster',
  'PluginConfig',
  'MetadataExchange',
  'SetFilterState',
  'Config',
]);

const isKnown = (filter: Typed): boolean =>
  KNOWN.has(shortType(filter.type)) ||
  filter.name.startsWith('istio.') ||
  filter.name.startsWith('envoy.filters.network.metadata_exchange') ||
  isA(filter, 'TcpProxy', 'envoy.filters.network.tcp_proxy') ||
  isA(filter, 'HttpConnectionManager', 'envoy.filters.network.http_connection_manager');

const noteFilter = (filter: Typed, { port, unknown }: Here): void =>
  unknown({
    feature: `network-filter.${filter.name}`,
    detail: `the network filter ${filter.name || shortType(filter.type)}`,
    effect: 'security',
    reach: { ports: [port] },
    content: filter.config.value,
    origin: originAt(filter.config),
  });

/** ALPN of clients that speak HTTP. */
const HTTP = new Set(['h2', 'http/1.1', 'http/1.0', 'h2c']);

function chainMatch(node: Node, { inspects, port, unknown }: Here): ChainMatch | undefined {
  const match = field(node, 'filter_chain_match');
  const protocol = text(match, 'transport_protocol');
  const names = texts(match, 'server_names').map(domainOf);
  const applications = texts(match, 'application_protocols');
  // Only sidecars of the mesh offer `istio` and its like.
  if (applications.length > 0 && !applications.some((a) => HTTP.has(a))) return undefined;
  // Without an inspector Envoy sees neither TLS nor a name.
  if (!inspects && (names.length > 0 || protocol === 'tls')) return undefined;
  const ranges = (name: string) => list(match, name).map(cidrOf);
  const source = [...ranges('source_prefix_ranges'), ...ranges('direct_source_prefix_ranges')];
  const destination = ranges('prefix_ranges');
  for (const name of ['source_type', 'source_ports', 'address_suffix']) {
    const found = field(match, name);
    if (found && found.value !== 'ANY' && found.value !== 0)
      unknown({
        feature: `filter-chain.${name}`,
        detail: `a filter chain for some clients only (${name})`,
        effect: 'routing',
        reach: { ports: [port] },
        origin: originAt(found),
      });
  }
  return {
    transport: protocol === 'tls' || names.length > 0 ? 'tls' : protocol === 'raw_buffer' ? 'raw' : 'any',
    ...(names.length > 0 ? { sni: names } : {}),
    ...(source.length > 0 ? { source } : {}),
    ...(destination.length > 0 ? { destination } : {}),
  };
}

const domainOf = (written: string): DomainPattern => {
  const value = written.toLowerCase();
  return value.startsWith('*') ? { kind: 'suffix', value: value.slice(1) } : { kind: 'exact', value };
};

function transportOf(node: Node, { port, unknown }: Here): TlsContext | undefined {
  const older = field(node, 'tls_context');
  if (older) return tlsContextOf(older);
  const socket = field(node, 'transport_socket');
  if (!socket) return undefined;
  const { type, config, name } = typedOf(socket);
  if (shortType(type) === 'DownstreamTlsContext') return tlsContextOf(config);
  if (shortType(type) !== 'RawBuffer' && type !== '')
    unknown({
      feature: 'filter-chain.transport',
      detail: `the transport ${name}`,
      effect: 'routing',
      reach: { ports: [port] },
      origin: originAt(socket),
    });
  return undefined;
}

/** What both kinds of chains have. */
interface Base {
  readonly match: ChainMatch;
  readonly tls?: TlsContext;
  readonly origin: Origin;
}

function httpChain({ config }: Typed, base: Base, here: Here): HttpChain {
  const rds = field(config, 'rds');
  const name = text(rds, 'route_config_name');
  const routes = field(config, 'route_config') ?? (name === undefined ? undefined : here.routes.get(name));
  const configuration = name ?? text(routes, 'name') ?? '';
  const settings = noteManager(config, routes, here);
  const asksForCertificates = base.tls !== undefined && base.tls.mode !== 'simple';
  here.takesIn({ port: here.port, manager: config, asksForCertificates });
  for (const unknown of unknownFields(config, 'HttpConnectionManager', ['RouteConfiguration']))
    here.unknown({ ...unknownField('manager', unknown, 'change'), reach: { ports: [here.port] } });
  if (!routes) noteMissing(config, name, here);
  const filters = filterConfigs(config, { ...here, configuration });
  const virtualHosts = routes ? virtualHostsOf(routes, { ...here, ...settings, filters }) : [];
  const policies = filters.policies();
  if (!flag(config, 'use_remote_address') && asksForClients(policies, virtualHosts)) noteForwarded(config, here);
  return {
    ...base,
    kind: 'http',
    virtualHosts,
    ...(policies ? { policies } : {}),
    ...(filters.bodyLimit ? { bodyLimit: filters.bodyLimit } : {}),
    name: configuration,
  };
}

/** Whether an answer depends on the address of the client behind proxies. */
const asksForClients = (policies: HttpPolicies | undefined, hosts: readonly VirtualHost[]): boolean =>
  (policies?.authorization ?? []).some(({ rules }) =>
    rules.some(({ from, to, when }) =>
      [...from.flat(), ...to.flat(), ...when].some(({ test }) => test.on === 'address' && test.address === 'client'),
    ),
  ) ||
  hosts.some(({ routes }) => routes.some(({ match }) => match.source?.some((s) => s.address === 'client') === true));

/** Without it Envoy takes what X-Forwarded-For ends with for the client (docs/root/configuration/http/http_conn_man/headers.rst). */
const noteForwarded = (config: Node, { port, unknown }: Here): void =>
  unknown({
    feature: 'manager.use_remote_address',
    detail:
      "the client's address is taken from X-Forwarded-For (use_remote_address is off): predicted as that of the connection",
    effect: 'security',
    reach: { ports: [port] },
    origin: originAt(field(config, 'use_remote_address') ?? config),
  });

function noteMissing(config: Node, name: string | undefined, { port, unknown }: Here): void {
  const origin = originAt(field(config, 'rds') ?? field(config, 'scoped_routes') ?? config);
  const detail =
    name === undefined
      ? 'its routes depend on the request (scoped_routes)'
      : `its route configuration ${name} is not in the files: every request counts as one without a route`;
  unknown({ feature: 'listener.routes', detail, effect: 'routing', reach: { ports: [port] }, origin });
}

function bytesChain(
  name: string | undefined,
  proxy: Typed,
  filters: readonly Typed[],
  base: Base,
  here: Here,
): L4Chain {
  const destinations = tcpDestinations(proxy.config, here);
  const authorization = filters
    .filter((f) => shortType(f.type) === 'RBAC')
    .flatMap(({ config }) => rbacOf(config, here.origins).policies);
  return {
    ...base,
    kind: 'l4',
    l4: !base.tls && base.match.transport === 'tls' ? 'tls' : 'tcp',
    destinations,
    ...(authorization.length > 0 ? { policies: { authorization } } : {}),
    name: name ?? text(proxy.config, 'stat_prefix') ?? '',
  };
}

function tcpDestinations(config: Node, { clusters }: Here): WeightedDestination[] {
  const cluster = field(config, 'cluster');
  const name = text(config, 'cluster');
  if (cluster && name !== undefined)
    return [{ to: destinationOf(name, clusters, originAt(cluster)), weight: 1, origin: originAt(cluster) }];
  return list(field(config, 'weighted_clusters'), 'clusters').flatMap((share): WeightedDestination[] => {
    const weight = number(share, 'weight') ?? 0;
    const origin = originAt(share);
    return weight === 0 ? [] : [{ to: destinationOf(text(share, 'name') ?? '', clusters, origin), weight, origin }];
  });
}
