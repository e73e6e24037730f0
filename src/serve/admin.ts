// The admin port: is it ready, what does it serve, what has it done. Reads only.

import { chainPlaces, type EffectiveGateway, formatPath, formatResource, type Origin } from '../model/index.js';
import { type AdminRequest, type AdminServer, startAdminServer, TEXT } from './admin-server.js';
import type { RunningServer } from './server.js';

export interface AdminOptions {
  /** 0: any free one. */
  readonly port: number;
  /** The route table, as text and as data; absent: /routes answers with the virtual hosts of the configuration. */
  readonly routes?: (gateway: EffectiveGateway) => { readonly text: string; readonly json: unknown };
}

const JSON_TYPE = 'application/json';
const PAGES = ['/ready', '/config', '/routes', '/stats', '/metrics', '/ca'];

/** Rejects with CannotRunError where the port is taken. */
export function startAdmin(running: RunningServer, options: AdminOptions): Promise<AdminServer> {
  return startAdminServer({ port: options.port, onBug: running.onBug }, (request) => answer(running, options, request));
}

function answer(running: RunningServer, options: AdminOptions, { path, query, send }: AdminRequest): void {
  const [status, type, body] = page(running, options, path, query.get('format') === 'json');
  send(status, type, body);
}

function page(
  running: RunningServer,
  options: AdminOptions,
  path: string,
  json: boolean,
): readonly [status: number, type: string, body: string] {
  const { gateway } = running.config();
  switch (path) {
    case '/ready':
      return running.isDraining() ? [503, TEXT, 'DRAINING\n'] : [200, TEXT, 'LIVE\n'];
    case '/config':
      return [200, JSON_TYPE, `${JSON.stringify(gateway, withoutResources, 2)}\n`];
    case '/routes': {
      const table = options.routes?.(gateway);
      if (table === undefined) return [200, JSON_TYPE, `${JSON.stringify(hostsOf(gateway), withoutResources, 2)}\n`];
      return json ? [200, JSON_TYPE, `${JSON.stringify(table.json, null, 2)}\n`] : [200, TEXT, table.text];
    }
    case '/stats':
    case '/metrics':
      return [200, 'text/plain; version=0.0.4', running.stats.prometheus()];
    case '/ca': {
      const ca = running.ca();
      return ca === undefined ? [404, TEXT, 'no certificate was made\n'] : [200, 'application/x-pem-file', ca];
    }
    default:
      return [path === '/' ? 200 : 404, TEXT, `${PAGES.join('\n')}\n`];
  }
}

/** An origin holds the whole object it points into: named instead. */
function withoutResources(_key: string, value: unknown): unknown {
  return isOrigin(value)
    ? {
        file: value.resource.document.file,
        resource: formatResource(value.resource),
        path: formatPath(value.path),
      }
    : value;
}

/** Not everything with these two names is one: a configuration chooses names of its own. */
const isOrigin = (value: unknown): value is Origin =>
  isObject(value) &&
  Array.isArray(value.path) &&
  isObject(value.resource) &&
  isObject(value.resource.document) &&
  typeof value.resource.document.file === 'string';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const hostsOf = (gateway: EffectiveGateway): readonly object[] =>
  [...chainPlaces(gateway)].flatMap(({ listener: { port }, chain }): object[] =>
    chain.kind === 'l4'
      ? [{ port, sni: chain.match.sni, destinations: chain.destinations }]
      : chain.virtualHosts.map(({ domains, routes }) => ({ port, sni: chain.match.sni, domains, routes })),
  );
