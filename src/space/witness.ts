// From a point of the product to a request that one can send.

import { type EffectiveGateway, type GatewayRequest, own, put } from '../model/index.js';
import { engines } from '../simulate/engines/index.gen.js';
import type { Connection, Receive } from './connections.js';
import { FORWARDED_FOR } from './dimension.js';
import type { Point } from './explore.js';

export interface WitnessFrame {
  readonly gateway: EffectiveGateway;
  readonly connection: Connection;
  readonly receive: readonly Receive[];
  readonly host: string;
}

/** A request with the claims that its token would have to carry (no token can be made: the key is not in the files). */
export interface Witness {
  readonly request: GatewayRequest;
  readonly claims?: Readonly<Record<string, unknown>>;
}

export function witnessOf(point: Point, { gateway, connection, receive, host: exampleHost }: WitnessFrame): Witness {
  const headers: Record<string, string> = {};
  const query: string[] = [];
  const claims: Record<string, unknown> = {};
  let method = 'GET';
  let host = exampleHost;
  let { source } = connection;
  for (const [key, value] of point.values) {
    if (value === null) continue;
    if (key === 'method') method = value;
    else if (key === 'host') host = value;
    else if (key === 'source') source = value;
    else if (key === FORWARDED_FOR) {
      const sent = value.split(',').slice(0, -1).join(',');
      if (sent !== '') put(headers, key.slice(7), sent);
    } else if (key.startsWith('header:')) put(headers, key.slice(7), value);
    else if (key.startsWith('query:')) query.push(value === '' ? key.slice(6) : `${key.slice(6)}=${value}`);
    else if (key.startsWith('claim:')) setClaim(claims, JSON.parse(key.slice(6)) as string[], value);
  }
  if (typeof point.values.get('search') === 'string' && query.length === 0) {
    const name = ['x', 'y', 'z', 'any'].find((n) => !point.values.has(`query:${n}`)) ?? 'some';
    query.push(`${name}=1`);
  }
  const sent = new Map(Object.entries(headers));
  for (const [name, value] of engines[gateway.engine].companionsOf?.(sent) ?? []) put(headers, name, value);
  const written = engines[gateway.engine].writePath?.(point.path) ?? point.path;
  const path = written + (query.length > 0 ? `?${query.join('&')}` : '');
  return {
    request: {
      gateway: gateway.id,
      port: connection.port,
      scheme: connection.scheme,
      method,
      host,
      path,
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
      ...sniOf(connection, receive, host),
      ...(source === '127.0.0.1' ? {} : { source }),
    },
    ...(Object.keys(claims).length > 0 ? { claims } : {}),
  };
}

/** No `sni` where the one that a client would send by itself opens the same connection. */
function sniOf(connection: Connection, receive: readonly Receive[], host: string): { sni?: string | null } {
  if (connection.scheme === 'http') return {};
  const own = host.replace(/:\d*$/, '').toLowerCase();
  const same = receive.every((r) => r({ ...connection, sni: own }) === r(connection));
  return same ? {} : { sni: connection.sni };
}

function setClaim(claims: Record<string, unknown>, path: readonly string[], value: string): void {
  let at = claims;
  for (const key of path.slice(0, -1)) {
    const inner = own(at, key);
    const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
    put(at, key, next);
    at = next;
  }
  const last = path.at(-1);
  if (last !== undefined) put(at, last, value);
}
