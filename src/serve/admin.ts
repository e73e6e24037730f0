// The admin port: is it ready, what does it serve, what has it done. Reads only.

import { chainPlaces, type EffectiveGateway, formatPath, formatResource, type Origin } from '../model/index.js';
import { type AdminServer, startAdminServer, TEXT } from './admin-server.js';
import type { OnBug } from './guard.js';
import type { RunningServer } from './server.js';
import { type Counts, prometheusText } from './stats.js';

/** The route table, as text and as data. */
export type RouteTables = (gateway: EffectiveGateway) => { readonly text: string; readonly json: unknown };

/** An answer of the admin port. */
export interface AdminPage {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What is asked for: a path, and whether as JSON. */
export interface AdminQuestion {
  readonly path: string;
  readonly json: boolean;
}

const JSON_TYPE = 'application/json';
const PROMETHEUS = 'text/plain; version=0.0.4';
const PAGES = ['/ready', '/config', '/routes', '/stats', '/metrics', '/ca'];

/** `port` 0: any free one. Rejects with CannotRunError where the port is taken. */
export function startAdmin(
  port: number,
  answer: (question: AdminQuestion) => AdminPage | Promise<AdminPage>,
  onBug: OnBug,
): Promise<AdminServer> {
  return startAdminServer({ port, onBug }, async ({ path, query, send }) => {
    const { status, type, body } = await answer({ path, json: query.get('format') === 'json' });
    send(status, type, body);
  });
}

export const readyPage = (state: 'LIVE' | 'STARTING' | 'DRAINING'): AdminPage => ({
  status: state === 'LIVE' ? 200 : 503,
  type: TEXT,
  body: `${state}\n`,
});

export const statsPage = (counts: Counts, workers?: number): AdminPage => ({
  status: 200,
  type: PROMETHEUS,
  body: prometheusText(counts, workers),
});

/** A page about one process. `routes` absent: /routes answers with the virtual hosts of the configuration. */
export function adminPage(running: RunningServer, { path, json }: AdminQuestion, routes?: RouteTables): AdminPage {
  const { gateway } = running.config();
  switch (path) {
    case '/ready':
      return readyPage(running.isDraining() ? 'DRAINING' : 'LIVE');
    case '/config':
      return jsonPage(gateway, withoutResources);
    case '/routes': {
      const table = routes?.(gateway);
      if (table === undefined) return jsonPage(hostsOf(gateway), withoutResources);
      return json ? jsonPage(table.json) : { status: 200, type: TEXT, body: table.text };
    }
    case '/stats':
    case '/metrics':
      return statsPage(running.stats.counts());
    case '/ca': {
      const ca = running.ca();
      return ca === undefined
        ? { status: 404, type: TEXT, body: 'no certificate was made\n' }
        : { status: 200, type: 'application/x-pem-file', body: ca };
    }
    default:
      return { status: path === '/' ? 200 : 404, type: TEXT, body: `${PAGES.join('\n')}\n` };
  }
}

const jsonPage = (value: unknown, replacer?: (key: string, value: unknown) => unknown): AdminPage => ({
  status: 200,
  type: JSON_TYPE,
  body: `${JSON.stringify(value, replacer, 2)}\n`,
});

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
