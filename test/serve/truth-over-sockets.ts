// Sends a recorded case's requests over the sockets of serve, and says for each what came back in the form of a result.

import { existsSync, readFileSync } from 'node:fs';
import http2 from 'node:http2';
import net, { type Socket } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { readGateways } from '../../src/dialects/read.js';
import { recogniseDocument } from '../../src/dialects/registry.js';
import type { EffectiveGateway, GatewayRequest, SimulationResult } from '../../src/model/index.js';
import { catalogOf } from '../../src/resources/catalog.js';
import { type RunningServer, startServer, type TlsSecret } from '../../src/serve/index.js';
import { type CompiledGateway, compile, decide, jwtRulesFor, seededDraw, toResult } from '../../src/simulate/index.js';
import { parseSource } from '../../src/sources/index.js';
import { verifyTokens } from '../../src/tokens/index.js';
import { type RawAnswer, readAnswer } from './raw-client.js';

export interface Sent {
  readonly index: number;
  readonly request: GatewayRequest;
  /** What simulate says. */
  readonly want: SimulationResult;
  /** What the client of serve saw. */
  readonly got: SimulationResult;
}

/** Every Secret is there, as in the recordings. */
class AnySecret extends Map<string, TlsSecret> {
  private readonly secret: TlsSecret;
  constructor(secret: TlsSecret) {
    super();
    this.secret = secret;
  }
  override get(): TlsSecret {
    return this.secret;
  }
  override has(): boolean {
    return true;
  }
}

export interface SendOptions {
  readonly secret: { readonly cert: string; readonly key: string };
  readonly http2?: boolean;
  /** Which exchanges of the case. */
  readonly take: (index: number) => boolean;
}

/** Loopback addresses for destinations of bytes: which one is reached tells the destination. */
interface ByteTargets {
  readonly urls: Map<string, URL>;
  readonly hits: string[];
  close(): void;
}

export async function sendCase(folder: string, options: SendOptions): Promise<Sent[]> {
  const yaml = join(folder, 'input.yaml');
  const file = existsSync(yaml) ? yaml : join(folder, 'config_dump.json');
  const { resources } = parseSource(file, readFileSync(file), undefined, recogniseDocument);
  const { gateways } = readGateways(catalogOf(resources));
  const exchanges = JSON.parse(readFileSync(join(folder, 'exchanges.json'), 'utf8')) as { request: GatewayRequest }[];
  const results: Sent[] = [];
  const usual = folder.includes('ingress-nginx') ? 'ingress-nginx' : 'istio=ingressgateway';
  const byGateway = new Map<string, { index: number; request: GatewayRequest }[]>();
  exchanges.forEach(({ request }, index) => {
    // serve answers 400 to bytes beyond ASCII in a path, as Envoy does; Traefik escapes them.
    const isRefused = folder.includes('traefik') && /[^ -~]/.test(request.path);
    if (!options.take(index) || !isSendable(request) || isRefused) return;
    const id = request.gateway ?? (gateways.length === 1 ? (gateways[0]?.id ?? usual) : usual);
    byGateway.set(id, [...(byGateway.get(id) ?? []), { index, request }]);
  });
  for (const [id, list] of byGateway) {
    const gateway = gateways.find((g) => g.id === id || g.aliases?.includes(id));
    if (gateway === undefined) continue;
    results.push(...(await sendTo(gateway, list, options)));
  }
  return results;
}

/** What HTTP/1.1 can carry: a line break cannot be sent, a body of text can. */
const isSendable = ({ path, host, method, headers }: GatewayRequest): boolean =>
  !/[\s\0]/.test(path + host + method) &&
  !Object.entries(headers ?? {}).some(([n, v]) => /[\r\n\0]/.test(n + String(v))) &&
  host !== '' &&
  path.startsWith('/');

async function sendTo(
  gateway: EffectiveGateway,
  list: readonly { index: number; request: GatewayRequest }[],
  options: SendOptions,
): Promise<Sent[]> {
  const compiled = compile(gateway);
  const bytes = await startByteTargets(gateway);
  const { cert, key } = options.secret;
  const server = await startServer(
    { gateway, secrets: new AnySecret({ certificate: cert, key }) },
    {
      listen: new Map([...compiled.ports.keys()].map((port) => [port, 0])),
      upstreams: bytes.urls,
      checkTokens: (rules, request) => verifyTokens(rules, request, Date.now()),
    },
  );
  const results: Sent[] = [];
  try {
    for (const { index, request } of list) {
      const likeliest = await simulated(compiled, request);
      const got = await observed(server, request, likeliest, bytes, options.http2 ?? false);
      results.push({ index, request, want: drawnAs(got, likeliest, compiled, request), got });
    }
  } finally {
    await server.close();
    bytes.close();
  }
  return results;
}

/** A weighted choice between a destination of bytes and a missing one shows no split: another draw may have been serve's. */
function drawnAs(
  got: SimulationResult,
  likeliest: SimulationResult,
  compiled: CompiledGateway,
  request: GatewayRequest,
): SimulationResult {
  if (likeliest.connection !== 'closed' || got.l4 === undefined) return likeliest;
  for (let seed = 0; seed < 50; seed++) {
    const other = toResult(decide(compiled, request, { draw: seededDraw(seed) }), request);
    if (other.l4 !== undefined) return other;
  }
  return likeliest;
}

async function simulated(compiled: ReturnType<typeof compile>, request: GatewayRequest): Promise<SimulationResult> {
  const rules = jwtRulesFor(compiled, request);
  const token = rules.length === 0 ? undefined : await verifyTokens(rules, request, Date.now());
  return toResult(decide(compiled, request, token === undefined ? {} : { token }), request);
}

let nextAddress = 1;

async function startByteTargets(gateway: EffectiveGateway): Promise<ByteTargets> {
  const urls = new Map<string, URL>();
  const hits: string[] = [];
  const servers: net.Server[] = [];
  for (const chain of gateway.listeners.flatMap((l) => l.filterChains)) {
    if (chain.kind !== 'l4') continue;
    for (const { to } of chain.destinations) {
      if (!('host' in to)) continue;
      const name = `${to.host}:${to.port}${to.subset === undefined ? '' : `/${to.subset}`}`;
      if (urls.has(name)) continue;
      nextAddress = (nextAddress % 250) + 1;
      const server = net.createServer((socket) => {
        hits.push(name);
        socket.on('error', () => undefined);
        socket.end('bytes\n');
      });
      await new Promise<void>((done) => server.listen(0, `127.78.0.${nextAddress}`, done));
      servers.push(server);
      const { address, port } = server.address() as net.AddressInfo;
      urls.set(name, new URL(`tcp://${address}:${port}`));
    }
  }
  return { urls, hits, close: () => servers.forEach((s) => void s.close()) };
}

async function observed(
  server: RunningServer,
  request: GatewayRequest,
  want: SimulationResult,
  bytes: ByteTargets,
  overHttp2: boolean,
): Promise<SimulationResult> {
  const port = server.listening.get(request.port);
  if (port === undefined) return { connection: 'refused' };
  const hitsBefore = bytes.hits.length;
  const answer = await (overHttp2 ? askHttp2(port, request) : askHttp1(port, request));
  if (bytes.hits.length > hitsBefore) return bytesResult(bytes.hits.at(-1) as string, want);
  if (answer === undefined) return { connection: 'closed' };
  return resultOf(answer, request);
}

function bytesResult(name: string, want: SimulationResult): SimulationResult {
  const [, host = '', port = '', subset] = /^(.+):(\d+)(?:\/(.*))?$/.exec(name) ?? [];
  return {
    l4: want.l4 ?? 'tcp',
    destination: { host, port: Number(port), ...(subset === undefined ? {} : { subset }) },
  };
}

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

function connect(port: number, request: GatewayRequest, alpn: string): Socket {
  if (request.scheme === 'http') return net.connect(port, '127.0.0.1');
  const sni = request.sni === undefined ? request.host.replace(/:\d*$/, '') : request.sni;
  return tls.connect({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ALPNProtocols: [alpn],
    ...(sni === null || sni === '' || net.isIP(sni) ? {} : { servername: sni }),
  });
}

/** Undefined: the connection ended without an answer. */
function askHttp1(port: number, request: GatewayRequest): Promise<RawAnswer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, request, 'http/1.1');
    let text = '';
    const done = (answer: RawAnswer | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(8_000, () => done(undefined));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const answer = text.startsWith('HTTP/') ? readAnswer(text, request.method) : undefined;
      if (answer) done(answer);
    });
    socket.on('error', () => done(undefined));
    socket.on('close', () => done(undefined));
    const lines = Object.entries(request.headers ?? {}).flatMap(([n, v]) =>
      [v].flat().map((one) => `${n}: ${latin1(String(one))}\r\n`),
    );
    const body = request.body === undefined ? '' : latin1(request.body);
    const length = request.body === undefined ? '' : `content-length: ${body.length}\r\n`;
    socket.write(
      `${request.method} ${latin1(request.path)} HTTP/1.1\r\nhost: ${latin1(request.host)}\r\n${lines.join('')}${length}\r\n${body}`,
      'latin1',
    );
  });
}

function askHttp2(port: number, request: GatewayRequest): Promise<RawAnswer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, request, 'h2');
    const session = http2.connect(`${request.scheme}://127.0.0.1`, { createConnection: () => socket });
    const done = (answer: RawAnswer | undefined) => {
      session.destroy();
      socket.destroy();
      resolve(answer);
    };
    session.setTimeout(8_000, () => done(undefined));
    session.on('error', () => done(undefined));
    session.on('close', () => done(undefined));
    const stream = session.request({
      ':method': request.method,
      ':path': latin1(request.path),
      ':authority': latin1(request.host),
      ':scheme': request.scheme,
      ...Object.fromEntries(
        Object.entries(request.headers ?? {}).map(([n, v]) => [
          n.toLowerCase(),
          Array.isArray(v) ? v.map(latin1) : latin1(String(v)),
        ]),
      ),
    });
    if (request.body !== undefined) stream.write(request.body);
    stream.end();
    let status = 0;
    const headers: Record<string, string> = {};
    let body = '';
    stream.on('response', (h) => {
      status = Number(h[':status']);
      for (const [n, v] of Object.entries(h)) if (!n.startsWith(':')) headers[n] = [v].flat().join(', ');
    });
    stream.on('data', (chunk: Buffer) => {
      body += chunk.toString('latin1');
    });
    stream.on('end', () => done({ status, headers, body }));
    stream.on('error', () => done(undefined));
  });
}

/** Of what the gateway and the client add to any request on the wire. */
const OF_THE_WIRE = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'te',
  'expect',
  'upgrade',
  'keep-alive',
  'proxy-connection',
]);

function resultOf(answer: RawAnswer, request: GatewayRequest): SimulationResult {
  const { status, headers } = answer;
  const name = headers['x-meshgw-destination'];
  const body = Buffer.from(answer.body, 'latin1').toString('utf8');
  if (name === undefined) return { status, destination: null, headers: utf8(headers), body };
  const [, host = '', port = '', subset] = /^(.+):(\d+)(?:\/(.*))?$/.exec(name) ?? [];
  const destination = { host, port: Number(port), ...(subset === undefined ? {} : { subset }) };
  if (request.method === 'HEAD') return { status, destination, headers: utf8(headers) };
  const echoed = JSON.parse(body) as { method: string; path: string; host: string; headers: [string, string][] };
  const sent = new Map<string, string[]>();
  for (const [n, v] of Object.entries(request.headers ?? {}))
    sent.set(n.toLowerCase(), [...(sent.get(n.toLowerCase()) ?? []), ...[v].flat().map((x) => String(x).trim())]);
  const arrived = new Map<string, string[]>();
  for (const [n, v] of echoed.headers) arrived.set(n, [...(arrived.get(n) ?? []), v]);
  const set: Record<string, string[]> = {};
  for (const [n, v] of arrived) if (!OF_THE_WIRE.has(n) && sent.get(n)?.join() !== v.join()) set[n] = v;
  const removed = [...sent.keys()].filter((n) => !arrived.has(n) && !OF_THE_WIRE.has(n));
  return {
    status,
    destination,
    upstream: {
      method: echoed.method,
      path: echoed.path,
      host: echoed.host,
      ...(Object.keys(set).length > 0 ? { set } : {}),
      ...(removed.length > 0 ? { removed } : {}),
      proto: arrived.get('x-forwarded-proto')?.[0] ?? 'http',
    },
    headers: utf8(headers),
  };
}

const utf8 = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([n, v]) => [n, Buffer.from(v, 'latin1').toString('utf8')]));
