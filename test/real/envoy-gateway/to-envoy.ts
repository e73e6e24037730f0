// What Envoy Gateway generated for one Gateway, made to run in a plain Envoy beside others of its kind: listeners at an address of their
// own with the ports of the Gateway, routes inside of them, certificates inline, endpoints that are addresses of the echo.
import type { Pair } from '../certificate.js';
import type { Translation } from './translate.js';

// Envoy's configuration is a free tree here.
// biome-ignore lint/suspicious/noExplicitAny: every field of it is somebody else's type
export type Tree = Record<string, any>;

/** Response header by which Envoy says which endpoint it asked. */
export const TOLD = 'x-test-endpoint';

const TELLING = [
  { header: { key: TOLD, value: '%UPSTREAM_REMOTE_ADDRESS%' }, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' },
];

/** Out of its `Any`. */
const plain = ({ '@type': _, ...message }: Tree): Tree => message;

/** What egctl dumps for one Gateway. */
export interface Generated {
  readonly listeners: readonly Tree[];
  readonly routes: ReadonlyMap<string, Tree>;
  readonly clusters: readonly Tree[];
  readonly endpoints: ReadonlyMap<string, Tree>;
  readonly runtime: Tree | undefined;
}

export function generatedOf(dump: Translation['xds'][string]): Generated {
  const all = (key: string): Tree[] => dump.configs.flatMap((c) => (c[key] as Tree[] | undefined) ?? []);
  const bootstrap = dump.configs.flatMap((c) => (c.bootstrap as Tree | undefined) ?? [])[0];
  return {
    listeners: all('dynamicListeners').map((l) => plain(l.activeState.listener)),
    routes: new Map(
      all('dynamicRouteConfigs').map(({ routeConfig }) => [routeConfig.name as string, plain(routeConfig)]),
    ),
    clusters: all('dynamicActiveClusters').map((c) => plain(c.cluster)),
    endpoints: new Map(
      all('dynamicEndpointConfigs').map(({ endpointConfig: e }) => [e.clusterName as string, plain(e)]),
    ),
    runtime: bootstrap?.layeredRuntime,
  };
}

/** The address of the echo for an endpoint of the Gateway (`127.92.0.1:80`). */
export type EchoOf = (endpoint: string) => { readonly address: string; readonly port: number };

/** Ports below 1024 come out 10000 higher (internal/gatewayapi/helpers.go, servicePortToContainerPort). */
export const portOf = (listener: Tree): number => {
  const port: number = listener.address.socketAddress.portValue;
  return port > 10_000 && port <= 11_024 ? port - 10_000 : port;
};

/** Static resources of a bootstrap; names of clusters begin with `prefix`. */
export function toEnvoy(generated: Generated, address: string, prefix: string, echoOf: EchoOf, pair: Pair): Tree {
  const known = new Set(generated.clusters.map((c) => c.name as string));
  const named = (name: string) => (known.has(name) ? `${prefix}~${name}` : name);
  const inline = (pem: string) => ({ inlineString: pem });
  const own = { certificateChain: inline(pair.certificate), privateKey: inline(pair.key) };
  const trusted = { trustedCa: inline(pair.certificate) };
  const rewrite = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(rewrite);
    if (typeof node !== 'object' || node === null) return node;
    const out: Tree = {};
    for (const [key, value] of Object.entries(node as Tree)) {
      const replace = REPLACED.get(key);
      Object.assign(out, replace ? replace(value) : { [key]: rewrite(value) });
    }
    return out;
  };
  const routeConfig = (name: string): Tree => ({
    ...(rewrite(generated.routes.get(name) ?? { name }) as Tree),
    responseHeadersToAdd: TELLING,
  });
  const names = (of: unknown) => (typeof of === 'string' ? named(of) : rewrite(of));
  const REPLACED = new Map<string, (value: unknown) => Tree>([
    ['rds', (value) => ({ routeConfig: routeConfig((value as Tree).routeConfigName) })],
    ['cluster', (value) => ({ cluster: names(value) })],
    ['clusterName', (value) => ({ clusterName: names(value) })],
    ['weightedClusters', (value) => ({ weightedClusters: weighted(value as Tree) })],
    ['tlsCertificateSdsSecretConfigs', () => ({ tlsCertificates: [own] })],
    ['validationContextSdsSecretConfig', () => ({ validationContext: trusted })],
    [
      'combinedValidationContext',
      (value) => ({
        validationContext: { ...(rewrite((value as Tree).defaultValidationContext ?? {}) as Tree), ...trusted },
      }),
    ],
    ['accessLog', () => ({})],
  ]);
  const weighted = (value: Tree): Tree => ({
    ...(rewrite(value) as Tree),
    clusters: value.clusters.map((c: Tree) => ({ ...(rewrite(c) as Tree), name: named(c.name) })),
  });
  const clusters = generated.clusters.map((cluster) => {
    const { edsClusterConfig, ...rest } = rewrite(cluster) as Tree;
    const assignment = cluster.loadAssignment ?? generated.endpoints.get(edsClusterConfig?.serviceName ?? cluster.name);
    return {
      ...rest,
      name: named(cluster.name),
      altStatName: undefined,
      type: 'STATIC',
      loadAssignment: {
        ...(withEchoes(assignment ?? { endpoints: [] }, echoOf) as Tree),
        clusterName: named(cluster.name),
      },
    };
  });
  const listeners = generated.listeners.map((listener) => ({
    ...(rewrite(listener) as Tree),
    name: `${prefix} ${listener.name}`,
    address: { socketAddress: { address, portValue: portOf(listener) } },
  }));
  return { listeners, clusters };
}

/** Each endpoint at the address of the echo that stands for it. */
function withEchoes(node: unknown, echoOf: EchoOf): unknown {
  if (Array.isArray(node)) return node.map((n) => withEchoes(n, echoOf));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node as Tree).map(([key, value]) => {
      if (key !== 'socketAddress') return [key, withEchoes(value, echoOf)];
      const { address, port } = echoOf(`${value.address}:${value.portValue}`);
      return [key, { address, portValue: port }];
    }),
  );
}
