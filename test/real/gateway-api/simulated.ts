// What `meshgw simulate` says of a request of the suite, as the answer that its client would get; the echo's part is played here.
import { X509Certificate } from 'node:crypto';
import { simulatorOf } from '../../../src/api/simulator.js';
import type { ClientCertificate, EffectiveGateway, GatewayRequest } from '../../../src/model/index.js';
import {
  type Bytes,
  type Connection,
  compiledOf,
  connectionOf,
  type Forwarded,
  type HeaderEdit,
  selectChain,
} from '../../../src/simulate/index.js';
import { endOf, isSignedBy, playBackend } from './played-backend.js';
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
    const bare = requestOf(asked, cluster);
    const gateway = cluster.gateways().find((g) => g.id === bare.gateway);
    if (gateway === undefined) return { error: 'connection refused: no such gateway' };
    const request = { ...bare, clientCertificate: clientCertificate(asked, bare, gateway, cluster.store) };
    const seed = Math.floor(Math.random() * 2 ** 32);
    const { decision, result } = await simulatorOf([gateway], { now: Date.now(), seed }).simulate(request);
    const tls = request.scheme === 'https' ? tlsOf(request, gateway, cluster.store) : {};
    if ('error' in tls) return { error: tls.error };
    if (decision.kind === 'l4') return ofBytes(asked, decision, request, gateway, cluster);
    if (decision.kind === 'forward') return { ...tls, ...forwarded(asked, decision, gateway, cluster) };
    if (decision.kind !== 'answer')
      return { error: `connection ${result.connection ?? 'of bytes'}: ${result.reason ?? ''}` };
    return { ...tls, status: decision.status, protocol: protocolOf(asked), headers: edited({}, decision) };
  };

function requestOf({ url, host, method, headers, serverName, body }: Question, cluster: Cluster) {
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
    ...(body === undefined ? {} : { body }),
  } satisfies GatewayRequest;
}

/** Good: signed by who the listener wants it signed by. */
function clientCertificate(
  { clientCertificate: shown }: Question,
  request: GatewayRequest,
  gateway: EffectiveGateway,
  store: Store,
): ClientCertificate {
  if (shown === undefined) return 'none';
  const compiled = compiledOf(gateway);
  const { clients } = chainTls(selectChain(compiled, connectionOf(request, compiled.engine))) ?? {};
  if (clients === undefined) return 'good';
  const { kind, namespace, name } = clients.authority;
  const text: string = store.find(kind, namespace, name)?.data?.['ca.crt'] ?? '';
  const bundle = kind === 'Secret' ? Buffer.from(text, 'base64').toString() : text;
  return isSignedBy(new X509Certificate(shown), bundle) ? 'good' : 'untrusted';
}

const chainTls = (connection: Connection) =>
  'chain' in connection && connection.chain && 'tls' in connection.chain ? connection.chain.tls : undefined;

const protocolOf = ({ protocol }: Question): string => (protocol.startsWith('H2') ? 'HTTP/2.0' : 'HTTP/1.1');

/** HTTP over a connection whose bytes are forwarded: the TLS of the Pod, or of the gateway in front of it. */
function ofBytes(
  asked: Question,
  decision: Bytes,
  request: GatewayRequest,
  gateway: EffectiveGateway,
  cluster: Cluster,
) {
  const end = endOf(decision, cluster);
  if (end === undefined) return { error: 'connection reset: nothing behind the gateway' };
  const tls =
    end.certificate === undefined ? tlsOf(request, gateway, cluster.store) : { certificates: end.certificate };
  if ('error' in tls) return { error: tls.error };
  const { method, path, host } = request;
  const shown = end.certificate === undefined ? {} : { tls: { serverName: asked.serverName ?? '' } };
  const seen = Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, v]) => [goName(name), [v].flat()]));
  const { namespace, name: pod } = end.pod;
  cluster.pods.addLog(namespace, pod, `Echoing back request made to ${path} to client (127.0.0.1:1)\n`);
  const protocol = protocolOf(asked);
  const echoed = { path, host, method, proto: protocol, headers: seen, namespace, pod, ...shown };
  return { ...tls, status: 200, protocol, headers: { 'Content-Type': ['application/json'] }, request: echoed };
}

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

function forwarded(question: Question, decision: Forwarded, gateway: EffectiveGateway, cluster: Cluster): Answered {
  const { upstream, mirrors } = decision;
  const headers = new Map(Object.entries(requestOf(question, cluster).headers));
  apply(headers, upstream.headers);
  for (const copy of mirrors) logCopy(copy, cluster);
  const played = playBackend(decision, gateway, cluster);
  const protocol = protocolOf(question);
  if (played.request === undefined) return { status: played.status, protocol, headers: edited({}, decision) };
  const { path, host, method } = upstream;
  const seen = Object.fromEntries([...headers].map(([name, values]) => [goName(name), values]));
  const request = { path, host, method, proto: protocol, headers: seen, ...played.request };
  const own: Headers = { 'content-type': ['application/json'] };
  for (const line of headers.get('x-echo-set-header') ?? [])
    for (const [, name = '', value = ''] of line.matchAll(/\s*([^:,]+):([^,]*)/g))
      own[name.toLowerCase()] = [[...(own[name.toLowerCase()] ?? []), value].join(',')];
  return { status: 200, protocol, headers: edited(own, decision), request };
}

/** A mirrored request in the log of a Pod behind its destination, as the echo notes it. */
function logCopy({ destination: { host, port }, path }: Forwarded['mirrors'][number], { services, pods }: Cluster) {
  const [name = '', namespace = ''] = host.split('.');
  const pod = services.podOf(namespace, name, port)?.pod;
  if (pod !== undefined) pods.addLog(namespace, pod, `Echoing back request made to ${path} to client (127.0.0.1:1)\n`);
}
