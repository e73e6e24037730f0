// The HTTP server behind an admin port: on loopback, for programs of this machine and nobody else. A web page can make its
// browser ask a loopback port too, so nothing here changes anything, a name that a page may choose is refused (DNS
// rebinding), and no answer may be used by a page of another origin.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CannotRunError } from '../diagnostics/index.js';
import type { OnBug } from './guard.js';
import { keepAccepting } from './listen.js';

export interface AdminServer {
  readonly port: number;
  close(): void;
}

export interface AdminServerOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly onBug: OnBug;
}

/** A GET or HEAD from a program of this machine. */
export interface AdminRequest {
  /** As sent, without the query: `/routes`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as sent. */
  readonly target: string;
  readonly send: (status: number, type: string, body: string) => void;
  /** For an answer that is not text. */
  readonly response: ServerResponse;
}

type Answerer = (request: AdminRequest) => void | Promise<void>;

export const TEXT = 'text/plain; charset=utf-8';
const HOST = '127.0.0.1';
const OWN_NAMES = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;
/** Programs that ask for numbers are few. */
const CONNECTIONS = 64;

/** Rejects with CannotRunError where the port is taken. */
export async function startAdminServer({ port, onBug }: AdminServerOptions, answer: Answerer): Promise<AdminServer> {
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    receive(request, response, answer).catch((error: unknown) => {
      onBug(error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': TEXT });
      response.end('internal error in meshgw: see its standard error\n');
    });
  });
  server.maxConnections = CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(
        new CannotRunError(
          `the admin port cannot listen on ${HOST}:${port}: ${cause.message}`,
          'choose another: --admin PORT',
          { cause },
        ),
      );
    server.once('error', refuse);
    server.listen(port, HOST, () => {
      server.off('error', refuse);
      keepAccepting(server, () => undefined);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function receive(request: IncomingMessage, response: ServerResponse, answer: Answerer): Promise<void> {
  request.on('error', () => undefined);
  request.resume();
  response.setHeader('cache-control', 'no-store');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('x-content-type-options', 'nosniff');
  const send = (status: number, type: string, body: string) => {
    response.writeHead(status, { 'content-type': type });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(405, TEXT, 'only GET\n');
    return;
  }
  if (!OWN_NAMES.test(request.headers.host ?? '')) {
    send(403, TEXT, 'the host must be localhost\n');
    return;
  }
  const target = request.url ?? '';
  // Not by `new URL`: it throws at `//`, and joins what it should not.
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  await answer({ path, query: new URLSearchParams(query), target, send, response });
}
