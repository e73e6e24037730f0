// An exchange that happened, in the exchange format (contract "meshgw simulate"), so that `simulate --check` replays it:
// what the configuration decides is asserted, what the destination answered is not.

import type { GatewayRequest, SimulationResult } from '../model/index.js';
import type { ExchangeRecord } from './exchange-record.js';
import { headerOf } from './header-list.js';
import { type CredentialNames, maskHeaders, maskQuery } from './mask-credentials.js';
import { RequestInput } from './request-input.js';
import { fromWire } from './wire-text.js';

export interface RecordedExchange {
  readonly request: GatewayRequest;
  readonly response: Partial<SimulationResult>;
}

/**
 * Undefined: nothing that a configuration decides (the client went away, the request was not HTTP). `mask`: credentials are masked,
 * also under these names of the configuration; absent: they are kept.
 */
export function recordedExchange(
  record: ExchangeRecord,
  gatewayId: string,
  mask?: CredentialNames,
): RecordedExchange | undefined {
  const { decision, request } = record;
  if (decision === undefined || record.status === 0) return undefined;
  const input = new RequestInput(request, {
    port: record.port,
    tls: record.scheme === 'https',
    source: record.source,
    sni: record.sni,
  });
  const headers = mask === undefined ? input.headers : maskHeaders(input.headers, mask);
  const query = (path: string) => (mask === undefined ? path : maskQuery(path, mask));
  return {
    request: {
      gateway: gatewayId,
      port: record.port,
      scheme: record.scheme,
      method: request.method,
      host: input.host,
      path: query(input.path),
      ...(Object.keys(headers).length === 0 ? {} : { headers: { ...headers } }),
      ...(record.scheme === 'https' ? { sni: record.sni } : {}),
      source: record.source,
    },
    response: responseOf(record, query),
  };
}

function responseOf(record: ExchangeRecord, query: (path: string) => string): Partial<SimulationResult> {
  const { decision, upstream } = record;
  if (decision?.kind === 'answer' && (decision.split?.length ?? 0) < 2) {
    const location = headerOf(record.responseHeaders, 'location');
    return {
      status: record.status,
      destination: null,
      ...(location === undefined ? {} : { headers: { location: query(fromWire(location)) } }),
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
            path: query(fromWire(upstream.path)),
            host: fromWire(upstream.authority),
          },
        }),
  };
}
