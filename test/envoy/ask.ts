// Many gateways in one real Envoy, each on a port of its own; what it answers, in the words of an exchange file.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { write } from '../../src/dialects/envoy/write.js';
import type { EffectiveGateway, SimulationResult } from '../../src/model/index.js';
import { type Catalog, catalogOf } from '../../src/resources/catalog.js';
import { type Echo, startEcho } from './echo.js';
import type { GeneratedRequest } from './generate.js';

// Envoy's bootstrap is a free tree here.
// biome-ignore lint/suspicious/noExplicitAny: every field of it is somebody else's type
export type Tree = Record<string, any>;

export interface Asked {
  ask(index: number, request: GeneratedRequest, id: string): Promise<SimulationResult>;
  close(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Starts Envoy with one listener per gateway (its port 80). Rejects with Envoy's own words when it does not take the bootstrap. */
export async function askEnvoy(
  binary: string,
  gateways: readonly { readonly gateway: EffectiveGateway; readonly catalog: Catalog }[],
  /** Changes each listener before Envoy gets it. */
  patch: (listener: Tree) => void = () => {},
): Promise<Asked> {
  const echo = await startEcho();
  const clusters = new Map<string, string>();
  // One port, a loopback address per gateway: as many as one likes, and nothing to collide with.
  const port = await freePort();
  const entry = (i: number) => `127.79.${Math.floor(i / 250)}.${(i % 250) + 1}`;
  const listeners: Tree[] = [];
  const all: Tree[] = [];
  for (const [i, { gateway }] of gateways.entries()) {
    const bootstrap = write([gateway], catalogOf([]), {}).objects[0] as Tree;
    const listener = bootstrap.static_resources.listeners.find(
      (l: Tree) => l.address.socket_address.port_value === 80,
    ) as Tree;
    listener.name = `l${i}`;
    listener.address.socket_address = { address: entry(i), port_value: port };
    for (const chain of listener.filter_chains) {
      const config = chain.filters[0].typed_config.route_config as Tree;
      config.response_headers_to_add = [
        ['x-test-cluster', '%UPSTREAM_CLUSTER%'],
        ['x-test-route', '%ROUTE_NAME%'],
        ['x-test-flags', '%RESPONSE_FLAGS%'],
      ].map(([key, value]) => ({ header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' }));
    }
    patch(listener);
    listeners.push(listener);
    for (const cluster of bootstrap.static_resources.clusters as Tree[]) {
      if (clusters.has(cluster.name)) continue;
      const address = `127.78.${Math.floor(clusters.size / 250)}.${(clusters.size % 250) + 1}`;
      clusters.set(cluster.name, address);
      all.push({
        name: cluster.name,
        type: 'STATIC',
        connect_timeout: '1s',
        load_assignment: {
          cluster_name: cluster.name,
          endpoints: [
            { lb_endpoints: [{ endpoint: { address: { socket_address: { address, port_value: echo.port } } } }] },
          ],
        },
      });
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-envoy-'));
  const file = join(folder, 'bootstrap.json');
  const admin = await freePort();
  writeFileSync(
    file,
    JSON.stringify({
      admin: { address: { socket_address: { address: '127.0.0.1', port_value: admin } } },
      static_resources: { listeners, clusters: all },
    }),
  );
  const child = spawn(binary, ['-c', file, '--concurrency', '1', '--use-dynamic-base-id', '-l', 'error'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  await ready(child, admin, errors);
  const clusterOf = new Map([...clusters].map(([name, address]) => [address, name]));
  return {
    ask: (index, request, id) => ask({ host: entry(index), port, echo, clusterOf }, request, id),
    async close() {
      child.kill('SIGKILL');
      echo.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(child: ChildProcess, admin: number, errors: readonly string[]): Promise<void> {
  for (let i = 0; i < 150; i++) {
    if (child.exitCode !== null) throw new Error(`Envoy did not take the bootstrap:\n${errors.join('').slice(-3000)}`);
    const status = await fetch(`http://127.0.0.1:${admin}/ready`).then(
      (r) => r.status,
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Envoy is not ready:\n${errors.join('').slice(-3000)}`);
}

const destinationOf = (cluster: string) => {
  const [, port, subset, host] = cluster.split('|');
  return { host: host!, port: Number(port), ...(subset ? { subset } : {}) };
};

/** Not the gateway's doing: what the client and the echo put there. */
const OURS = new Set([
  'x-meshgw-test',
  'x-test-cluster',
  'x-test-route',
  'x-test-flags',
  'x-up',
  'date',
  'server',
  'content-length',
  'content-type',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'x-envoy-upstream-service-time',
  'x-envoy-decorator-operation',
  'vary',
]);
const HOP = new Set([
  'host',
  'x-meshgw-test',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-proto',
  'content-length',
  'connection',
  'transfer-encoding',
]);

/** A listener of Envoy, and the echo behind its clusters. */
interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly echo: Echo;
  /** By the address that stands for the cluster. */
  readonly clusterOf: ReadonlyMap<string, string>;
}

function ask(
  { host, port, echo, clusterOf }: Endpoint,
  request: GeneratedRequest,
  id: string,
): Promise<SimulationResult> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host,
        port,
        method: request.method,
        path: request.path,
        setHost: false,
        agent: false,
        headers: { host: request.host, ...request.headers, 'x-meshgw-test': id },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (c: Buffer) => chunks.push(c));
        response.on('end', () => {
          const cluster = response.headers['x-test-cluster'];
          // A mirrored copy arrives too: the request itself went to the cluster that the answer names.
          const own = response.headers['x-up']
            ? echo.seen.get(id)?.find((e) => clusterOf.get(e.address) === cluster)
            : undefined;
          const answer = answerOf(response);
          const body = Buffer.concat(chunks).toString();
          const result = own
            ? { ...answer, destination: destinationOf(String(cluster)), upstream: upstreamOf(request, own) }
            : { ...answer, ...(answer.flags === 'NC' ? {} : { destination: null }), body };
          resolve(result as unknown as SimulationResult);
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.setTimeout(5000, () => outgoing.destroy(new Error('no answer within 5 s')));
    outgoing.end();
  });
}

function answerOf({ statusCode, headers: sent }: IncomingMessage) {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(sent)) if (!OURS.has(name)) headers[name] = [value].flat().join(', ');
  const flags = sent['x-test-flags'];
  return { status: statusCode, headers, flags: flags === '-' ? undefined : flags };
}

function upstreamOf(
  request: GeneratedRequest,
  own: { method: string; path: string; headers: readonly (readonly [string, string])[] },
) {
  const got = new Map<string, string[]>();
  for (const [name, value] of own.headers) got.set(name, [...(got.get(name) ?? []), value]);
  const set: Record<string, string | string[]> = {};
  for (const [name, values] of got) {
    if (HOP.has(name) || /^x-envoy-(?!original-path$|original-host$)/.test(name)) continue;
    if (values.join(',') !== request.headers[name]) set[name] = values.length === 1 ? values[0]! : values;
  }
  const removed = Object.keys(request.headers).filter((name) => !got.has(name));
  return {
    method: own.method,
    path: own.path,
    host: got.get('host')?.[0] ?? '',
    set,
    removed,
    proto: got.get('x-forwarded-proto')?.[0] ?? '',
  };
}
