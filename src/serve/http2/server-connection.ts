// One client connection that speaks HTTP/2: Node's own implementation (nghttp2) frames, every stream is an exchange.

import http2, { type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { OpenConnection } from '../connections.js';
import { startExchange } from '../exchange.js';
import { guard, type OnBug } from '../guard.js';
import type { ClientStream, HeaderList, RequestEvents, RequestHead, ResponseHead } from '../message.js';
import type { Arrival, Runtime } from '../runtime.js';
import { headersObject, isAuthority } from './header-object.js';
import { keepPulse } from './pulse.js';

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;

const NO_HEADERS: HeaderList = [];
const END_STREAM = { endStream: true };
const WAIT_FOR_TRAILERS = { waitForTrailers: true };
const ignore = (): void => undefined;

/** Envoy's defaults for streams and windows are larger; these keep what one client can make the gateway hold small. Bytes. */
const STREAM_WINDOW = 262_144;
const CONNECTION_WINDOW = 1_048_576;

/** `begun`: what was read already. */
export function startHttp2(socket: Socket, runtime: Runtime, arrival: Arrival, begun: Buffer): OpenConnection {
  if (begun.length > 0) {
    socket.pause();
    socket.unshift(begun);
  }
  const { limits } = runtime;
  const session = http2.performServerHandshake(socket, {
    settings: {
      maxConcurrentStreams: limits.streams,
      initialWindowSize: STREAM_WINDOW,
      maxHeaderListSize: limits.headBytes,
      enableConnectProtocol: false,
    },
    maxHeaderListPairs: limits.headerCount + 4,
    maxSessionMemory: 32,
    unknownProtocolTimeout: limits.headMs,
  });
  session.on('error', () => session.destroy());
  // The client has ended its side: as with HTTP/1, nobody waits for an answer. Node leaves the session open on a half-open socket.
  socket.once('end', () => session.destroy());
  session.on('stream', (stream: ServerHttp2Stream, _headers: unknown, _flags: number, raw: string[] | undefined) =>
    guard(
      () => onStream(session, runtime, arrival, stream, raw),
      (error) => {
        runtime.onBug(error);
        if (!stream.destroyed) stream.close(NGHTTP2_INTERNAL_ERROR);
      },
    ),
  );
  keepPulse(session, limits.pingMs, () => socket.destroy());
  session.once('connect', () => {
    if (!session.destroyed) session.setLocalWindowSize(CONNECTION_WINDOW);
  });
  session.setTimeout(limits.idleMs, () => session.close());
  return {
    drain: () => session.close(),
    destroy: () => session.destroy(),
  };
}

function onStream(
  session: ServerHttp2Session,
  runtime: Runtime,
  arrival: Arrival,
  stream: ServerHttp2Stream,
  raw: string[] | undefined,
): void {
  stream.on('error', ignore);
  if (runtime.draining) {
    stream.close(NGHTTP2_REFUSED_STREAM);
    return;
  }
  const head = readHead(raw ?? [], stream.endAfterHeaders);
  if (typeof head === 'string') {
    runtime.onRefused(400, head, arrival);
    if (session.destroyed || stream.destroyed) return;
    stream.close(NGHTTP2_PROTOCOL_ERROR);
    return;
  }
  new Http2ServerStream(runtime, arrival, stream, head);
}

function readHead(raw: readonly string[], ended: boolean): RequestHead | string {
  const sorted = sortHeaders(raw);
  if (typeof sorted === 'string') return sorted;
  const { method, length } = sorted;
  const authority = sorted.authority ?? sorted.host;
  if (authority === undefined || !isAuthority(authority)) return 'bad authority';
  const target = method === 'CONNECT' ? authority : sorted.target;
  if (target === undefined || !isTargetOf(method, target)) return 'bad path';
  if (!isVisible(target)) return 'bad character in path';
  if (length !== undefined && !Number.isSafeInteger(length)) return 'bad content-length';
  return {
    method,
    target,
    authority,
    headers: sorted.kept,
    version: 20,
    body: length !== undefined ? length : ended ? 'none' : 'stream',
    upgrade: undefined,
    expectsContinue: sorted.expectsContinue,
  };
}

/** The headers of a request: those that are handed on, and what the others say. */
interface SortedHeaders {
  method: string;
  target: string | undefined;
  authority: string | undefined;
  host: string | undefined;
  length: number | undefined;
  expectsContinue: boolean;
  readonly kept: HeaderList;
}

/** A text: what is wrong with them. */
function sortHeaders(raw: readonly string[]): SortedHeaders | string {
  const sorted: SortedHeaders = {
    method: '',
    target: undefined,
    authority: undefined,
    host: undefined,
    length: undefined,
    expectsContinue: false,
    kept: [],
  };
  const cookies: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    if (name === ':method') sorted.method = value;
    else if (name === ':path') sorted.target = value;
    else if (name === ':authority') sorted.authority = value;
    else if (name === ':scheme') continue;
    else if (name.startsWith(':')) return `pseudo-header ${name}`;
    else if (name === 'host') sorted.host = value;
    else if (name === 'content-length') sorted.length = Number(value);
    else if (name === 'expect') sorted.expectsContinue = value.toLowerCase() === '100-continue';
    // One line again for destinations that speak HTTP/1 (RFC 9113 8.2.3).
    else if (name === 'cookie') cookies.push(value);
    else sorted.kept.push(name, value);
  }
  if (cookies.length > 0) sorted.kept.push('cookie', cookies.join('; '));
  return sorted;
}

const isTargetOf = (method: string, target: string): boolean =>
  target.startsWith('/') || method === 'CONNECT' || (target === '*' && method === 'OPTIONS');

function isVisible(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c <= 32 || c === 127) return false;
  }
  return true;
}

class Http2ServerStream implements ClientStream {
  private readonly stream: ServerHttp2Stream;
  private readonly events: RequestEvents;
  private readonly head: RequestHead;
  private readonly onBug: OnBug;
  private done = false;
  private reading = true;
  private answerTrailers: HeaderList = NO_HEADERS;
  private full = false;

  constructor(runtime: Runtime, arrival: Arrival, stream: ServerHttp2Stream, head: RequestHead) {
    this.stream = stream;
    this.head = head;
    this.onBug = (error) => {
      runtime.onBug(error);
      this.abort();
    };
    this.events = startExchange(runtime, arrival, this, head);
    stream.on('close', () => {
      if (!this.done || stream.rstCode !== 0) this.events.onClientGone();
    });
    if (stream.endAfterHeaders) this.events.onRequestEnd(NO_HEADERS);
    else this.readBody();
  }

  private readBody(): void {
    const { stream, events } = this;
    let trailers = NO_HEADERS;
    stream.on('trailers', (_headers, _flags, raw?: string[]) => {
      trailers = (raw ?? []).filter((_, i, all) => !(all[i - (i % 2)] as string).startsWith(':'));
    });
    stream.on('data', (chunk: Buffer) => events.onRequestData(chunk));
    // Trailers may arrive a turn later than the end of the data.
    stream.on('end', () => setImmediate(() => events.onRequestEnd(trailers)));
  }

  informational(status: number, headers: HeaderList): void {
    if (this.stream.destroyed || this.stream.headersSent) return;
    this.stream.additionalHeaders({ ':status': status, ...headersObject(headers) });
  }

  respond(head: ResponseHead): void {
    const { stream } = this;
    if (stream.destroyed || stream.headersSent) return;
    const empty =
      head.body === 0 ||
      head.body === 'none' ||
      this.head.method === 'HEAD' ||
      head.status === 204 ||
      head.status === 304;
    // Node sends no status above 599.
    const status = head.status > 599 ? 502 : head.status;
    const headers = headersObject(head.headers, [':status', String(status)]);
    if (typeof head.body === 'number' && head.status !== 204) headers['content-length'] = String(head.body);
    // Trailers of an answer without a body still need the stream open: a body that is declared empty ends at once.
    const endStream = empty && head.body !== 'stream';
    // Without trailers this sends an empty DATA frame that ends the stream (Node: Http2Stream::SubmitTrailers).
    const waitForTrailers = !endStream && head.mayTrail;
    if (waitForTrailers)
      stream.on('wantTrailers', () => guard(() => stream.sendTrailers(headersObject(this.answerTrailers)), this.onBug));
    if (endStream) this.done = true;
    stream.respond(headers, endStream ? END_STREAM : waitForTrailers ? WAIT_FOR_TRAILERS : undefined);
  }

  write(chunk: Buffer): boolean {
    if (this.stream.destroyed || this.stream.writableEnded || this.head.method === 'HEAD') return true;
    const room = this.stream.write(chunk);
    if (!room && !this.full) {
      this.full = true;
      this.stream.once('drain', this.onDrain);
    }
    return room;
  }

  private readonly onDrain = (): void => {
    this.full = false;
    this.events.onClientWritable();
  };

  end(trailers: HeaderList): void {
    this.done = true;
    const { stream } = this;
    this.answerTrailers = trailers;
    if (!stream.destroyed && !stream.writableEnded) stream.end();
    // What is left of the request has no taker.
    if (!stream.readableEnded) stream.resume();
  }

  abort(): void {
    this.done = true;
    if (!this.stream.destroyed) this.stream.close(this.stream.headersSent ? NGHTTP2_INTERNAL_ERROR : NGHTTP2_CANCEL);
  }

  pauseRequest(): void {
    if (!this.reading) return;
    this.reading = false;
    this.stream.pause();
  }

  resumeRequest(): void {
    if (this.reading) return;
    this.reading = true;
    this.stream.resume();
  }

  startTunnel(): void {
    this.abort();
  }
}
