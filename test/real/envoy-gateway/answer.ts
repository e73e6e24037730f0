// What Envoy and the echo behind it did with a request, in the words of an exchange file (fixtures/truth/README.md).
import type { GatewayRequest } from '../../../src/model/index.js';
import type { ExpectedOutcome, ExpectedResult } from '../../../src/requests/expectation.js';
import { type ClientCertificate, send } from '../client.js';
import type { Echo, Echoed } from '../echo.js';
import { headerOf, responseHeaders, sent, settled, upstreamOf } from '../exchange.js';
import { type Generated, portOf, TOLD } from './to-envoy.js';

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** One gateway that can be asked. */
export interface Entry {
  readonly address: string;
  readonly generated: Generated;
  /** By the address of the echo. */
  readonly placeAt: ReadonlyMap<string, Place>;
  readonly echo: Echo;
  readonly certificates: Readonly<Record<'good' | 'untrusted' | 'none', ClientCertificate>>;
}

let asked = 0;

/** Asks once; with `draws` above 1, as often, and the shares of the outcomes are `split`. */
export async function ask(entry: Entry, request: GatewayRequest, draws: number): Promise<ExpectedResult> {
  if (!entry.generated.listeners.some((l) => portOf(l) === request.port)) return { connection: 'refused' };
  const first = await once(entry, request);
  if (draws < 2 || first.connection) return first;
  const seen = new Map<string, number>();
  for (let i = 0; i < draws; i++) {
    const result = i === 0 ? first : await once(entry, request);
    const outcome = JSON.stringify(result.destination ?? { status: result.status });
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  }
  const split = [...seen].map(([o, n]) => ({ ...JSON.parse(o), share: n / draws }) as ExpectedOutcome);
  return { ...first, split };
}

async function once(entry: Entry, request: GatewayRequest): Promise<ExpectedResult> {
  const { address, generated, placeAt, echo, certificates } = entry;
  const id = String(asked++);
  const raw = await send(address, request, { 'x-meshgw-test': id }, certificates[request.clientCertificate ?? 'good']);
  if (!raw) return { connection: 'closed' };
  if (JSON.stringify([...generated.routes.values()]).includes('requestMirrorPolicies')) await settled(echo, id);
  const arrived = echo.seen.get(id) ?? [];
  echo.seen.delete(id);
  const place = (e: Echoed) => placeAt.get(e.address)!;
  const told = headerOf(raw, TOLD)?.replace(/:\d+$/, '');
  if (arrived.length > 0 && told === undefined)
    return { l4: arrived[0]!.tls ? 'tls' : 'tcp', destination: place(arrived[0]!) };
  const own = arrived.find((e) => e.address === told);
  const mirrors = arrived.filter((e) => e !== own).map((e) => ({ destination: place(e), ...sent(e) }));
  const headers = responseHeaders(raw, LEFT_OUT);
  return {
    status: raw.status,
    ...(own
      ? { destination: place(own), upstream: upstreamOf(request, own, HOP) }
      : { destination: null, ...(raw.body === '' ? {} : { body: raw.body }) }),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(mirrors.length > 0 ? { mirrors } : {}),
  };
}

/** Not the gateway's doing: what the client and the echo put there (fixtures/truth/README.md). */
const LEFT_OUT =
  /^(x-test-endpoint|date|server|content-length|content-type|transfer-encoding|connection|keep-alive|x-envoy-upstream-service-time)$/;
const HOP =
  /^(host|x-meshgw-test|x-request-id|x-forwarded-(for|proto)|x-envoy-(?!original-path$|original-host$).*|x-b3-.*|traceparent|content-length|connection|transfer-encoding)$/;
