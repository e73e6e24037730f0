// Feeds the live view of serve: one row for each exchange.

import { formatResource } from '../model/index.js';
import type { LiveRow } from '../report/ink/live-state.js';
import type { LiveFeed } from '../report/ink/live-view.js';
import { visibleData } from '../report/visible.js';
import type { ExchangeRecord, RunningServer } from '../serve/index.js';

export function createLiveView() {
  let listener: ((row: LiveRow) => void) | undefined;
  return {
    onExchange: (record: ExchangeRecord) => listener?.(rowOf(record)),
    /** Resolves when the user leaves. */
    async show(running: RunningServer): Promise<void> {
      const { runLiveView } = await import('../report/ink/live-view.js');
      const feed: LiveFeed = {
        subscribe(callback) {
          listener = callback;
          return () => {
            listener = undefined;
          };
        },
        summary: () =>
          `${[...running.listening].map(([port, local]) => `${port} on :${local}`).join(', ')} · ${running.stats.connections} connections`,
      };
      await runLiveView(`meshgw serve ${running.config().gateway.id}`, feed);
    },
  };
}

function rowOf(record: ExchangeRecord): LiveRow {
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
