// One client connection that speaks HTTP/1: one request at a time, in order, whatever is pipelined behind it; decides
// when the connection is kept, when it is closed, and what a client that breaks the rules gets.

import type { Socket } from 'node:net';
import type { Clock, Watched } from '../clock.js';
import { guard } from '../guard.js';
import type { Limits } from '../limits.js';
import type { BodyFraming, ClientStream, HeaderList, RequestEvents, RequestHead, ResponseHead } from '../message.js';
import { Outbox } from './outbox.js';
import { type HeadVerdict, type MessageHandler, type MessageHead, MessageParser } from './parser.js';
import { type HeadPolicy, readRequestHead } from './request-head.js';
import { chunkStart, framingLine, headerLines, lastChunk, statusLine } from './write.js';

/** What serves the requests of a connection. */
export interface Service {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly headPolicy: HeadPolicy;
  /** Must not read from another connection's parser before it returns. */
  serve(client: ClientStream, head: RequestHead): RequestEvents;
  /** Headers of an answer that no route has a say in: `date`, `server`. */
  errorHeaders(): HeaderList;
  onRefused(status: number, detail: string): void;
  isDraining(): boolean;
  /** An error that nothing expected; the connection is closed. */
  onBug(error: unknown): void;
}

/** A request's body up to this length is read and dropped to keep the connection; longer ones end it. Bytes. */
const DRAIN_BYTES = 65_536;
const LINGER_MS = 1_000;
const NO_BYTES = Buffer.alloc(0);
const ERROR_BODIES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  426: 'Upgrade Required',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
};

export class Http1ServerConnection implements ClientStream, MessageHandler, Watched {
  deadline: number;
  private readonly socket: Socket;
  private readonly service: Service;
  private readonly parser: MessageParser;
  private readonly outbox: Outbox;
  private readonly onClosed: () => void;
  private events: RequestEvents | undefined;
  private head: RequestHead | undefined;
  private lastHead: MessageHead | undefined;
  private lastRequest: RequestHead | undefined;
  private rest: Buffer = NO_BYTES;
  private parsing = false;
  private mode: 'http' | 'upgrading' | 'tunnel' | 'closing' = 'http';
  private requestDone = true;
  private responseDone = true;
  private responding = false;
  private keepAlive = true;
  private continued = false;
  private chunked = false;
  private bodyless = false;
  private full = false;
  private paused = false;
  /** Bytes of a head have come, and its end has not. */
  private headBegun = false;

  constructor(socket: Socket, service: Service, onClosed: () => void) {
    this.socket = socket;
    this.service = service;
    this.onClosed = onClosed;
    this.parser = new MessageParser('request', this, service.limits, { pauseBetweenMessages: true });
    this.outbox = new Outbox(socket, () => this.guard(() => this.onWritable()));
    this.deadline = service.clock.now + service.limits.idleMs;
    service.clock.watch(this);
    socket.on('data', (chunk: Buffer) => this.guard(() => this.onData(chunk)));
    socket.on('end', () => this.guard(() => this.onEnd()));
    socket.on('close', () => this.guard(() => this.onClose()));
    socket.on('error', () => undefined);
  }

  /** A bug costs this connection. */
  private guard(run: () => void): void {
    guard(run, (error) => {
      this.service.onBug(error);
      this.socket.destroy();
    });
  }

  get idle(): boolean {
    return this.mode === 'http' && this.responseDone && this.requestDone && !this.headBegun;
  }

  /** Drain: an idle connection is closed now, a busy one after its answer. */
  drain(): void {
    if (this.idle) this.closeSoon();
  }

  destroy(): void {
    this.socket.destroy();
  }

  onData(chunk: Buffer): void {
    if (this.mode === 'closing') return;
    if (this.mode === 'tunnel') {
      this.events?.onRequestData(chunk);
      return;
    }
    if (this.mode === 'upgrading' || this.rest.length > 0 || (this.requestDone && !this.responseDone) || this.full) {
      this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
      this.socket.pause();
      return;
    }
    this.feed(chunk);
  }

  private feed(chunk: Buffer): void {
    this.parsing = true;
    for (let data = chunk; data.length > 0; ) {
      const next = this.readUntilStop(data);
      if (next === undefined) break;
      data = next;
    }
    this.parsing = false;
  }

  /** What to read on with; undefined: nothing for now (what is left then waits in `rest`). */
  private readUntilStop(data: Buffer): Buffer | undefined {
    if (this.idle) {
      this.headBegun = true;
      this.deadline = this.service.clock.now + this.service.limits.headMs;
    }
    const stop = this.parser.read(data);
    if (this.parser.freed) return undefined;
    if (stop === undefined) {
      if (!this.requestDone) this.deadline = this.service.clock.now + this.service.limits.bodyIdleMs;
      return undefined;
    }
    if (stop.kind === 'limit') this.refuse(this.requestDone ? 431 : 400, 'head too large');
    else if (stop.kind === 'error') this.refuse(400, stop.reason);
    if (this.mode !== 'http') {
      if (this.mode !== 'closing') this.rest = stop.rest;
      return undefined;
    }
    if (!this.responseDone || this.full) {
      this.rest = stop.rest;
      if (stop.rest.length > 0) this.socket.pause();
      return undefined;
    }
    this.parser.resume();
    return stop.rest;
  }

  /** Both the request and its answer are through: goes on with what is pipelined, in a turn of its own (the end of an answer is heard inside another parser). */
  private next(): void {
    if (this.mode !== 'http' || this.parsing || this.full) return;
    this.parser.resume();
    if (this.rest.length > 0) process.nextTick(this.continueReading);
    else this.socket.resume();
  }

  private readonly continueReading = (): void => {
    if (this.mode !== 'http' || this.socket.destroyed) return;
    const { rest } = this;
    this.rest = NO_BYTES;
    this.socket.resume();
    if (rest.length > 0) this.guard(() => this.feed(rest));
  };

  onHead(head: MessageHead): HeadVerdict {
    this.headBegun = false;
    this.requestDone = false;
    this.responseDone = false;
    this.responding = false;
    this.continued = false;
    this.events = undefined;
    this.head = undefined;
    this.keepAlive = head.keepAlive;
    // The parser gives the same object for the same head: read once.
    const request =
      this.lastRequest !== undefined && this.lastHead === head
        ? this.lastRequest
        : readRequestHead(head, this.service.headPolicy);
    if ('status' in request) {
      this.refuse(request.status, request.detail);
      return 'no-body';
    }
    this.head = request;
    this.lastHead = head;
    this.lastRequest = request;
    this.bodyless = request.method === 'HEAD';
    if (request.upgrade !== undefined || request.method === 'CONNECT') {
      this.mode = 'upgrading';
      this.keepAlive = false;
    }
    this.deadline = request.body === 'none' ? Number.POSITIVE_INFINITY : this.deadline;
    this.events = this.service.serve(this, request);
    return this.mode === 'upgrading' ? 'tunnel' : 'body';
  }

  onBody(chunk: Buffer): void {
    this.events?.onRequestData(chunk);
  }

  onComplete(trailers: HeaderList): void {
    this.requestDone = true;
    this.deadline = Number.POSITIVE_INFINITY;
    this.events?.onRequestEnd(trailers);
    if (this.responseDone) this.afterExchange();
  }

  informational(status: number, headers: HeaderList): void {
    if (this.responding || this.head?.version === 10) return;
    if (status === 100) {
      if (this.continued) return;
      this.continued = true;
    }
    this.outbox.push(`${statusLine(status)}${headerLines(headers)}\r\n`);
  }

  respond(head: ResponseHead): void {
    if (this.responding || this.mode === 'closing') return;
    this.responding = true;
    const { status } = head;
    const request = this.head;
    this.bodyless ||= status === 204 || status === 304;
    const body: BodyFraming = head.body === 'none' && !this.bodyless ? 0 : head.body;
    this.chunked = body === 'stream' && !this.bodyless && request?.version !== 10;
    const closeDelimited = body === 'stream' && !this.bodyless && request?.version === 10;
    if (head.last || closeDelimited || this.service.isDraining() || !(this.requestDone || this.drainable()))
      this.keepAlive = false;
    const connection = !this.keepAlive
      ? 'connection: close\r\n'
      : request?.version === 10
        ? 'connection: keep-alive\r\n'
        : '';
    const framing = (this.bodyless && body === 'stream') || closeDelimited || status === 204 ? '' : framingLine(body);
    this.outbox.push(`${statusLine(status)}${headerLines(head.headers)}${connection}${framing}\r\n`);
  }

  private drainable(): boolean {
    const request = this.head;
    if (request === undefined || (request.expectsContinue && !this.continued)) return false;
    return request.body === 'none' || (typeof request.body === 'number' && request.body <= DRAIN_BYTES);
  }

  write(chunk: Buffer): boolean {
    if (this.mode === 'closing' || (this.bodyless && this.mode !== 'tunnel') || chunk.length === 0) return true;
    if (!this.chunked) return this.sent(this.outbox.push(chunk));
    this.outbox.push(chunkStart(chunk.length));
    this.outbox.push(chunk);
    return this.sent(this.outbox.push('\r\n'));
  }

  /** A client that does not read its answer is given as long as one that does not send its body. */
  private sent(room: boolean): boolean {
    if (!room) this.deadline = this.service.clock.now + this.service.limits.bodyIdleMs;
    return room;
  }

  end(trailers: HeaderList): void {
    if (this.mode === 'closing' || this.responseDone) return;
    this.responseDone = true;
    if (this.mode === 'tunnel') {
      this.outbox.end();
      return;
    }
    if (this.chunked) this.outbox.push(lastChunk(trailers));
    this.chunked = false;
    if (this.outbox.full) this.full = true;
    if (!this.keepAlive) {
      this.closeSoon();
      return;
    }
    if (this.paused) this.resumeRequest();
    if (this.requestDone) this.afterExchange();
  }

  private afterExchange(): void {
    this.events = undefined;
    this.head = undefined;
    this.deadline = this.service.clock.now + this.service.limits.idleMs;
    if (this.service.isDraining()) {
      this.closeSoon();
      return;
    }
    this.next();
  }

  /** What was written before goes out first: a client has to see how far the answer came. */
  abort(): void {
    this.outbox.flush();
    this.socket.destroy();
  }

  pauseRequest(): void {
    this.paused = true;
    this.socket.pause();
  }

  resumeRequest(): void {
    this.paused = false;
    this.socket.resume();
  }

  startTunnel(head: ResponseHead): void {
    this.mode = 'tunnel';
    this.responding = true;
    this.deadline = Number.POSITIVE_INFINITY;
    this.outbox.push(
      `${statusLine(head.status)}${headerLines(head.headers)}connection: upgrade\r\nupgrade: ${this.head?.upgrade ?? ''}\r\n\r\n`,
    );
    const { rest } = this;
    this.rest = NO_BYTES;
    if (rest.length > 0) this.events?.onRequestData(rest);
    this.socket.resume();
  }

  /** Answers a request that never reached a route, and ends the connection. */
  private refuse(status: number, detail: string): void {
    if (this.mode === 'closing') return;
    this.service.onRefused(status, detail);
    const { events } = this;
    this.events = undefined;
    if (this.responding && !this.responseDone) {
      events?.onClientGone();
      this.socket.destroy();
      return;
    }
    events?.onClientGone();
    const body = ERROR_BODIES[status] ?? '';
    this.outbox.push(
      `${statusLine(status)}content-length: ${body.length}\r\ncontent-type: text/plain\r\n${headerLines(this.service.errorHeaders())}connection: close\r\n\r\n${body}`,
    );
    this.responseDone = true;
    this.closeSoon();
  }

  /** Ends our side after what is written; reads and drops what still comes, so that a reset does not eat the answer. */
  private closeSoon(): void {
    this.mode = 'closing';
    this.rest = NO_BYTES;
    this.outbox.end();
    this.socket.resume();
    this.deadline = this.service.clock.now + LINGER_MS;
  }

  private onWritable(): void {
    if (this.full) {
      this.full = false;
      if (this.responseDone && this.requestDone) this.next();
      return;
    }
    if (this.requestDone) this.deadline = Number.POSITIVE_INFINITY;
    this.events?.onClientWritable();
  }

  /** The client has ended its side. As Envoy, nginx and Node see it, it has gone: nobody waits for an answer under way. */
  private onEnd(): void {
    if (this.mode === 'tunnel') this.events?.onRequestEnd([]);
    else if (this.mode === 'closing') this.socket.end();
    else if (this.idle && this.rest.length === 0) this.closeSoon();
    else this.socket.destroy();
  }

  onDeadline(): void {
    if (this.paused) this.deadline = this.service.clock.now + this.service.limits.bodyIdleMs;
    else if (this.mode === 'closing' || this.idle || this.responding) this.socket.destroy();
    else this.refuse(408, 'the client was too slow');
  }

  private onClose(): void {
    this.service.clock.unwatch(this);
    this.parser.free();
    const { events } = this;
    this.events = undefined;
    if (!this.responseDone || this.mode === 'tunnel') events?.onClientGone();
    this.onClosed();
  }
}
