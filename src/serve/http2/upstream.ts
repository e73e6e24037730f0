// One upstream that speaks HTTP/2 (h2c or TLS): one session for all requests, made anew when it is gone.

import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { isIP } from 'node:net';
import type { Endpoint } from '../endpoint.js';
import { guard } from '../guard.js';
import type { PoolOptions } from '../http1/pool.js';
import { LOOP_HEADER } from '../loop.js';
import type { HeaderList, OutgoingRequest, ResponseEvents, UpstreamStream } from '../message.js';
import { tlsOptions } from '../upstream-tls.js';
import { type HeaderObject, headersObject } from './header-object.js';
import { keepPulse } from './pulse.js';

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM, NGHTTP2_INTERNAL_ERROR } = http2.constants;

/** `secure`: TLS with ALPN `h2`. */
export function http2Endpoint(url: URL, secure: boolean, options: PoolOptions): Endpoint {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (secure ? 443 : 80));
  let session: ClientHttp2Session | undefined;

  const connect = (authority: string): ClientHttp2Session => {
    const { servername = '', ...secured } = tlsOptions(options, authority);
    const made = http2.connect(`${secure ? 'https' : 'http'}://${url.hostname}:${port}`, {
      ...secured,
      ...(secure && servername !== '' && !isIP(servername) ? { servername } : {}),
    });
    const timer = setTimeout(() => made.destroy(new Error('timeout while connecting')), options.limits.connectMs);
    const forget = () => {
      clearTimeout(timer);
      if (session === made) session = undefined;
    };
    made.once('connect', () => clearTimeout(timer));
    made.on('error', forget);
    made.on('goaway', forget);
    made.on('close', forget);
    keepPulse(made, options.limits.pingMs);
    made.unref();
    return made;
  };

  return {
    address: `${host}:${port}`,
    bytes: { host, port },
    get openConnections() {
      return session === undefined ? 0 : 1;
    },
    open(request, events) {
      if (session === undefined || session.closed || session.destroyed) session = connect(request.authority);
      return new Http2ClientStream(session, request, events, options);
    },
    close() {
      session?.close();
    },
  };
}

function headersOf(
  { method, path, authority, scheme, headers, body }: OutgoingRequest,
  loopMark: string,
): HeaderObject {
  const object = headersObject(
    [...headers, LOOP_HEADER, loopMark],
    [':method', method, ':path', path, ':authority', authority, ':scheme', scheme],
  );
  if (typeof body === 'number') object['content-length'] = String(body);
  return object;
}

class Http2ClientStream implements UpstreamStream {
  private readonly stream: ClientHttp2Stream;
  private events: ResponseEvents | undefined;
  private responded = false;
  private ended = false;
  private connected: boolean;
  private detail = '';
  private requestTrailers: HeaderList = [];
  private trailers: HeaderList = [];

  constructor(
    session: ClientHttp2Session,
    request: OutgoingRequest,
    events: ResponseEvents,
    { loopMark, onBug }: PoolOptions,
  ) {
    this.events = events;
    this.connected = !session.connecting;
    const stream = session.request(headersOf(request, loopMark), { endStream: false, waitForTrailers: true });
    this.stream = stream;
    if (!this.connected)
      session.once('connect', () => {
        this.connected = true;
      });
    // Without trailers this sends an empty DATA frame that ends the stream (Node: Http2Stream::SubmitTrailers).
    stream.on('wantTrailers', () =>
      guard(
        () => stream.sendTrailers(headersObject(this.requestTrailers)),
        (error) => {
          onBug(error);
          stream.close(NGHTTP2_INTERNAL_ERROR);
        },
      ),
    );
    stream.on('headers', (headers: Record<string, unknown>, _flags: number, raw?: string[]) =>
      this.events?.onInformational(Number(headers[':status']), plain(raw)),
    );
    stream.on('response', (headers: Record<string, unknown>, flags: number, raw?: string[]) => {
      this.responded = true;
      const list = plain(raw);
      const length = Number(headers['content-length'] ?? Number.NaN);
      const status = Number(headers[':status']);
      const ended = (flags & NGHTTP2_FLAG_END_STREAM) !== 0;
      const body = Number.isSafeInteger(length) ? length : ended ? 'none' : 'stream';
      this.events?.onResponse({ status, headers: list, body, mayTrail: !ended });
    });
    stream.on('trailers', (_headers: unknown, _flags: number, raw?: string[]) => {
      this.trailers = plain(raw);
    });
    stream.on('data', (chunk: Buffer) => this.events?.onResponseData(chunk));
    stream.on('drain', () => this.events?.onUpstreamWritable());
    // Trailers may arrive a turn later than the end of the data.
    stream.on('end', () => setImmediate(() => this.finish()));
    stream.on('error', (error: Error) => {
      this.detail = error.message;
    });
    stream.on('close', () => this.onClose());
  }

  private finish(): void {
    if (!this.responded || this.stream.rstCode !== 0) return;
    const { events } = this;
    this.events = undefined;
    events?.onResponseEnd(this.trailers);
  }

  private onClose(): void {
    const { events, detail, stream } = this;
    if (events === undefined) return;
    if (this.responded && stream.rstCode === 0 && detail === '') {
      this.finish();
      return;
    }
    this.events = undefined;
    const words = detail || `stream reset (${stream.rstCode})`;
    if (!this.connected) events.onFault({ kind: 'connection-failure', detail: words });
    else events.onFault({ kind: this.responded ? 'reset-in-body' : 'reset-before-headers', detail: words });
  }

  write(chunk: Buffer): boolean {
    return this.stream.destroyed || this.stream.write(chunk);
  }

  end(trailers: HeaderList): void {
    if (this.ended || this.stream.destroyed) return;
    this.ended = true;
    this.requestTrailers = trailers;
    this.stream.end();
  }

  cancel(): void {
    this.events = undefined;
    this.stream.close(NGHTTP2_CANCEL);
  }

  pauseResponse(): void {
    this.stream.pause();
  }

  resumeResponse(): void {
    this.stream.resume();
  }
}

/** Without pseudo-headers and what frames the body. */
function plain(raw: readonly string[] | undefined): HeaderList {
  const list: HeaderList = [];
  for (let i = 0; raw !== undefined && i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    if (!name.startsWith(':') && name !== 'content-length') list.push(name, raw[i + 1] as string);
  }
  return list;
}
