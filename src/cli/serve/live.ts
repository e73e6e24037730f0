// Feeds the live view of serve: one row for each exchange.

import { CannotRunError } from '../../diagnostics/index.js';
import { counted, formatResource } from '../../model/index.js';
import type { LiveRow } from '../../report/ink/live-state.js';
import { visibleData } from '../../report/visible.js';
import type { ExchangeRecord } from '../../serve/index.js';
import type { Io } from '../io.js';

/** A view that waits for its rows. */
export interface LiveView {
  row(row: LiveRow): void;
  /** Resolves when the user leaves. `summary`: where it listens, and who is connected. */
  show(gateway: string, summary: () => string): Promise<void>;
}

/** Throws CannotRunError where there is no terminal. */
export function createLiveView({ stdout }: Io): LiveView {
  if (!stdout.isTTY) throw new CannotRunError('the live view needs a terminal', 'without one: --access-log text');
  let listener: ((row: LiveRow) => void) | undefined;
  return {
    row: (row) => listener?.(row),
    async show(gateway, summary) {
      const { runLiveView } = await import('../../report/ink/live-view.js');
      await runLiveView(`meshgw serve ${gateway}`, {
        subscribe(callback) {
          listener = callback;
          return () => {
            listener = undefined;
          };
        },
        summary,
      });
    },
  };
}

/** `80 on :18080 · 3 connections`. */
export const liveSummary = (listening: Iterable<readonly [number, number]>, connections: number): string =>
  `${[...listening].map(([port, local]) => `${port} on :${local}`).join(', ')} · ${counted(connections, 'connection')}`;

export function rowOf(record: ExchangeRecord): LiveRow {
  const { decision, request, startedAt, status, flags, durationMs } = record;
  const route = decision !== undefined && 'route' in decision ? decision.route : undefined;
  return visibleData({
    time: new Date(startedAt).toTimeString().slice(0, 8),
    method: request.method,
    host: request.authority,
    path: request.target,
    route: route === undefined ? '-' : (route.name ?? formatResource(route.origin.resource)),
    destination:
      decision?.kind === 'forward'
        ? nameOf(decision.destination)
        : `(${decision?.kind === 'answer' ? decision.cause : 'gateway'})`,
    status,
    flags,
    ms: durationMs,
    details: detailsOf(record),
  });
}

/** What the columns do not say. */
function detailsOf({ scheme, port, sni, source, upstream, detail, bytesReceived, bytesSent }: ExchangeRecord) {
  const details: [name: string, text: string][] = [
    ['client', `${source} by ${scheme} on port ${port}${sni === null ? '' : `, server name ${sni}`}`],
    ['bytes', `${bytesReceived} received, ${bytesSent} sent`],
  ];
  if (upstream) {
    const { address, authority, path, attempts } = upstream;
    details.push(['sent on', `${authority}${path} to ${address}${attempts > 1 ? `, ${attempts} attempts` : ''}`]);
  }
  if (detail !== '') details.push(['reason', detail]);
  return details;
}

const nameOf = ({ host, port, subset }: { readonly host: string; readonly port: number; readonly subset?: string }) =>
  `${host.replace('.svc.cluster.local', '')}:${port}${subset === undefined ? '' : `/${subset}`}`;
