// What Envoy and the echo behind it did with a request, in the words of an exchange file (truth/README.md).

import type { GatewayRequest } from '../../../src/model/index.js';
import type { ExpectedOutcome, ExpectedResult } from '../../../src/requests/expectation.js';
import { type RawAnswer, send } from '../client.js';
import type { Echo, Echoed } from '../echo.js';
import type { Generated } from './control-plane.js';
import { TOLD } from './to-envoy.js';

/** One gateway that can be asked. */
export interface Entry {
  readonly address: string;
  readonly generated: Generated;
  readonly clusterAt: ReadonlyMap<string, string>;
  readonly echo: Echo;
}

let asked = 0;

/** Asks once; with `draws` above 1, as often, and the shares of the outcomes are `split`. */
export async function ask(entry: Entry, request: GatewayRequest, draws = 1): Promise<ExpectedResult> {
  if (!entry.generated.listeners.some((l) => l.address.socket_address.port_value === request.port))
    return { connection: 'refused' };
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

async function once({ address, generated, clusterAt, echo }: Entry, request: GatewayRequest): Promise<ExpectedResult> {
  const id = String(asked++);
  const raw = await send(address, request, { 'x-meshgw-test': id });
  if (!raw) return { connection: 'closed' };
  if (JSON.stringify(generated.routes).includes('request_mirror_policies')) await settled(echo, id);
  const arrived = echo.seen.get(id) ?? [];
  echo.seen.delete(id);
  const header = (name: string) => raw.headers.find(([n]) => n === name)?.[1];
  const named = (e: Echoed) => clusterAt.get(e.address)!;
  if (arrived.length > 0 && header(TOLD.cluster) === undefined)
    return { l4: arrived[0]!.tls ? 'tls' : 'tcp', destination: destinationOf(named(arrived[0]!)) };
  const cluster = header(TOLD.cluster)?.replace(/^g\d+~/, '');
  const own = arrived.find((e) => named(e) === cluster);
  const flags = header(TOLD.flags);
  const route = header(TOLD.route);
  const mirrors = arrived.filter((e) => e !== own).map((e) => ({ destination: destinationOf(named(e)), ...sent(e) }));
  const headers = responseHeaders(raw);
  return {
    status: raw.status,
    ...(flags && /^(NC|FI|DI)$/.test(flags) ? { flags } : {}),
    ...(route && route !== '-' ? { route } : {}),
    ...(own
      ? { destination: destinationOf(cluster!), upstream: upstreamOf(request, own) }
      : flags === 'NC'
        ? {}
        : { destination: null, ...(raw.body === '' ? {} : { body: raw.body }) }),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(mirrors.length > 0 ? { mirrors } : {}),
  };
}

/** A copy may arrive after the answer. */
async function settled(echo: Echo, id: string): Promise<void> {
  for (let i = 0, before = -1; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 15));
    const now = echo.seen.get(id)?.length ?? 0;
    if (now === before) return;
    before = now;
  }
}

const destinationOf = (cluster: string) => {
  const [, port, subset, host] = cluster.split('|');
  return { host: host!, port: Number(port), ...(subset ? { subset } : {}) };
};

const sent = ({ method, path, headers }: Echoed) => ({
  method,
  path,
  host: headers.find(([n]) => n === 'host')?.[1] ?? '',
});

/** Not the gateway's doing: what the client and the echo put there (truth/README.md). */
const LEFT_OUT =
  /^(x-test-(cluster|route|flags)|date|server|content-length|content-type|transfer-encoding|connection|keep-alive|x-envoy-(upstream-service-time|decorator-operation))$/;
const HOP =
  /^(host|x-meshgw-test|x-request-id|x-forwarded-(for|proto)|x-envoy-(?!original-path$|original-host$).*|x-b3-.*|traceparent|content-length|connection|transfer-encoding)$/;

function responseHeaders(raw: RawAnswer): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of raw.headers)
    if (!LEFT_OUT.test(name)) out[name] = name in out ? `${out[name]}, ${value}` : value;
  return out;
}

function upstreamOf(request: GatewayRequest, own: Echoed): NonNullable<ExpectedResult['upstream']> {
  const sentHeaders = Object.fromEntries(
    Object.entries(request.headers ?? {}).map(([k, v]) => [k.toLowerCase(), [v].flat().join(',')]),
  );
  const got = new Map<string, string[]>();
  for (const [name, value] of own.headers) got.set(name, [...(got.get(name) ?? []), value]);
  const set: Record<string, string | string[]> = {};
  for (const [name, values] of got)
    if (!HOP.test(name) && values.join(',') !== sentHeaders[name])
      set[name] = values.length === 1 ? values[0]! : values;
  const removed = Object.keys(sentHeaders).filter((name) => !got.has(name) && !HOP.test(name));
  const proto = got.get('x-forwarded-proto')?.[0];
  return {
    ...sent(own),
    ...(Object.keys(set).length > 0 ? { set } : {}),
    ...(removed.length > 0 ? { removed } : {}),
    ...(proto === undefined ? {} : { proto }),
  };
}
