// What Envoy and the echo behind it did with a request, in the words of an exchange file (fixtures/truth/README.md).

import type { GatewayRequest } from '../../../src/model/index.js';
import type { ExpectedOutcome, ExpectedResult } from '../../../src/requests/expectation.js';
import { type ClientCertificate, send } from '../client.js';
import type { Echo, Echoed } from '../echo.js';
import { headerOf, responseHeaders, sent, settled, upstreamOf } from '../exchange.js';
import type { Generated } from './control-plane.js';
import { TOLD } from './to-envoy.js';

/** One gateway that can be asked. */
export interface Entry {
  readonly address: string;
  readonly generated: Generated;
  readonly clusterAt: ReadonlyMap<string, string>;
  readonly echo: Echo;
  /** What clients show where they are asked. */
  readonly certificates: Readonly<Record<'good' | 'untrusted' | 'none', ClientCertificate>>;
}

let asked = 0;

/** Asks once; with `draws` above 1, as often, and the shares of the outcomes are `split`. */
export async function ask(
  entry: Entry,
  request: GatewayRequest,
  draws = 1,
  by: typeof send = send,
): Promise<ExpectedResult> {
  if (!entry.generated.listeners.some((l) => l.address.socket_address.port_value === request.port))
    return { connection: 'refused' };
  const first = await once(entry, request, by);
  if (draws < 2 || first.connection) return first;
  const seen = new Map<string, number>();
  for (let i = 0; i < draws; i++) {
    const result = i === 0 ? first : await once(entry, request, by);
    const outcome = JSON.stringify(result.destination ?? { status: result.status });
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  }
  const split = [...seen].map(([o, n]) => ({ ...JSON.parse(o), share: n / draws }) as ExpectedOutcome);
  return { ...first, split };
}

async function once(
  { address, generated, clusterAt, echo, certificates }: Entry,
  request: GatewayRequest,
  by: typeof send,
): Promise<ExpectedResult> {
  const id = String(asked++);
  const shown = certificates[request.clientCertificate ?? 'good'];
  const raw = await by(address, request, { 'x-meshgw-test': id }, shown);
  if (!raw) return { connection: 'closed' };
  if (JSON.stringify(generated.routes).includes('request_mirror_policies')) await settled(echo, id);
  const arrived = echo.seen.get(id) ?? [];
  echo.seen.delete(id);
  const header = (name: string) => headerOf(raw, name);
  const named = (e: Echoed) => clusterAt.get(e.address)!;
  if (arrived.length > 0 && header(TOLD.cluster) === undefined)
    return {
      l4: l4Of(generated, request, arrived[0]!, named(arrived[0]!)),
      destination: destinationOf(named(arrived[0]!)),
    };
  const cluster = header(TOLD.cluster)?.replace(/^g\d+~/, '');
  const own = arrived.find((e) => named(e) === cluster);
  const flags = header(TOLD.flags);
  const route = header(TOLD.route);
  const mirrors = arrived.filter((e) => e !== own).map((e) => ({ destination: destinationOf(named(e)), ...sent(e) }));
  const headers = responseHeaders(raw, LEFT_OUT);
  return {
    status: raw.status,
    ...(flags && /^(NC|FI|DI)$/.test(flags) ? { flags } : {}),
    ...(route && route !== '-' ? { route } : {}),
    ...(own
      ? { destination: destinationOf(cluster!), upstream: upstreamOf(request, own, HOP) }
      : flags === 'NC'
        ? {}
        : { destination: null, ...(raw.body === '' ? {} : { body: raw.body }) }),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(mirrors.length > 0 ? { mirrors } : {}),
  };
}

/** A port that does not look into TLS forwards whatever comes: bytes. */
function l4Of(generated: Generated, { port }: GatewayRequest, arrived: Echoed, cluster: string): 'tls' | 'tcp' {
  const { listeners, ruled = [] } = generated;
  // TLS of the gateway's own, by a DestinationRule.
  const own = ruled.some(({ name, transport_socket: tls }) => name === cluster && tls) ? 1 : 0;
  const listener = listeners.find((l) => l.address.socket_address.port_value === port);
  const looksInto = JSON.stringify(listener?.listener_filters ?? []).includes('tls_inspector');
  return arrived.layers > own && looksInto ? 'tls' : 'tcp';
}

const destinationOf = (cluster: string) => {
  const [, port, subset, host] = cluster.split('|');
  return { host: host!, port: Number(port), ...(subset ? { subset } : {}) };
};

/** Not the gateway's doing: what the client and the echo put there (fixtures/truth/README.md). */
const LEFT_OUT =
  /^(x-test-(cluster|route|flags)|date|server|content-length|content-type|transfer-encoding|connection|keep-alive|x-envoy-(upstream-service-time|decorator-operation))$/;
const HOP =
  /^(host|x-meshgw-test|x-request-id|x-forwarded-(for|proto)|x-envoy-(?!original-path$|original-host$).*|x-b3-.*|traceparent|content-length|connection|transfer-encoding)$/;
