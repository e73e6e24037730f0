// What `meshgw simulate` says of a request of the suite, as the answer that its client would get; the echo's part is played here.
import { simulatorOf } from '../../../src/api/simulator.js';
import type { EffectiveGateway, GatewayRequest } from '../../../src/model/index.js';
import { compiledOf, connectionOf, type Forwarded, type HeaderEdit, selectChain } from '../../../src/simulate/index.js';
import type { Pods } from './pods.js';
import type { Services } from './services.js';
import type { Store } from './store.js';

/** As `simulate.go` sends it. */
export interface Question {
  readonly url: string;
  readonly host: string;
  readonly protocol: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, readonly string[]>> | null;
  readonly serverName?: string;
  readonly clientCertificate?: string;
  readonly body?: string;
}

interface Answered {
  readonly status: number;
  readonly protocol: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly request?: object;
  /** PEM, of the gateway. */
  readonly certificates?: string;
  readonly asksForCertificate?: boolean;
}

export interface Cluster {
  readonly store: Store;
  readonly services: Services;
  readonly pods: Pods;
  gateways(): readonly EffectiveGateway[];
  /** Id of the Gateway with an address. */
  gatewayAt(address: string): string | undefined;
}

export const simulatedAnswers =
  (cluster: Cluster) =>
  async (question: unknown): Promise<Answered | { readonly error: string }> => {
    const asked = question as Question;
    const request = requestOf(asked, cluster);
    const gateway = cluster.gateways().find((g) => g.id === request.gateway);
    if (gateway === undefined) return { error: 'connection refused: no such gateway' };
    const seed = Math.floor(Math.random() * 2 ** 32);
    const { decision, result } = await simulatorOf([gateway], { now: Date.now(), seed }).simulate(request);
    const tls = request.scheme === 'https' ? tlsOf(request, gateway, cluster.store) : {};
    if ('error' in tls) return { error: tls.error };
    if (decision.kind === 'forward') return { ...tls, ...forwarded(asked, decision, cluster) };
    if (decision.kind !== 'answer')
      return { error: `connection ${result.connection ?? 'of bytes'}: ${result.reason ?? ''}` };
    return { ...tls, status: decision.status, protocol: protocolOf(asked), headers: edited({}, decision) };
  };

function requestOf({ url, host, method, headers, serverName, clientCertificate, body }: Question, cluster: Cluster) {
  const { hostname, port, protocol, pathname, search, host: authority } = new URL(url);
  const scheme = protocol === 'https:' ? 'https' : 'http';
  // What Go's client adds.
  const sent: Record<string, readonly string[]> = { 'user-agent': ['Go-http-client/1.1'], 'accept-encoding': ['gzip'] };
  for (const [name, values] of Object.entries(headers ?? {})) sent[name.toLowerCase()] = values.slice(0, 1);
  const gateway = cluster.gatewayAt(hostname);
  return {
    ...(gateway === undefined ? {} : { gateway }),
    port: Number(port || (scheme === 'https' ? 443 : 80)),
    scheme,
    method,
    host: host || authority,
    path: pathname + search,
    headers: sent,
    ...(scheme === 'https' ? { sni: serverName ?? null } : {}),
    clientCertificate: clientCertificate === undefined ? 'none' : 'good',
    ...(body === undefined ? {} : { body }),
  } satisfies GatewayRequest;
}

const protocolOf = ({ protocol }: Question): string => (protocol.startsWith('H2') ? 'HTTP/2.0' : 'HTTP/1.1');

/** The certificate that the gateway shows. */
function tlsOf(request: GatewayRequest, gateway: EffectiveGateway, store: Store) {
  const compiled = compiledOf(gateway);
  const connection = selectChain(compiled, connectionOf(request, compiled.engine));
  if (connection.kind !== 'http') return {};
  const { tls } = connection.chain;
  const secrets = tls?.credentials.flatMap(({ namespace, name }) => store.find('Secret', namespace, name) ?? []) ?? [];
  if (secrets[0] === undefined) return { error: 'the gateway has no certificate' };
  const certificates = Buffer.from(secrets[0].data['tls.crt'], 'base64').toString();
  return { certificates, asksForCertificate: tls?.mode !== 'simple' };
}

type Headers = Record<string, readonly string[]>;

/** Header names as Go writes them. */
const goName = (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

function edited(headers: Headers, { responseHeaders }: { readonly responseHeaders: readonly HeaderEdit[] }): Headers {
  const lower = new Map(Object.entries(headers).map(([name, values]) => [name.toLowerCase(), values]));
  apply(lower, responseHeaders);
  return Object.fromEntries([...lower].map(([name, values]) => [goName(name), values]));
}

function apply(headers: Map<string, readonly string[]>, edits: readonly HeaderEdit[]): void {
  for (const { op, name, value } of edits) {
    if (op === 'remove') headers.delete(name);
    else headers.set(name, op === 'set' ? [value] : [...(headers.get(name) ?? []), value]);
  }
}

function forwarded(question: Question, decision: Forwarded, cluster: Cluster): Answered {
  const { upstream, destination, mirrors } = decision;
  const headers = new Map(Object.entries(requestOf(question, cluster).headers));
  apply(headers, upstream.headers);
  for (const copy of mirrors) logRequest(copy.destination, copy.path, cluster);
  const served = logRequest(destination, upstream.path, cluster);
  const protocol = protocolOf(question);
  if (served === undefined) return { status: 503, protocol, headers: edited({}, decision) };
  const { path, host, method } = upstream;
  const seen = Object.fromEntries([...headers].map(([name, values]) => [goName(name), values]));
  const request = { path, host, method, proto: protocol, headers: seen, ...served };
  const own: Headers = { 'content-type': ['application/json'] };
  for (const line of headers.get('x-echo-set-header') ?? [])
    for (const [, name = '', value = ''] of line.matchAll(/\s*([^:,]+):([^,]*)/g))
      own[name.toLowerCase()] = [[...(own[name.toLowerCase()] ?? []), value].join(',')];
  return { status: 200, protocol, headers: edited(own, decision), request };
}

/** Notes it in the log of a Pod behind the destination, as the echo does. */
function logRequest({ host, port }: Forwarded['destination'], path: string, { services, pods }: Cluster) {
  const [name = '', namespace = ''] = host.split('.');
  const pod = services.podOf(namespace, name, port)?.pod;
  if (pod === undefined) return undefined;
  pods.addLog(namespace, pod, `Echoing back request made to ${path} to client (127.0.0.1:1)\n`);
  return { namespace, pod };
}
