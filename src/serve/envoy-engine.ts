// `--engine envoy`: the same configuration in a real Envoy on this machine, with the same ports, upstreams and echo.
// Listeners and clusters are files that Envoy watches, so a reload changes them in place and what Envoy refuses is not taken.

import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRunError } from '../diagnostics/index.js';
import { startAdminServer } from './admin-server.js';
import { type Authority, createMaker, type Maker } from './certificates.js';
import { echoBody } from './echo.js';
import { upstreamNames } from './endpoint.js';
import { passToEnvoy, refusalAfter, updatesOf } from './envoy-admin.js';
import { keepEnvoyRunning } from './envoy-process.js';
import { guard, type OnBug } from './guard.js';
import { keepAccepting } from './listen.js';
import { localPort } from './ports.js';
import type { ServeOptions } from './server.js';

type Fields = Record<string, unknown>;

/** What `convert … -to-envoy` writes. */
export interface Bootstrap {
  /** Flags of Envoy's runtime; a reload cannot change them. */
  readonly layered_runtime?: Fields;
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
  /** The CA for certificates that are made; absent: one of its own. */
  readonly authority?: Authority;
  /** An error that nothing expected. */
  readonly onBug: OnBug;
}

export interface RunningEnvoy {
  readonly listening: ReadonlyMap<number, number>;
  readonly adminPort: number;
  ca(): string | undefined;
  /** Rejects with CannotRunError, and changes nothing, where Envoy refuses it. */
  reload(bootstrap: Bootstrap): Promise<void>;
  stop(): Promise<void>;
}

const TYPE = 'type.googleapis.com/envoy';

export async function startEnvoyEngine(bootstrap: Bootstrap, options: EnvoyOptions): Promise<RunningEnvoy> {
  // Readable by this user alone: it holds private keys and Envoy's own admin socket.
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-envoy-'));
  const admin = join(folder, 'admin.sock');
  const maker = createMaker(options.authority);
  const echoes = new Map<string, Promise<Echo>>();
  const listening = new Map<number, number>();
  const write = (name: string, value: unknown) => {
    // Envoy reloads when a file is moved into place.
    writeFileSync(join(folder, `${name}.new`), JSON.stringify(value));
    renameSync(join(folder, `${name}.new`), join(folder, name));
  };
  const resourcesOf = async (next: Bootstrap): Promise<Resources> => {
    const { listeners, clusters } = next.static_resources;
    const typed = (type: string) => (one: Fields) => ({ '@type': `${TYPE}.config.${type}`, ...one });
    const made = await Promise.all(clusters.map((one) => clusterOf(one, options, echoes)));
    const shown = await Promise.all(listeners.map((one) => listenerOf(one, options, listening, maker)));
    return {
      'cds.json': { resources: made.map(typed('cluster.v3.Cluster')) },
      'lds.json': { resources: shown.map(typed('listener.v3.Listener')) },
    };
  };
  const writeAll = (resources: Resources) => {
    for (const [name, value] of Object.entries(resources)) write(name, value);
  };
  const clean = async () => {
    rmSync(folder, { recursive: true, force: true });
    for (const echo of await Promise.allSettled(echoes.values()))
      if (echo.status === 'fulfilled') echo.value.server.close();
  };
  const source = (name: string) => ({
    resource_api_version: 'V3',
    path_config_source: { path: join(folder, name), watched_directory: { path: folder } },
  });
  try {
    let good = await resourcesOf(bootstrap);
    writeAll(good);
    write('bootstrap.json', {
      node: { id: 'meshgw', cluster: 'meshgw' },
      // No port: every web page could send a POST there, and `/quitquitquit` ends Envoy.
      admin: { address: { pipe: { path: admin, mode: 0o600 } } },
      ...(bootstrap.layered_runtime ? { layered_runtime: bootstrap.layered_runtime } : {}),
      dynamic_resources: { lds_config: source('lds.json'), cds_config: source('cds.json') },
    });
    const child = await keepEnvoyRunning({
      binary: options.binary,
      bootstrap: join(folder, 'bootstrap.json'),
      admin,
      onNotice: (text) => options.onNotice?.(text),
    });
    const pages = await startAdminServer({ port: options.admin ?? 0, onBug: options.onBug }, (request) =>
      passToEnvoy(admin, request),
    ).catch(async (error: unknown) => {
      await child.stop();
      throw error;
    });
    return {
      listening,
      adminPort: pages.port,
      ca: maker.ca,
      async reload(next) {
        if (JSON.stringify(next.layered_runtime) !== JSON.stringify(bootstrap.layered_runtime))
          options.onNotice?.(
            'fragments of paths are treated as when Envoy was started: start it again for the new way',
          );
        const resources = await resourcesOf(next);
        const before = await updatesOf(admin);
        writeAll(resources);
        const refused = before && (await refusalAfter(before, admin));
        if (!refused) {
          good = resources;
          const ports = new Set(next.static_resources.listeners.map(portOf));
          for (const port of [...listening.keys()]) if (!ports.has(port)) listening.delete(port);
          return;
        }
        // What Envoy would read when it is started again.
        writeAll(good);
        throw new CannotRunError(`Envoy refuses the configuration: ${child.lastWords()}`);
      },
      async stop() {
        pages.close();
        await child.stop();
        await clean();
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
}

type Resources = Readonly<Record<'cds.json' | 'lds.json', { readonly resources: readonly Fields[] }>>;

const address = (host: string, port: number) => ({ socket_address: { address: host, port_value: port } });

const portOf = (listener: Fields): number => (listener.address as ReturnType<typeof address>).socket_address.port_value;

async function listenerOf(
  listener: Fields,
  options: EnvoyOptions,
  listening: Map<number, number>,
  maker: Maker,
): Promise<Fields> {
  const port = portOf(listener);
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
    const answer = () => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'x-meshgw-destination': name,
        'content-length': body.length,
      });
      response.end(body);
    };
    request.on('end', () => guard(answer, () => response.destroy()));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  keepAccepting(server, () => undefined);
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
