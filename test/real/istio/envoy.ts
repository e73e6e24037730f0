// A batch of generated gateways in one real Envoy.
import type { Pair } from '../certificate.js';
import type { Echo } from '../echo.js';
import { runEnvoy } from '../run-envoy.js';
import type { Generated, Tree } from './control-plane.js';
import { clusterName, echoCluster, ruledCluster, toListeners } from './to-envoy.js';

export interface Running {
  /** Loopback address at which gateway `i` of the batch listens. */
  readonly addresses: readonly string[];
  /** Istio's name of the cluster with this address; those that a DestinationRule shapes have two. */
  readonly clusterAt: ReadonlyMap<string, string>;
  close(): void;
}

/** Envoy shares a port with whoever listens there too: runs beside each other have networks of their own. */
const NETWORK = 100 + (process.pid % 150);

const octets = (i: number) => `${Math.floor(i / 250)}.${(i % 250) + 1}`;

/** Starts Envoy with all of `gateways`. @throws EnvoyRefused with Envoy's words. */
export async function startEnvoy(
  binary: string,
  gateways: readonly Generated[],
  echo: Echo,
  pair: Pair,
): Promise<Running> {
  const addresses = gateways.map((_, i) => `127.${NETWORK}.${octets(i)}`);
  const clusterAt = new Map<string, string>();
  const clusters: Tree[] = [];
  const nextAddress = (name: string): string => {
    const n = clusterAt.size;
    const address = `127.${80 + Math.floor(n / 62500)}.${octets(n % 62500)}`;
    clusterAt.set(address, name);
    return address;
  };
  for (const [i, gateway] of gateways.entries()) {
    const ruled = new Map(gateway.ruled?.map((cluster) => [cluster.name as string, cluster]));
    for (const name of new Set(gateway.clusters)) {
      if (!name.startsWith('outbound|')) continue;
      const own = clusterName(`g${i}`, name);
      const rule = ruled.get(name);
      // Two, so that balancing has a choice.
      const addresses = rule ? [nextAddress(name), nextAddress(name)] : [nextAddress(name)];
      const plain = echoCluster(own, addresses, echo.port);
      clusters.push(rule ? ruledCluster(rule, plain, `g${i}`, pair) : plain);
    }
  }
  const bootstrap = {
    // What Istio's own bootstrap sets (tools/packaging/common/envoy_bootstrap.json).
    layered_runtime: {
      layers: [
        {
          name: 'istio',
          static_layer: {
            're2.max_program_size.error_level': 32768,
            'envoy.reloadable_features.http_reject_path_with_fragment': false,
          },
        },
      ],
    },
    static_resources: {
      listeners: gateways.flatMap((g, i) => toListeners(g, addresses[i]!, `g${i}`, pair)),
      clusters,
    },
  };
  const { close } = await runEnvoy(binary, bootstrap);
  return { addresses, clusterAt, close };
}
