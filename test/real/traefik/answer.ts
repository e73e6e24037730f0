// What Traefik and the echo behind it did with a request, in the words of an exchange file (fixtures/truth/README.md).
import type { GatewayRequest } from '../../../src/model/index.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import { headerFields, send } from '../client.js';
import type { Echo, Echoed } from '../echo.js';
import { responseHeaders, sent, settled, upstreamOf } from '../exchange.js';
import type { Cluster } from './cluster.js';
import type { RunningTraefik } from './process.js';

/** A Traefik that can be asked. */
export interface Entry {
  readonly traefik: RunningTraefik;
  readonly serviceAt: Cluster['serviceAt'];
  readonly echo: Echo;
  /** The configuration has sticky sessions: their cookies are left out. */
  readonly sticky: boolean;
}

let asked = 0;

export async function ask(
  { traefik, serviceAt, echo, sticky }: Entry,
  request: GatewayRequest,
): Promise<ExpectedResult> {
  if (!traefik.ports.has(request.port)) return { connection: 'refused' };
  const id = String(asked++);
  const extra = { 'x-meshgw-test': id };
  const raw = await send(traefik.address, request, extra);
  await settled(echo, id);
  const arrived = (echo.seen.get(id) ?? []).filter((e) => serviceAt.has(e.address));
  echo.seen.delete(id);
  if (!raw) return { connection: 'closed' };
  const destination = (e: Echoed) => ({ ...serviceAt.get(e.address)! });
  const [own, ...copies] = arrived;
  // Traefik adds fields to each request that it reads; no single one says so, as a client may send any of them itself.
  if (own && sameFields(own.headers, headerFields(request, extra)))
    return { l4: own.tls ? 'tls' : 'tcp', destination: destination(own) };
  const { 'set-cookie': cookie, ...others } = responseHeaders(raw, BOOKKEEPING);
  const headers = cookie === undefined || sticky ? others : { ...others, 'set-cookie': cookie };
  return {
    status: raw.status,
    ...(own
      ? { destination: destination(own), upstream: named(upstreamOf(request, own, HOP), serviceAt) }
      : { destination: null, ...(raw.body === '' ? {} : { body: raw.body }) }),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(copies.length > 0
      ? { mirrors: copies.map((e) => ({ destination: destination(e), ...named(sent(e), serviceAt) })) }
      : {}),
  };
}

type Fields = Echoed['headers'];

/** The fields arrived as they were sent, in the same order: the bytes were passed through. */
const sameFields = (arrived: Fields, sentFields: Fields): boolean => inBytes(arrived) === inBytes(sentFields);

const inBytes = (fields: Fields): string =>
  Buffer.from(JSON.stringify(fields.map(([name, value]) => [name.toLowerCase(), value.trim()])), 'latin1').toString(
    'latin1',
  );

/** Without `passHostHeader` the Host is the endpoint's address: its Service. */
function named<T extends { readonly host?: string }>(upstream: T, serviceAt: Entry['serviceAt']): T {
  const service = serviceAt.get(upstream.host?.replace(/:\d+$/, '') ?? '');
  return service ? { ...upstream, host: `${service.host}:${service.port}` } : upstream;
}

/** The cookie of a sticky session is a hash of the endpoint's address. */
const BOOKKEEPING = /^(date|server|content-length|content-type|transfer-encoding|connection|keep-alive)$/;
const HOP =
  /^(host|x-meshgw-test|x-forwarded-(for|host|port|proto|server)|x-real-ip|content-length|connection|upgrade|transfer-encoding)$/;
