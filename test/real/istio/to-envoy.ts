// What Istio generated, made to run in a plain Envoy beside others of its kind: listeners at an address of their own, routes
// inside of them, clusters that are echoes under names of their own, certificates inline, Istio's own filters left out.
import type { Pair } from '../certificate.js';
import type { Generated, Tree } from './control-plane.js';

/** Response headers by which Envoy says what it did. */
export const TOLD = { cluster: 'x-test-cluster', route: 'x-test-route', flags: 'x-test-flags' } as const;

const TELLING = [
  [TOLD.cluster, '%UPSTREAM_CLUSTER%'],
  [TOLD.route, '%ROUTE_NAME%'],
  [TOLD.flags, '%RESPONSE_FLAGS%'],
].map(([key, value]) => ({ header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' }));

/** Filters that only Istio's build of Envoy has: telemetry, peer metadata, ALPN towards sidecars. None of them decides. */
const isIstios = (node: unknown): boolean => {
  if (typeof node !== 'object' || node === null) return false;
  const config = (node as Tree).typed_config as Tree | undefined;
  return /(^|[/.])(io\.)?istio\.|stats\.PluginConfig|metadataexchange/.test(`${config?.['@type']} ${config?.type_url}`);
};

/** Name of a cluster among those of other gateways. */
export const clusterName = (prefix: string, name: string): string => `${prefix}~${name}`;

/** A tree of Istio's without its own filters; fields that ask a control plane for something have it in their place. */
function rewriter(prefix: string, pair: Pair, more: readonly (readonly [string, (value: Tree) => Tree])[]) {
  const inline = (pem: string) => ({ inline_string: pem });
  const trusted = { trusted_ca: inline(pair.certificate) };
  const rewrite = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.filter((n) => !isIstios(n)).map(rewrite);
    if (typeof node === 'string') return node.startsWith('outbound|') ? clusterName(prefix, node) : node;
    if (typeof node !== 'object' || node === null) return node;
    const out: Tree = {};
    for (const [key, value] of Object.entries(node as Tree)) {
      const replace = replacements.get(key);
      Object.assign(out, replace ? replace(value) : { [key]: rewrite(value) });
    }
    return out;
  };
  /** Names that stay as they are among them. */
  const replacements = new Map<string, (value: Tree) => Tree>([
    [
      'tls_certificate_sds_secret_configs',
      () => ({ tls_certificates: [{ certificate_chain: inline(pair.certificate), private_key: inline(pair.key) }] }),
    ],
    ['validation_context_sds_secret_config', () => ({ validation_context: trusted })],
    [
      'combined_validation_context',
      ({ default_validation_context: usual = {} }) => ({
        validation_context: { ...(rewrite(usual) as Tree), ...trusted },
      }),
    ],
    ['decorator', (decorator) => ({ decorator })],
    ['stat_prefix', (stat_prefix) => ({ stat_prefix })],
    ...more,
  ]);
  return rewrite;
}

/** Listeners of `generated` at `address`; `prefix` keeps its clusters apart from others. */
export function toListeners(generated: Generated, address: string, prefix: string, pair: Pair): Tree[] {
  const routes = new Map(generated.routes.map((r) => [r.name as string, r]));
  const rewrite = rewriter(prefix, pair, [
    ['rds', ({ route_config_name: name }) => ({ route_config: routeConfig(name) })],
  ]);
  const routeConfig = (name: string): Tree => ({
    ...(rewrite(routes.get(name) ?? { name }) as Tree),
    response_headers_to_add: TELLING,
  });
  return generated.listeners.map((listener) => ({
    ...(rewrite(listener) as Tree),
    name: `${prefix} ${listener.name}`,
    address: { socket_address: { address, port_value: listener.address.socket_address.port_value } },
  }));
}

/** Where requests go, whatever Istio knows of endpoints: the echo at each of `addresses`. */
export const echoCluster = (name: string, addresses: readonly string[], port: number): Tree => ({
  name,
  type: 'STATIC',
  connect_timeout: '1s',
  load_assignment: {
    cluster_name: name,
    endpoints: [
      {
        lb_endpoints: addresses.map((address) => ({
          endpoint: { address: { socket_address: { address, port_value: port } } },
        })),
      },
    ],
  },
});

/** Fields about finding endpoints, which are given here, and names. */
const DISCOVERY =
  /^(type|cluster_type|eds_cluster_config|original_dst_lb_config|load_assignment|dns_.*|respect_dns_ttl|use_tcp_for_dns_lookups|name|alt_stat_name)$/;

/** What a DestinationRule makes of a cluster, towards the same echoes: balancing, TLS, protocol, ejection. Limits are far away. */
export function ruledCluster(ruled: Tree, plain: Tree, prefix: string, pair: Pair): Tree {
  const rewrite = rewriter(prefix, pair, [
    // Names of the certificate: the echo's is in nobody's name.
    ['match_typed_subject_alt_names', () => ({})],
    ['auto_san_validation', () => ({})],
    ['circuit_breakers', () => ({ circuit_breakers: { thresholds: [UNLIMITED] } })],
    // The connection's own destination, which is this gateway.
    ['lb_policy', (lb_policy) => (String(lb_policy) === 'CLUSTER_PROVIDED' ? {} : { lb_policy })],
  ]);
  const kept = Object.entries(ruled).filter(([key]) => !DISCOVERY.test(key));
  return { ...plain, ...(rewrite(Object.fromEntries(kept)) as Tree) };
}

const MANY = 1_000_000;
const UNLIMITED = { max_connections: MANY, max_pending_requests: MANY, max_requests: MANY, max_retries: MANY };
