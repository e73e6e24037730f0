// The admin port: is it ready, what does it serve, what has it done. Reads only; never on other than loopback by itself.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CannotRunError } from '../diagnostics/index.js';
import { type EffectiveGateway, formatPath, formatResource } from '../model/index.js';
import type { RunningServer } from './server.js';

export interface AdminOptions {
  /** Default: loopback. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  /** The route table, as text and as data; absent: /routes answers with the virtual hosts of the configuration. */
  readonly routes?: (gateway: EffectiveGateway) => { readonly text: string; readonly json: unknown };
}

export interface AdminServer {
  readonly port: number;
  close(): void;
}

const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json';
const PAGES = ['/ready', '/config', '/routes', '/stats', '/metrics', '/ca'];

/** Rejects with CannotRunError where the port is taken. */
export async function startAdmin(running: RunningServer, options: AdminOptions): Promise<AdminServer> {
  const host = options.host ?? '127.0.0.1';
  const server: Server = createServer((request, response) => answer(running, options, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new CannotRunError(
          `the admin port cannot listen on ${host}:${options.port}: ${error.message}`,
          'choose another: --admin PORT',
          {
            cause: error,
          },
        ),
      ),
    );
    server.listen(options.port, host, () => resolve());
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(
  running: RunningServer,
  options: AdminOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const send = (status: number, type: string, body: string) => {
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(405, TEXT, 'only GET\n');
    return;
  }
  // A page of the web that points a name at 127.0.0.1 must not read the configuration (DNS rebinding).
  const name = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (options.host === undefined && !/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(name)) {
    send(403, TEXT, 'ask for localhost\n');
    return;
  }
  const url = new URL(request.url ?? '/', 'http://localhost');
  const { gateway } = running.config();
  const json = url.searchParams.get('format') === 'json';
  switch (url.pathname) {
    case '/ready':
      running.isDraining() ? send(503, TEXT, 'DRAINING\n') : send(200, TEXT, 'LIVE\n');
      return;
    case '/config':
      send(200, JSON_TYPE, `${JSON.stringify(gateway, withoutResources, 2)}\n`);
      return;
    case '/routes': {
      const table = options.routes?.(gateway);
      table === undefined || json
        ? send(200, JSON_TYPE, `${JSON.stringify(table?.json ?? hostsOf(gateway), withoutResources, 2)}\n`)
        : send(200, TEXT, table.text);
      return;
    }
    case '/stats':
    case '/metrics':
      send(200, 'text/plain; version=0.0.4', running.stats.prometheus());
      return;
    case '/ca':
      running.ca() === undefined
        ? send(404, TEXT, 'no certificate was made\n')
        : send(200, 'application/x-pem-file', running.ca() ?? '');
      return;
    default:
      send(url.pathname === '/' ? 200 : 404, TEXT, `${PAGES.join('\n')}\n`);
      return;
  }
}

/** An origin holds the whole object it points into: named instead. */
function withoutResources(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('resource' in value) || !('path' in value)) return value;
  const origin = value as Parameters<typeof formatOrigin>[0];
  return formatOrigin(origin);
}

const formatOrigin = (origin: NonNullable<EffectiveGateway['unsupported'][number]['origin']>) => ({
  file: origin.resource.document.file,
  resource: formatResource(origin.resource),
  path: formatPath(origin.path),
});

const hostsOf = (gateway: EffectiveGateway): readonly object[] =>
  gateway.listeners.flatMap(({ port, filterChains }) =>
    filterChains.flatMap((chain): object[] =>
      chain.kind === 'l4'
        ? [{ port, sni: chain.match.sni, destinations: chain.destinations }]
        : chain.virtualHosts.map(({ domains, routes }) => ({ port, sni: chain.match.sni, domains, routes })),
    ),
  );
