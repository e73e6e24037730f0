// Clusters by name: what a destination is called, which clusters there are, and how Envoy talks to them.

import type { Destination, Origin } from '../../../model/index.js';
import { at, entries, field, list, type Node } from './node.js';
import { anyOf, shortType, typedOf } from './typed.js';
import { enumeration, number, text } from './values.js';

export interface Clusters {
  /** Whether the configuration lists all of them, so that another name is a missing one. */
  readonly complete: boolean;
  readonly byName: ReadonlyMap<string, Node>;
}

/** Istio's names (pilot/pkg/model/service.go, BuildSubsetKey and BuildDNSSrvSubsetKey). */
const ISTIO = /^(?:outbound|inbound)(?:\||_\.)(\d+)(?:\||_\.)(.*?)(?:\||_\.)(.*)$/;

/** The destination that a cluster is, under its name where nothing else is said: `{host: "web", port: 8080}`. */
export function destinationOf(name: string, clusters: Clusters, origin: Origin): Destination {
  const node = clusters.byName.get(name);
  const missing = clusters.complete && !node ? { missing: 'service' as const } : {};
  const [, port, subset, host] = ISTIO.exec(name) ?? [];
  const protocol = protocolOf(node);
  return {
    host: host === undefined || host === '' ? name : host,
    port: port === undefined ? (portOf(node) ?? 0) : Number(port),
    ...(subset ? { subset } : {}),
    ...missing,
    ...(protocol ? { protocol } : {}),
    origin,
  };
}

/** Whether a destination has its name from Istio's name of a cluster. */
export const isIstioCluster = ({ port }: Destination): boolean => port > 0;

export interface ClusterEndpoint {
  readonly address: string;
  readonly port: number;
  /** `address` is a name that Envoy asks DNS for. */
  readonly resolved: boolean;
}

/** Where a cluster leads, as far as the configuration says it. */
export function clusterEndpoints(cluster: Node): ClusterEndpoint[] {
  const resolved = (enumeration(cluster, 'type', TYPES) ?? 'STATIC').endsWith('_DNS');
  return endpointsOf(cluster).flatMap((e) => {
    const socket = at(e, 'endpoint', 'address', 'socket_address');
    const [address, port] = [text(socket, 'address'), number(socket, 'port_value')];
    return address === undefined || port === undefined ? [] : [{ address, port, resolved }];
  });
}

/** All of it leads to one name of DNS. */
export function isNamed(cluster: Node): boolean {
  const [first, ...others] = clusterEndpoints(cluster);
  return (
    first?.resolved === true && others.every(({ address, port }) => address === first.address && port === first.port)
  );
}

const endpointsOf = (cluster: Node | undefined): Node[] =>
  list(field(cluster, 'load_assignment'), 'endpoints').flatMap((locality) => list(locality, 'lb_endpoints'));

/** The port of all its endpoints. */
function portOf(cluster: Node | undefined): number | undefined {
  const ports = new Set(
    endpointsOf(cluster).map((e) => number(at(e, 'endpoint', 'address', 'socket_address'), 'port_value')),
  );
  const [port] = ports;
  return ports.size === 1 ? port : undefined;
}

const TYPES = ['STATIC', 'STRICT_DNS', 'LOGICAL_DNS', 'EDS', 'ORIGINAL_DST'];

/** The name of its only endpoint, which `auto_host_rewrite` writes; undefined: it is not in the configuration. */
export function endpointHost(name: string, { byName }: Clusters): string | undefined {
  const cluster = byName.get(name);
  const type = enumeration(cluster, 'type', TYPES) ?? 'STATIC';
  const endpoints = endpointsOf(cluster).map((e) => field(e, 'endpoint'));
  const [only] = endpoints;
  if (endpoints.length !== 1) return undefined;
  const hostname = text(only, 'hostname');
  if (hostname) return hostname;
  return type.endsWith('_DNS') ? text(at(only, 'address', 'socket_address'), 'address') : undefined;
}

const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

function protocolOf(cluster: Node | undefined): Destination['protocol'] {
  if (!cluster) return undefined;
  const secure = isTls(field(cluster, 'transport_socket'));
  const h2 = field(cluster, 'http2_protocol_options') !== undefined || speaksHttp2(cluster);
  return secure ? (h2 ? 'grpcs' : 'https') : h2 ? 'h2c' : undefined;
}

const isTls = (socket: Node | undefined): boolean =>
  socket !== undefined && shortType(typedOf(socket).type) === 'UpstreamTlsContext';

function speaksHttp2(cluster: Node): boolean {
  const found = entries(field(cluster, 'typed_extension_protocol_options')).find(([key]) => key === HTTP_OPTIONS);
  return (
    found !== undefined && at(anyOf(found[1]).config, 'explicit_http_config', 'http2_protocol_options') !== undefined
  );
}

/** All clusters of a list, by name; of several with one name the first counts. */
export function clustersByName(nodes: readonly Node[]): Map<string, Node> {
  const byName = new Map<string, Node>();
  for (const node of nodes) {
    const name = text(node, 'name');
    if (name !== undefined && !byName.has(name)) byName.set(name, node);
  }
  return byName;
}
