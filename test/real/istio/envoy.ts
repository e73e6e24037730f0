// A batch of generated gateways in one real Envoy.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pair } from '../certificate.js';
import type { Echo } from '../echo.js';
import { freePort } from '../free-port.js';
import type { Generated, Tree } from './control-plane.js';
import { clusterName, toListeners } from './to-envoy.js';

export interface Running {
  /** Loopback address at which gateway `i` of the batch listens. */
  readonly addresses: readonly string[];
  /** Istio's name of the cluster with this address. */
  readonly clusterAt: ReadonlyMap<string, string>;
  close(): void;
}

/** The bootstrap is refused, or Envoy died: its words. */
export class EnvoyRefused extends Error {}

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
  for (const [i, gateway] of gateways.entries())
    for (const name of new Set(gateway.clusters)) {
      if (!name.startsWith('outbound|')) continue;
      const n = clusters.length;
      const address = `127.${80 + Math.floor(n / 62500)}.${octets(n % 62500)}`;
      clusterAt.set(address, name);
      clusters.push(echoCluster(clusterName(`g${i}`, name), address, echo.port));
    }
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-istio-'));
  const admin = await freePort();
  const bootstrap = {
    admin: { address: { socket_address: { address: '127.0.0.1', port_value: admin } } },
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
  const file = join(folder, 'bootstrap.json');
  writeFileSync(file, JSON.stringify(bootstrap));
  const child = spawn(binary, ['-c', file, '--concurrency', '1', '--use-dynamic-base-id', '-l', 'error'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const close = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(child, admin, errors);
  } catch (e) {
    close();
    throw e;
  }
  return { addresses, clusterAt, close };
}

const echoCluster = (name: string, address: string, port: number): Tree => ({
  name,
  type: 'STATIC',
  connect_timeout: '1s',
  load_assignment: {
    cluster_name: name,
    endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address, port_value: port } } } }] }],
  },
});

async function ready(child: ChildProcess, admin: number, errors: readonly string[]): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) throw new EnvoyRefused(errors.join('').slice(-2000));
    const status = await fetch(`http://127.0.0.1:${admin}/ready`).then(
      (r) => r.status,
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new EnvoyRefused(`not ready after 30 s: ${errors.join('').slice(-2000)}`);
}
