// What a decision is: everything that simulate prints and serve needs, as data. Made without words: those come from
// `reason.ts` and `explain.ts` when somebody asks.

import type {
  Destination,
  FilterChain,
  HttpChain,
  L4Chain,
  Listener,
  Origin,
  RateLimit,
  Route,
  SplitOutcome,
  TokenOutcome,
  VirtualHost,
  WeightedDestination,
} from '../model/index.js';
import type { LateValue } from './template.js';

/** An ordered change of one header; name in lower case. `append` adds a line behind those that are there. */
export interface HeaderEdit {
  readonly op: 'set' | 'append' | 'remove';
  readonly name: string;
  /** Of `set` and `append`: what is known before the destination has answered. */
  readonly value: string;
  /** Where the value reads the destination's answer (`%RESP(x)%`): evaluates it; an empty result leaves the header alone. */
  readonly late?: LateValue;
}

/** Why a connection or a request got no destination. Words: `reason.ts`. */
export type Cause =
  | 'no-listener'
  | 'no-filter-chain'
  | 'tls-on-plain-port'
  | 'plain-on-tls-port'
  | 'client-certificate'
  | 'no-l4-destination'
  | 'bad-request'
  /** A protocol that the gateway does not carry. */
  | 'upgrade'
  | 'policy'
  | 'no-virtual-host'
  | 'no-route'
  | 'no-action'
  | 'body-too-large'
  | 'redirect'
  | 'direct-response'
  | 'preflight'
  | 'abort'
  | 'missing-destination'
  | 'invalid-destination';

/** The client gets no byte. */
export interface NoAnswer {
  readonly kind: 'refused' | 'closed';
  readonly cause: Cause;
  readonly listener?: Listener;
  readonly chain?: FilterChain;
  /** Which policy refused. */
  readonly detail?: string;
  readonly decidedBy?: Origin;
}

/** Bytes are forwarded; the gateway sees no HTTP. */
export interface Bytes {
  readonly kind: 'l4';
  readonly l4: 'tls' | 'tcp';
  readonly listener: Listener;
  readonly chain: L4Chain;
  readonly destination: Destination;
  readonly chosen: WeightedDestination;
  readonly split?: readonly SplitOutcome[];
}

/** What both HTTP decisions know about the way to them. */
interface Http {
  readonly listener: Listener;
  readonly chain: HttpChain;
  readonly virtualHost?: VirtualHost;
  readonly route?: Route;
  /** Changes to the response, in order: of an answer to a response without headers, of a forwarded one to the destination's. */
  readonly responseHeaders: readonly HeaderEdit[];
  readonly split?: readonly SplitOutcome[];
  /** Injected delay; absent: none. */
  readonly delayMs?: number;
  /** Envoy response flags: `NR`, `NC`, `FI`, `DI`; comma-joined. */
  readonly flags?: string;
  /** A body that turns out to be larger gets the engine's `tooLarge` in place of this. Bytes; absent: no limit. */
  readonly mostBytes?: number;
}

/** The gateway answers by itself. */
export interface Answer extends Http {
  readonly kind: 'answer';
  readonly cause: Cause;
  readonly status: number;
  /** Of an injected abort that names a status of gRPC: what a gRPC client gets. */
  readonly grpcStatus?: number;
  readonly body: string;
  /** A detail of the cause: which policy refused, why the request was bad. */
  readonly detail?: string;
  /** The policy that refused, or its rule. */
  readonly decidedBy?: Origin;
  readonly chosen?: WeightedDestination;
}

export interface ForwardedCopy {
  readonly destination: Destination;
  readonly method: string;
  readonly path: string;
  readonly host: string;
}

/** A cookie that an answer sets. */
export interface SessionCookie {
  readonly name: string;
  /** What stands behind its value: `; Max-Age=60; HttpOnly`. */
  readonly attributes: string;
}

export interface Forwarded extends Http {
  readonly kind: 'forward';
  readonly route: Route;
  readonly virtualHost: VirtualHost;
  readonly chosen: WeightedDestination;
  readonly destination: Destination;
  readonly upstream: {
    readonly method: string;
    /** With query. */
    readonly path: string;
    readonly host: string;
    /** The scheme that the client used, as `x-forwarded-proto` says it. */
    readonly proto: 'http' | 'https';
    /** In order, on the client's headers. Host is not among them. */
    readonly headers: readonly HeaderEdit[];
  };
  readonly mirrors: readonly ForwardedCopy[];
  /** That the client gets because it shows none of them; in front of `responseHeaders`. Absent: none. */
  readonly sessionCookies?: readonly SessionCookie[];
}

export type Decision = NoAnswer | Bytes | Answer | Forwarded;

/** A number in 0..max-1. */
export type Draw = (max: number) => number;

export interface DecisionContext {
  /** Random choices; absent: the likeliest outcome each time. */
  readonly draw?: Draw;
  /** What checking the tokens of the request gave (`verifyTokens` of src/tokens, before the decision). Absent: no token was looked at. */
  readonly token?: TokenOutcome;
  /** Takes a token from the bucket of a rate limit: false where it is empty. Absent: there is always one. */
  readonly takeToken?: (limit: RateLimit) => boolean;
  /** Ms since the epoch. */
  readonly now?: number;
}
