// From a point of the product to a request that one can send.

import { type EffectiveGateway, type GatewayRequest, own, put, table } from '../model/index.js';
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
  const { headers, query, claims } = partsOf(point);
  const method = point.values.get('method') ?? 'GET';
  const host = point.values.get('host') ?? exampleHost;
  const source = point.values.get('source') ?? connection.source;
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

/** What a request carries, from the dimensions of headers, parameters and claims. */
interface Parts {
  readonly headers: Record<string, string>;
  readonly query: string[];
  readonly claims: Record<string, unknown>;
}

function partsOf({ values }: Point): Parts {
  const parts: Parts = { headers: {}, query: [], claims: {} };
  for (const [key, value] of values) {
    const colon = key.indexOf(':');
    const write = WRITE_PART.get(key.slice(0, Math.max(colon, 0)));
    if (write && value !== null) write(parts, key.slice(colon + 1), value);
  }
  if (typeof values.get('search') === 'string' && parts.query.length === 0) {
    const name = ['x', 'y', 'z', 'any'].find((n) => !values.has(`query:${n}`)) ?? 'some';
    parts.query.push(`${name}=1`);
  }
  return parts;
}

/** By the kind of a dimension, the word before the colon of its key. */
const WRITE_PART = table<(parts: Parts, name: string, value: string) => void>({
  header: ({ headers }, name, value) => {
    // A question to the engine is no header: whether the request answers it so, deciding it shows.
    if (name.startsWith(':')) return;
    if (`header:${name}` !== FORWARDED_FOR) return put(headers, name, value);
    // The gateway adds the last one, the address of the client.
    const sent = value.split(',').slice(0, -1).join(',');
    if (sent !== '') put(headers, name, sent);
  },
  query: ({ query }, name, value) => {
    query.push(value === '' ? name : `${name}=${value}`);
  },
  claim: ({ claims }, path, value) => setClaim(claims, JSON.parse(path) as string[], value),
});

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
