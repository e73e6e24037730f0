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
  return /(^|[/.])(io\.)?istio\.|stats\.PluginConfig/.test(`${config?.['@type']} ${config?.type_url}`);
};

/** Name of a cluster among those of other gateways. */
export const clusterName = (prefix: string, name: string): string => `${prefix}~${name}`;

/** Listeners of `generated` at `address`; `prefix` keeps its clusters apart from others. */
export function toListeners(generated: Generated, address: string, prefix: string, pair: Pair): Tree[] {
  const routes = new Map(generated.routes.map((r) => [r.name as string, r]));
  const inline = (pem: string) => ({ inline_string: pem });
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
  const trusted = { trusted_ca: inline(pair.certificate) };
  /** Fields that ask a control plane for something, with it in their place; names that stay as they are. */
  const replacements = new Map<string, (value: Tree) => Tree>([
    ['rds', ({ route_config_name: name }) => ({ route_config: routeConfig(name) })],
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
