// An exchange that happened, in the exchange format (contract "meshgw simulate"), so that `simulate --check` replays it:
// what the configuration decides is asserted, what the destination answered is not.

import type { GatewayRequest, SimulationResult } from '../model/index.js';
import type { ExchangeRecord } from './exchange-record.js';
import { headerOf } from './header-list.js';
import { RequestInput } from './request-input.js';
import { fromWire } from './wire-text.js';

export interface RecordedExchange {
  readonly request: GatewayRequest;
  readonly response: Partial<SimulationResult>;
}

/** Undefined: nothing that a configuration decides (the client went away, the request was not HTTP). */
export function recordedExchange(record: ExchangeRecord, gatewayId: string): RecordedExchange | undefined {
  const { decision, request } = record;
  if (decision === undefined || record.status === 0) return undefined;
  const input = new RequestInput(request, {
    port: record.port,
    tls: record.scheme === 'https',
    source: record.source,
    sni: record.sni,
  });
  const headers = input.headers;
  return {
    request: {
      gateway: gatewayId,
      port: record.port,
      scheme: record.scheme,
      method: request.method,
      host: input.host,
      path: input.path,
      ...(Object.keys(headers).length === 0 ? {} : { headers: { ...headers } }),
      ...(record.scheme === 'https' ? { sni: record.sni } : {}),
      source: record.source,
    },
    response: responseOf(record),
  };
}

function responseOf(record: ExchangeRecord): Partial<SimulationResult> {
  const { decision, upstream } = record;
  if (decision?.kind === 'answer' && (decision.split?.length ?? 0) < 2) {
    const location = headerOf(record.responseHeaders, 'location');
    return {
      status: record.status,
      destination: null,
      ...(location === undefined ? {} : { headers: { location: fromWire(location) } }),
    };
  }
  // One of several outcomes was drawn: another draw would differ.
  if (decision?.kind !== 'forward' || (decision.split?.length ?? 0) > 1) return {};
  const { host, port, subset } = decision.destination;
  return {
    destination: { host, port, ...(subset === undefined ? {} : { subset }) },
    ...(upstream === undefined
      ? {}
      : {
          upstream: {
            method: decision.upstream.method,
            path: fromWire(upstream.path),
            host: fromWire(upstream.authority),
          },
        }),
  };
}
