// The echo behind every cluster: each has a loopback address of its own, so the local address of a connection names it.
// Written on bare sockets: it takes whatever Envoy sends, a path without a slash or bytes of a TLS connection passed through; inside of TLS
// (of the gateway, of the client, or of both) and in HTTP/2 too.
import { performServerHandshake } from 'node:http2';
import { createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Pair } from './certificate.js';

export interface Echoed {
  readonly address: string;
  /** The bytes that arrived were those of a TLS connection. */
  readonly tls: boolean;
  /** How many TLS connections in each other. */
  readonly layers: number;
  readonly method: string;
  readonly path: string;
  /** In the order of arrival, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface Echo {
  readonly port: number;
  /** Every request that arrived, by the value of `x-meshgw-test`. */
  readonly seen: Map<string, Echoed[]>;
  close(): void;
}

export async function startEcho(pair: Pair): Promise<Echo> {
  const seen = new Map<string, Echoed[]>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    const address = socket.localAddress ?? '';
    const open = (stream: Duplex, layers: number): void => {
      stream.on('error', () => socket.destroy());
      stream.once('data', (first: Buffer) => {
        stream.pause();
        const whole = replayed(stream, first);
        whole.on('error', () => socket.destroy());
        const saw: Saw = (method, path, headers) => {
          const id = headers.find(([name]) => name === 'x-meshgw-test')?.[1] ?? '';
          seen.set(id, [...(seen.get(id) ?? []), { address, tls: layers > 0, layers, method, path, headers }]);
        };
        if (first[0] === 0x16 && layers < 2) {
          const inside = { isServer: true, key: pair.key, cert: pair.certificate, ALPNProtocols: PROTOCOLS };
          open(new TLSSocket(whole, inside), layers + 1);
        } else if (first.toString('latin1').startsWith('PRI * HTTP/2.0')) answerHttp2(whole, saw);
        else answer(whole, saw);
      });
    };
    open(socket, 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  return {
    port: (server.address() as { port: number }).port,
    seen,
    close() {
      server.close();
      for (const s of sockets) s.destroy();
    },
  };
}

/** Those of Envoy and of Istio's mesh. */
const PROTOCOLS = ['h2', 'http/1.1', 'istio-peer-exchange', 'istio', 'istio-h2', 'istio-http/1.1'];

/** The connection again from its first byte on. */
function replayed(socket: Duplex, first: Buffer): Duplex {
  const duplex = new Duplex({
    read: () => void socket.resume(),
    write: (chunk, encoding, done) => void socket.write(chunk, encoding, done),
    final: (done) => void socket.end(done),
  });
  duplex.push(first);
  socket.on('data', (chunk: Buffer) => {
    if (!duplex.push(chunk)) socket.pause();
  });
  socket.on('end', () => duplex.push(null));
  return duplex;
}

type Saw = (method: string, path: string, headers: [string, string][]) => void;

/** One request, one answer, and the connection is done: nothing depends on where a body ends. */
function answer(stream: Duplex, saw: Saw): void {
  let text = '';
  let done = false;
  stream.on('data', (chunk: Buffer) => {
    if (done) return;
    text += chunk.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) return;
    done = true;
    const [line = '', ...lines] = text.slice(0, end).split('\r\n');
    const headers = lines.map((l): [string, string] => {
      const colon = l.indexOf(':');
      return [l.slice(0, colon).toLowerCase(), l.slice(colon + 1).trim()];
    });
    const space = line.indexOf(' ');
    saw(line.slice(0, space), line.slice(space + 1, line.lastIndexOf(' ')), headers);
    stream.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
}

/** The same in HTTP/2, in the words of HTTP/1. */
function answerHttp2(stream: Duplex, saw: Saw): void {
  const session = performServerHandshake(stream, { settings: { enableConnectProtocol: true } });
  session.on('error', () => stream.destroy());
  session.on('stream', (one, headers) => {
    const { ':method': method = '', ':path': path = '', ':authority': host = '' } = headers;
    const plain = Object.entries(headers).filter(([name]) => !name.startsWith(':'));
    const lines = plain.flatMap(([name, value]) => [value ?? ''].flat().map((v): [string, string] => [name, v]));
    saw(method, path, [['host', host], ...lines]);
    one.on('error', () => session.destroy());
    one.respond({ ':status': 200 }, { endStream: true });
  });
}
