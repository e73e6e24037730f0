// Destinations for tests, on loopback: each answers in a way that a path names.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';

export interface TestUpstream {
  readonly port: number;
  readonly url: URL;
  /** `METHOD path` of each request, as it came. */
  readonly seen: {
    readonly line: string;
    readonly headers: IncomingMessage['headers'];
    readonly host: string;
    body: number;
  }[];
  close(): Promise<void>;
}

/** Answers by path; see `answer`. */
export async function startUpstream(): Promise<TestUpstream> {
  const seen: TestUpstream['seen'] = [];
  const server: Server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const entry = {
      line: `${request.method} ${request.url}`,
      headers: request.headers,
      host: request.headers.host ?? '',
      body: 0,
    };
    seen.push(entry);
    if (request.url?.startsWith('/upload') || request.url?.startsWith('/mirrored'))
      request.on('data', (chunk: Buffer) => (entry.body += chunk.length));
    answer(request, response, entry);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => acceptWebSocket(request, socket));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: new URL(`http://127.0.0.1:${port}`),
    seen,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

let failures = 0;

function answer(request: IncomingMessage, response: ServerResponse, entry: { body: number }): void {
  const path = request.url ?? '';
  if (path.startsWith('/sse')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let n = 0;
    const timer = setInterval(() => {
      response.write(`data: ${n}\n\n`);
      if (++n === 3) {
        clearInterval(timer);
        response.end();
      }
    }, 30);
    return;
  }
  if (path.startsWith('/slow')) {
    setTimeout(() => response.end('late'), 2_000).unref();
    return;
  }
  if (path.startsWith('/retry')) {
    request.resume();
    if (++failures % 3 !== 0) {
      response.writeHead(503);
      response.end();
      return;
    }
    response.end('third time');
    return;
  }
  if (path.startsWith('/trailers')) {
    response.writeHead(200, { trailer: 'x-sum' });
    response.write('body');
    response.addTrailers({ 'x-sum': '42' });
    response.end();
    return;
  }
  if (path.startsWith('/download')) {
    const size = Number(path.split('/')[2]);
    response.writeHead(200, { 'content-length': size });
    sendZeros(response, size);
    return;
  }
  if (path.startsWith('/204')) {
    response.writeHead(204);
    response.end();
    return;
  }
  if (path.startsWith('/cookies')) {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.setHeader('x-secret', 'yes');
    response.end('ok');
    return;
  }
  request.resume();
  request.on('end', () => {
    response.setHeader('x-secret', 'yes');
    response.end(path.startsWith('/upload') ? String(entry.body) : `${request.method} ${path}`);
  });
}

function sendZeros(response: ServerResponse, size: number): void {
  const chunk = Buffer.alloc(65_536);
  let left = size;
  const more = () => {
    while (left > 0) {
      const part = left >= chunk.length ? chunk : chunk.subarray(0, left);
      left -= part.length;
      if (!response.write(part)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

/** Agrees to a WebSocket and sends back every byte behind the handshake. */
function acceptWebSocket(request: IncomingMessage, socket: Socket): void {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
  );
  socket.on('data', (chunk) => socket.write(chunk));
  socket.on('end', () => socket.end());
  socket.on('error', () => undefined);
}

/** A server that handles each connection with `handle`. */
export async function startRaw(
  handle: (socket: Socket) => void,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const open = new Set<Socket>();
  const server: TcpServer = createTcpServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    handle(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        for (const socket of open) socket.destroy();
        server.close(() => done());
      }),
  };
}
