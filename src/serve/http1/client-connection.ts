// One connection to a destination that speaks HTTP/1: one request at a time; decides whether it may carry another.

import type { Socket } from 'node:net';
import { guard } from '../guard.js';
import { LOOP_HEADER } from '../loop.js';
import type {
  HeaderList,
  OutgoingRequest,
  ResponseEvents,
  ResponseHead,
  UpstreamFault,
  UpstreamStream,
} from '../message.js';
import { Outbox } from './outbox.js';
import { type HeadVerdict, type MessageHandler, type MessageHead, MessageParser, type ParserLimits } from './parser.js';
import { chunkStart, framingLine, headerLines, lastChunk } from './write.js';

/** The events of a connection that its pool handles. */
export interface ConnectionOwner {
  /** It is free for the next request. */
  onFree(connection: Http1ClientConnection): void;
  onGone(connection: Http1ClientConnection): void;
  /** Value of `LOOP_HEADER` on every request. */
  readonly loopMark: string;
  /** An error that nothing expected; the connection is closed. */
  onBug(error: unknown): void;
}

/** What a head says once the headers of one hop are taken out. */
interface AnswerHead {
  readonly of: MessageHead;
  /** Not to be changed. */
  readonly headers: readonly string[];
  readonly length: string | undefined;
  readonly coding: string | undefined;
}

const HOP_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'content-length',
  'upgrade',
]);

export class Http1ClientConnection implements UpstreamStream, MessageHandler {
  /** In which sweep of its pool it became free. */
  freeSince = 0;
  private readonly socket: Socket;
  private readonly parser: MessageParser;
  private readonly outbox: Outbox;
  private readonly owner: ConnectionOwner;
  private events: ResponseEvents | undefined;
  private method = '';
  private upgrade = false;
  private chunked = false;
  private requestDone = true;
  private responseDone = true;
  private gotBytes = false;
  private headSeen = false;
  /** The message at hand is a 1xx: another one follows. */
  private interim = false;
  private reusable = true;
  private tunnel = false;
  private requests = 0;
  private connected = false;
  private timedOut = false;
  private stopConnectTimer = (): void => undefined;
  private lastError = '';
  private answer: AnswerHead | undefined;
  /** What is read now is the next one's soon: a body is copied. */
  private lent = false;

  /** `socket` may be connecting still; `connectEvent` says when it is ready. */
  constructor(socket: Socket, connectEvent: 'connect' | 'secureConnect', limits: ParserLimits, owner: ConnectionOwner) {
    this.socket = socket;
    this.owner = owner;
    this.parser = new MessageParser('response', this, limits, { pauseBetweenMessages: true });
    this.outbox = new Outbox(socket, () => this.events?.onUpstreamWritable());
    socket.on('data', (chunk: Buffer) => this.onData(chunk, 'own'));
    socket.on('end', () => this.onSocketEnd());
    socket.on('error', (error: Error) => {
      this.lastError = error.message;
    });
    socket.once(connectEvent, () => {
      this.connected = true;
      this.stopConnectTimer();
    });
    socket.on('close', () => this.onClose());
  }

  /** Gives the connection this long to come up. Ms. */
  limitConnecting(ms: number): void {
    const timer = setTimeout(() => {
      if (this.connected) return;
      this.timedOut = true;
      this.socket.destroy();
    }, ms);
    this.socket.once('close', () => clearTimeout(timer));
    this.stopConnectTimer = () => clearTimeout(timer);
  }

  get usable(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  /** Sends the head; body and end follow through the stream. */
  send(request: OutgoingRequest, events: ResponseEvents): UpstreamStream {
    this.events = events;
    this.method = request.method;
    this.upgrade = request.upgrade !== undefined;
    this.chunked = request.body === 'stream';
    this.requestDone = false;
    this.responseDone = false;
    this.gotBytes = false;
    this.headSeen = false;
    this.requests++;
    const hop = request.upgrade === undefined ? '' : `connection: upgrade\r\nupgrade: ${request.upgrade}\r\n`;
    this.outbox.push(
      `${request.method} ${request.path} HTTP/1.1\r\nhost: ${request.authority}\r\n${headerLines(request.headers)}${LOOP_HEADER}: ${this.owner.loopMark}\r\n${hop}${framingLine(request.body)}\r\n`,
    );
    return this;
  }

  write(chunk: Buffer): boolean {
    if (chunk.length === 0) return true;
    if (!this.chunked) return this.outbox.push(chunk);
    this.outbox.push(chunkStart(chunk.length));
    this.outbox.push(chunk);
    return this.outbox.push('\r\n');
  }

  end(trailers: HeaderList): void {
    if (this.tunnel) {
      this.outbox.end();
      return;
    }
    if (this.chunked) this.outbox.push(lastChunk(trailers));
    this.requestDone = true;
  }

  cancel(): void {
    this.events = undefined;
    this.socket.destroy();
  }

  pauseResponse(): void {
    this.socket.pause();
  }

  resumeResponse(): void {
    this.socket.resume();
  }

  close(): void {
    this.socket.destroy();
  }

  /** `lent`: the bytes are gone when this returns. */
  onData(chunk: Buffer, whose: 'own' | 'lent'): void {
    this.lent = whose === 'lent';
    guard(
      () => this.read(chunk),
      (error) => {
        this.owner.onBug(error);
        this.fail({ kind: 'protocol-error', detail: 'internal error' });
      },
    );
  }

  private read(chunk: Buffer): void {
    if (this.tunnel) {
      this.onBody(chunk);
      return;
    }
    if (this.responseDone) {
      // Nobody asked: an answer without a request must never be taken for the next one's.
      this.socket.destroy();
      return;
    }
    this.gotBytes = true;
    let data = chunk;
    while (true) {
      const stop = this.parser.read(data);
      if (stop === undefined || this.socket.destroyed) return;
      if (stop.kind === 'tunnel') {
        if (stop.rest.length > 0) this.onBody(stop.rest);
        return;
      }
      if (stop.kind !== 'paused') {
        this.fail({ kind: 'protocol-error', detail: stop.reason });
        return;
      }
      data = stop.rest;
      if (this.responseDone) {
        this.afterResponse(data.length);
        return;
      }
      this.parser.resume();
    }
  }

  /** Bytes behind an answer are an answer to nothing: such a connection is not used again. */
  private afterResponse(excess: number): void {
    if (excess > 0 || !this.requestDone) this.socket.destroy();
    else {
      this.parser.resume();
      this.release();
    }
  }

  onHead(head: MessageHead): HeadVerdict {
    const { events } = this;
    if (this.responseDone || events === undefined) {
      this.socket.destroy();
      return 'no-body';
    }
    // The parser gives the same object for the same head: read once.
    if (this.answer?.of !== head) this.answer = readAnswerHead(head);
    const { length, coding } = this.answer;
    const kept: HeaderList = this.answer.headers.slice();
    const { status } = head;
    if (status < 100) {
      this.fail({ kind: 'protocol-error', detail: `status ${status}` });
      return 'no-body';
    }
    if (status === 101) return this.switchProtocols(head, kept, events);
    this.interim = status < 200;
    if (this.interim) {
      if (status !== 100) events.onInformational(status, kept);
      return 'no-body';
    }
    this.headSeen = true;
    this.reusable = head.keepAlive && (length !== undefined || coding !== undefined || this.bodyless(status));
    if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
      this.fail({ kind: 'protocol-error', detail: `transfer-encoding ${coding}` });
      return 'no-body';
    }
    const body =
      coding !== undefined
        ? 'stream'
        : length !== undefined
          ? Number(length)
          : this.bodyless(status)
            ? 'none'
            : 'stream';
    events.onResponse({ status, headers: kept, body, mayTrail: coding !== undefined });
    return this.method === 'HEAD' ? 'no-body' : 'body';
  }

  private bodyless(status: number): boolean {
    return this.method === 'HEAD' || status === 204 || status === 304;
  }

  private switchProtocols(head: MessageHead, headers: HeaderList, events: ResponseEvents): HeadVerdict {
    if (!this.upgrade) {
      this.fail({ kind: 'protocol-error', detail: 'switched protocols without being asked' });
      return 'no-body';
    }
    this.tunnel = true;
    this.reusable = false;
    const answer: ResponseHead = { status: head.status, headers, body: 'none', mayTrail: false };
    events.onTunnel(answer);
    return 'tunnel';
  }

  onBody(chunk: Buffer): void {
    this.events?.onResponseData(this.lent ? Buffer.from(chunk) : chunk);
  }

  onComplete(trailers: HeaderList): void {
    if (this.tunnel || this.responseDone || this.interim) return;
    this.responseDone = true;
    const { events } = this;
    this.events = undefined;
    // A destination that answers before it has the whole request: `afterResponse` closes the connection.
    events?.onResponseEnd(trailers);
  }

  private release(): void {
    // A slow client may have stopped it just before the answer's end.
    if (this.socket.isPaused()) this.socket.resume();
    if (this.reusable && !this.socket.destroyed) this.owner.onFree(this);
    else this.socket.destroy();
  }

  private fail(fault: UpstreamFault): void {
    const { events } = this;
    this.events = undefined;
    this.responseDone = true;
    this.reusable = false;
    this.socket.destroy();
    events?.onFault(fault);
  }

  private onSocketEnd(): void {
    if (this.tunnel) {
      const { events } = this;
      events?.onResponseEnd([]);
      return;
    }
    // Completes a body that ends with the connection; whatever else was under way is a fault (`onClose`).
    if (!this.responseDone && this.headSeen) this.parser.finish();
    this.socket.destroy();
  }

  private onClose(): void {
    this.parser.free();
    const { events } = this;
    this.events = undefined;
    this.owner.onGone(this);
    if (events === undefined) return;
    const detail = this.lastError || 'connection closed';
    if (this.tunnel) {
      events.onResponseEnd([]);
      return;
    }
    if (this.timedOut) events.onFault({ kind: 'connect-timeout', detail: 'timeout while connecting' });
    else if (!this.connected) events.onFault({ kind: 'connection-failure', detail });
    else if (this.headSeen) events.onFault({ kind: 'reset-in-body', detail });
    else if (this.requests > 1 && !this.gotBytes) events.onFault({ kind: 'stale-connection', detail });
    else events.onFault({ kind: 'reset-before-headers', detail });
  }
}

function readAnswerHead(head: MessageHead): AnswerHead {
  const kept: HeaderList = [];
  let length: string | undefined;
  let coding: string | undefined;
  for (let i = 0; i < head.headers.length; i += 2) {
    const name = head.headers[i] as string;
    const value = head.headers[i + 1] as string;
    if (!HOP_HEADERS.has(name)) kept.push(name, value);
    else if (name === 'content-length') length = value;
    else if (name === 'transfer-encoding') coding = coding === undefined ? value : `${coding}, ${value}`;
  }
  return { of: head, headers: kept, length, coding };
}
