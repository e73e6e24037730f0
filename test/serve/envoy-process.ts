// A real Envoy with one route to one upstream, configured as Istio configures a gateway's connection manager where it
// matters for nonsense: path normalisation, use_remote_address, websocket upgrades (istio pilot/pkg/networking/core/listener_builder.go).

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const V3 = 'type.googleapis.com/envoy.extensions.filters';

const at = (port: number) => ({ address: { socket_address: { address: '127.0.0.1', port_value: port } } });

/** `routes`: of the one virtual host; default: everything to the upstream. */
function bootstrap(port: number, upstream: number, routes?: readonly object[]): object {
  const manager = {
    '@type': `${V3}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'gateway',
    server_name: 'istio-envoy',
    use_remote_address: true,
    normalize_path: true,
    path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    stream_idle_timeout: '0s',
    http_filters: [{ name: 'router', typed_config: { '@type': `${V3}.http.router.v3.Router` } }],
    route_config: {
      virtual_hosts: [
        {
          name: 'all',
          domains: ['*'],
          routes: routes ?? [{ match: { prefix: '/' }, route: { cluster: 'upstream', timeout: '0s' } }],
        },
      ],
    },
  };
  const filters = [{ name: 'http', typed_config: manager }];
  return {
    static_resources: {
      listeners: [{ ...at(port), filter_chains: [{ filters }] }],
      clusters: [
        {
          name: 'upstream',
          type: 'STATIC',
          circuit_breakers: {
            thresholds: [{ max_connections: 100_000, max_requests: 100_000, max_pending_requests: 100_000 }],
          },
          load_assignment: { cluster_name: 'upstream', endpoints: [{ lb_endpoints: [{ endpoint: at(upstream) }] }] },
        },
      ],
    },
  };
}

export interface EnvoyProcess {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Rejects where it does not listen within 10 s. One worker. */
export async function startEnvoy(binary: string, upstream: number, routes?: readonly object[]): Promise<EnvoyProcess> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-envoy-'));
  const file = join(folder, 'bootstrap.json');
  writeFileSync(file, JSON.stringify(bootstrap(port, upstream, routes)));
  const child: ChildProcess = spawn(
    binary,
    ['-c', file, '--concurrency', '1', '--use-dynamic-base-id', '-l', 'error'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let words = '';
  child.stderr?.on('data', (chunk) => {
    words += chunk;
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      rmSync(folder, { recursive: true, force: true });
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  const until = Date.now() + 10_000;
  while (!(await listens(port))) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`Envoy did not start: ${words}`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  return { port, pid: child.pid ?? 0, stop };
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
