// The shape of a request and an answer inside serve, whichever HTTP version brings or takes them.

import type { HeaderList } from './http1/parser.js';

export type { HeaderList } from './http1/parser.js';

export type HttpVersion = 10 | 11 | 20;

/** A request as a client sent it. Text is latin1: one character for one byte of the wire. */
export interface RequestHead {
  readonly method: string;
  /** Path and query as sent; `*` of OPTIONS; of CONNECT the authority. */
  readonly target: string;
  readonly authority: string;
  /** Lower-case names; without `host`, pseudo-headers, those of one hop, and those that frame the body. Not to be changed. */
  readonly headers: readonly string[];
  readonly version: HttpVersion;
  readonly body: BodyFraming;
  /** Protocol of an upgrade that the client asks for: `websocket`. */
  readonly upgrade: string | undefined;
  /** `Connection` of such a request, its lines joined; absent: of every other one. */
  readonly connection?: string;
  /** The client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean;
}

/** `none`: no body and no length given; a number: `content-length` (0 was said); `stream`: of unknown length. */
export type BodyFraming = 'none' | 'stream' | number;

/** What a destination answers; framing headers are out of `headers`. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: BodyFraming;
  /** Trailers may come behind the body. */
  readonly mayTrail: boolean;
  /** The connection ends after this answer (HTTP/1). */
  readonly last?: boolean;
}

/** The client's side of one exchange: takes the answer. */
export interface ClientStream {
  informational(status: number, headers: HeaderList): void;
  /** Begins the answer. Its body comes by `write`, its end by `end`. */
  respond(head: ResponseHead): void;
  /** `false`: wait for `onClientWritable`. */
  write(chunk: Buffer): boolean;
  end(trailers: HeaderList): void;
  /** Cuts the answer off, so that the client sees that it is not whole. */
  abort(): void;
  /** Stops and continues the flow of the request's body. */
  pauseRequest(): void;
  resumeRequest(): void;
  /** Switches to plain bytes after a 101; `write` and `end` go on to work. */
  startTunnel(head: ResponseHead): void;
}

/** What the client's side tells the exchange. */
export interface RequestEvents {
  onRequestData(chunk: Buffer): void;
  onRequestEnd(trailers: HeaderList): void;
  /** The client went away before it had the answer. */
  onClientGone(): void;
  onClientWritable(): void;
}

/** The destination's side of one attempt: takes the request. */
export interface UpstreamStream {
  write(chunk: Buffer): boolean;
  end(trailers: HeaderList): void;
  /** Nobody wants the answer any more. */
  cancel(): void;
  pauseResponse(): void;
  resumeResponse(): void;
}

/** Why an attempt failed; the words are Envoy's where it has one for it (`source/common/http/utility.cc`, `resetReasonToString`). */
export type FaultKind =
  | 'connection-failure'
  | 'connect-timeout'
  | 'reset-before-headers'
  | 'reset-in-body'
  | 'protocol-error'
  | 'overflow'
  | 'no-healthy-upstream'
  | 'stale-connection';

export interface UpstreamFault {
  readonly kind: FaultKind;
  /** `connect ECONNREFUSED 127.0.0.1:9`. */
  readonly detail: string;
}

/** What the destination's side tells the exchange; after `onResponseEnd` or `onFault` nothing follows. */
export interface ResponseEvents {
  onInformational(status: number, headers: HeaderList): void;
  onResponse(head: ResponseHead): void;
  onResponseData(chunk: Buffer): void;
  onResponseEnd(trailers: HeaderList): void;
  onFault(fault: UpstreamFault): void;
  onUpstreamWritable(): void;
  /** The destination agreed to switch protocols. */
  onTunnel(head: ResponseHead): void;
}

/** A request on the way to a destination. */
export interface OutgoingRequest {
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly scheme: 'http' | 'https';
  readonly headers: HeaderList;
  readonly body: BodyFraming;
  readonly upgrade: string | undefined;
}
