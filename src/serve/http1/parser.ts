// Turns the bytes of one HTTP/1 connection into messages: llhttp decides what is valid, this file collects what it found.
// Names come out in lower case, values as latin1 text without surrounding blanks, both in the order of the wire.

import {
  ERROR_NAMES,
  errorReason,
  execute,
  finish,
  INPUT_BYTES,
  type LlhttpCallbacks,
  llhttp,
  MESSAGE_TYPE,
  METHOD_NAMES,
  PAUSED,
  PAUSED_UPGRADE,
  STOPPED_BY_CALLBACK,
  stoppedAt,
} from './llhttp.js';

/** A name and a value by turns: `['host', 'a.example', 'accept', '*\/*']`. */
export type HeaderList = string[];

/** The start of a message: request line or status line, and headers. */
export interface MessageHead {
  /** Requests: the method's name. Responses: `''`. */
  readonly method: string;
  /** Requests: the target as sent. Responses: the reason phrase. */
  readonly text: string;
  /** Responses only, else 0. */
  readonly status: number;
  /** Not to be changed: the next head may be the same object. */
  readonly headers: readonly string[];
  /** 10 or 11. */
  readonly version: number;
  readonly upgrade: boolean;
  /** May the connection be used again after this message, by what its sender says. */
  readonly keepAlive: boolean;
}

/** What the head's reader answers: does a body follow, and who reads what comes after. */
export type HeadVerdict = 'body' | 'no-body' | 'tunnel';

export interface MessageHandler {
  onHead(head: MessageHead): HeadVerdict;
  onBody(chunk: Buffer): void;
  onComplete(trailers: HeaderList): void;
}

export interface ParserLimits {
  /** Start line and headers (and, apart, the trailers) may not be longer. Bytes. */
  readonly headBytes: number;
  readonly headerCount: number;
}

/** Why parsing ended: `limit` is a head that is too large, `tunnel` that the rest is not HTTP. `rest` was not read. */
export interface ParseStop {
  readonly kind: 'paused' | 'tunnel' | 'limit' | 'error';
  readonly rest: Buffer;
  /** `INVALID_CHUNK_SIZE: Invalid character in chunk size`. */
  readonly reason: string;
}

/** Node closes a connection that sends more than 16 KiB of chunk extensions (CVE-2024-22019); llhttp alone has no limit. */
const IDLE_BYTES = 16_384;
/** Heads up to this size are remembered: what a connection holds stays small. */
const REMEMBERED_BYTES = 2_048;
const FIELD = 1;
const VALUE = 2;
const NONE = 0;
const NO_HEADERS: HeaderList = [];
const NO_BYTES = Buffer.alloc(0);
/** The usual end of a message: the chunk ends with it. */
const PAUSED_AT_END: ParseStop = { kind: 'paused', rest: NO_BYTES, reason: 'paused' };

/** One parser for one direction of one connection. `free` it, or its memory stays. */
export class MessageParser implements LlhttpCallbacks {
  private readonly type: number;
  private pointer: number;
  private readonly limits: ParserLimits;
  private readonly pauseBetweenMessages: boolean;
  private readonly handler: MessageHandler;
  private chunk: Buffer = NO_BYTES;
  /** Offsets into the text of the head: name start, name end, value start, value end. The first `used` count. */
  private spans: number[] = [];
  private used = 0;
  private last = NONE;
  /** Text of the head from earlier chunks; `start`: where in the chunk the head's text begins (-1: not yet). */
  private carried = '';
  private start = -1;
  private end = 0;
  private firstEnd = -1;
  private headBytes = 0;
  private inHead = true;
  /** Bytes read since the last byte of a body was delivered: chunk sizes and extensions. */
  private idleBytes = 0;
  private overLimit = false;
  private tunnel = false;
  /** The head before this one, and what it was made of: clients and servers say the same again and again. */
  private lastHead: MessageHead | undefined;
  private lastText = '';
  private lastSpans: number[] = [];
  private lastFirstEnd = -1;

  constructor(
    side: keyof typeof MESSAGE_TYPE,
    handler: MessageHandler,
    limits: ParserLimits,
    options: { readonly pauseBetweenMessages: boolean },
  ) {
    this.type = MESSAGE_TYPE[side];
    this.pointer = llhttp.llhttp_alloc(this.type);
    this.handler = handler;
    this.limits = limits;
    this.pauseBetweenMessages = options.pauseBetweenMessages;
  }

  free(): void {
    if (this.pointer !== 0) llhttp.llhttp_free(this.pointer);
    this.pointer = 0;
  }

  get freed(): boolean {
    return this.pointer === 0;
  }

  /** Reads a chunk. `undefined`: all of it was read. After `paused`, call {@link resume} and go on with `rest`. */
  read(chunk: Buffer): ParseStop | undefined {
    for (let at = 0; at < chunk.length; at += INPUT_BYTES) {
      const part = chunk.length <= INPUT_BYTES ? chunk : chunk.subarray(at, at + INPUT_BYTES);
      const stop = this.readPart(part);
      if (stop === undefined) continue;
      if (part === chunk || at + INPUT_BYTES >= chunk.length || stop.kind === 'error') return stop;
      return { ...stop, rest: chunk.subarray(at + part.length - stop.rest.length) };
    }
    return undefined;
  }

  resume(): void {
    if (this.pointer !== 0) llhttp.llhttp_resume(this.pointer);
  }

  /** The peer ended its side. `undefined`: nothing was cut off. */
  finish(): ParseStop | undefined {
    if (this.pointer === 0) return undefined;
    const code = finish(this.pointer, this);
    return code === 0 || code === PAUSED ? undefined : this.stop('error', NO_BYTES, code);
  }

  private readPart(part: Buffer): ParseStop | undefined {
    const pointer = this.pointer;
    if (pointer === 0) return undefined;
    this.chunk = part;
    const code = execute(pointer, part, this);
    if (this.pointer === 0) return undefined;
    if (code === 0) {
      this.keepUnfinishedHead();
      this.chunk = NO_BYTES;
      if (!this.inHead) this.idleBytes += part.length;
      if (this.carried.length <= this.limits.headBytes && this.idleBytes <= IDLE_BYTES) return undefined;
      return this.stop('limit', NO_BYTES, STOPPED_BY_CALLBACK);
    }
    this.chunk = NO_BYTES;
    if (code === PAUSED) {
      const at = stoppedAt(pointer);
      return at === part.length ? PAUSED_AT_END : this.stop('paused', part.subarray(at), code);
    }
    if (code === PAUSED_UPGRADE) {
      const rest = part.subarray(stoppedAt(pointer));
      if (this.tunnel) return this.stop('tunnel', rest, code);
      // An upgrade that nobody wants (h2c): what follows is HTTP/1 still.
      llhttp.llhttp_resume_after_upgrade(pointer);
      return rest.length === 0 ? undefined : this.readPart(rest);
    }
    return this.stop(this.overLimit ? 'limit' : 'error', part, code);
  }

  private stop(kind: ParseStop['kind'], rest: Buffer, code: number): ParseStop {
    const reason = kind === 'error' ? `${ERROR_NAMES[code] ?? code}: ${errorReason(this.pointer)}` : kind;
    return { kind, rest, reason };
  }

  /** The chunk ended inside a head: its text is kept, and offsets count on from it. */
  private keepUnfinishedHead(): void {
    if (this.start === -1) return;
    this.carried += this.chunk.toString('latin1', this.start);
    this.start = 0;
  }

  /** Offset in the text of the head for an offset in the chunk. */
  private place(at: number): number {
    if (this.start === -1) this.start = at;
    return this.carried.length + at - this.start;
  }

  private grow(length: number): number {
    this.headBytes += length;
    if (this.headBytes <= this.limits.headBytes) return 0;
    this.overLimit = true;
    return STOPPED_BY_CALLBACK;
  }

  onMessageBegin(): number {
    this.inHead = true;
    this.reset();
    return 0;
  }

  private reset(): void {
    this.used = 0;
    this.carried = '';
    this.start = -1;
    this.end = 0;
    this.firstEnd = -1;
    this.headBytes = 0;
    this.last = NONE;
  }

  onUrl(at: number, length: number): number {
    this.firstEnd = this.end = this.place(at) + length;
    return this.grow(length);
  }

  onStatus(at: number, length: number): number {
    return this.onUrl(at, length);
  }

  onHeaderField(at: number, length: number): number {
    const place = this.place(at);
    const end = place + length;
    this.end = end;
    const { spans, used } = this;
    if (this.last === FIELD) {
      spans[used - 3] = end;
    } else {
      if (used >> 2 >= this.limits.headerCount) {
        this.overLimit = true;
        return STOPPED_BY_CALLBACK;
      }
      this.last = FIELD;
      spans[used] = place;
      spans[used + 1] = end;
      spans[used + 2] = 0;
      spans[used + 3] = 0;
      this.used = used + 4;
    }
    return this.grow(length);
  }

  onHeaderValue(at: number, length: number): number {
    const place = this.place(at);
    this.end = place + length;
    const { spans, used } = this;
    if (this.last !== VALUE) spans[used - 2] = place;
    spans[used - 1] = this.end;
    this.last = VALUE;
    return this.grow(length);
  }

  private text(): string {
    if (this.start === -1 || this.end <= this.carried.length) return this.carried;
    const now = this.chunk.toString('latin1', this.start, this.start + this.end - this.carried.length);
    return this.carried === '' ? now : this.carried + now;
  }

  private headers(text: string): HeaderList {
    const { spans, used } = this;
    const list: HeaderList = new Array(used >> 1);
    for (let i = 0, n = 0; i < used; i += 4) {
      list[n++] = text.substring(spans[i] as number, spans[i + 1] as number).toLowerCase();
      list[n++] = trimmed(text, spans[i + 2] as number, spans[i + 3] as number);
    }
    return list;
  }

  onHeadersComplete(status: number, upgrade: boolean, keepAlive: boolean): number {
    const head = this.headOf(this.text(), status, upgrade, keepAlive);
    this.reset();
    this.inHead = false;
    const verdict = this.handler.onHead(head);
    if (this.pointer === 0) return STOPPED_BY_CALLBACK;
    this.tunnel = verdict === 'tunnel';
    return verdict === 'body' ? 0 : verdict === 'no-body' ? 1 : 2;
  }

  /** A head like the one before it, in all that llhttp found, is that very object. */
  private headOf(text: string, status: number, upgrade: boolean, keepAlive: boolean): MessageHead {
    const { pointer, lastHead: last } = this;
    const method = this.type === MESSAGE_TYPE.request ? (METHOD_NAMES[llhttp.llhttp_get_method(pointer)] ?? '') : '';
    const version = llhttp.llhttp_get_http_major(pointer) * 10 + llhttp.llhttp_get_http_minor(pointer);
    if (
      last !== undefined &&
      text === this.lastText &&
      method === last.method &&
      status === last.status &&
      version === last.version &&
      upgrade === last.upgrade &&
      keepAlive === last.keepAlive &&
      this.spansAsBefore()
    )
      return last;
    const first = this.firstEnd <= 0 ? '' : text.substring(0, this.firstEnd);
    const head = { method, text: first, status, headers: this.headers(text), version, upgrade, keepAlive };
    if (text.length > REMEMBERED_BYTES) return head;
    this.lastHead = head;
    this.lastText = text;
    this.lastFirstEnd = this.firstEnd;
    this.lastSpans = this.spans.slice(0, this.used);
    return head;
  }

  private spansAsBefore(): boolean {
    const { spans, used, lastSpans } = this;
    if (used !== lastSpans.length || this.firstEnd !== this.lastFirstEnd) return false;
    for (let i = 0; i < used; i++) if (spans[i] !== lastSpans[i]) return false;
    return true;
  }

  onBody(at: number, length: number): number {
    this.idleBytes = -this.chunk.length;
    this.handler.onBody(this.chunk.subarray(at, at + length));
    return this.pointer === 0 ? STOPPED_BY_CALLBACK : 0;
  }

  onMessageComplete(): number {
    const trailers = this.used === 0 ? NO_HEADERS : this.headers(this.text());
    this.reset();
    this.inHead = true;
    this.idleBytes = 0;
    this.handler.onComplete(trailers);
    if (this.pointer === 0) return STOPPED_BY_CALLBACK;
    return this.pauseBetweenMessages ? PAUSED : 0;
  }
}

const isBlank = (code: number) => code === 32 || code === 9;

function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  return text.substring(start, end);
}
