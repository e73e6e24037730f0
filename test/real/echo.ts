// The echo behind every cluster: each has a loopback address of its own, so the local address of a connection names it.
// Written on bare sockets: it takes whatever Envoy sends, a path without a slash or bytes of a TLS connection passed through.
import { createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Pair } from './certificate.js';

export interface Echoed {
  readonly address: string;
  /** The bytes that arrived were those of a TLS connection. */
  readonly tls: boolean;
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
    socket.once('data', (first: Buffer) => {
      const tls = first[0] === 0x16;
      const stream = tls
        ? new TLSSocket(replayed(socket, first), { isServer: true, key: pair.key, cert: pair.certificate })
        : replayed(socket, first);
      stream.on('error', () => socket.destroy());
      answer(stream, (method, path, headers) => {
        const id = headers.find(([name]) => name === 'x-meshgw-test')?.[1] ?? '';
        seen.set(id, [...(seen.get(id) ?? []), { address, tls, method, path, headers }]);
      });
    });
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

/** The connection again from its first byte on. */
function replayed(socket: Socket, first: Buffer): Duplex {
  const duplex = new Duplex({
    read: () => socket.resume(),
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
