// What Traefik and the echo behind it did with a request, in the words of an exchange file (fixtures/truth/README.md).
import type { GatewayRequest } from '../../../src/model/index.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import { send } from '../client.js';
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
  const raw = await send(traefik.address, request, { 'x-meshgw-test': id });
  await settled(echo, id);
  const arrived = (echo.seen.get(id) ?? []).filter((e) => serviceAt.has(e.address));
  echo.seen.delete(id);
  if (!raw) return { connection: 'closed' };
  const destination = (e: Echoed) => ({ ...serviceAt.get(e.address)! });
  const [own, ...copies] = arrived;
  // Nothing was added on the way (clients may send the other headers of this kind themselves): the bytes were passed through.
  if (own && !own.headers.some(([name]) => name === 'x-forwarded-server'))
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

/** Without `passHostHeader` the Host is the endpoint's address: its Service. */
function named<T extends { readonly host?: string }>(upstream: T, serviceAt: Entry['serviceAt']): T {
  const service = serviceAt.get(upstream.host?.replace(/:\d+$/, '') ?? '');
  return service ? { ...upstream, host: `${service.host}:${service.port}` } : upstream;
}

/** The cookie of a sticky session is a hash of the endpoint's address. */
const BOOKKEEPING = /^(date|server|content-length|content-type|transfer-encoding|connection|keep-alive)$/;
const HOP =
  /^(host|x-meshgw-test|x-forwarded-(for|host|port|proto|server)|x-real-ip|content-length|connection|upgrade|transfer-encoding)$/;
