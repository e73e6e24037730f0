// What a client may ask of serve before it is turned away. Defaults follow Envoy's where it has one
// (`max_request_headers_kb` 60, `max_headers_count` 100, connection `idle_timeout` 1 h, `stream_idle_timeout` 5 min).

export interface Limits {
  /** Start line and headers together. Bytes. Beyond: 431. */
  readonly headBytes: number;
  /** Header lines of one message. Beyond: 431. */
  readonly headerCount: number;
  /** From the first byte of a request (or of a connection) to the end of its head. Ms. Beyond: 408. */
  readonly headMs: number;
  /** Between two pieces of a request's body. Ms. Beyond: 408. */
  readonly bodyIdleMs: number;
  /** A connection without a request. Ms. Beyond: closed. */
  readonly idleMs: number;
  /** Time to connect to a destination, where the configuration names none (Istio's mesh default, 10 s). Ms. */
  readonly connectMs: number;
  /** Open client connections of the whole process. Beyond: closed at once. */
  readonly connections: number;
  /** HTTP/2: streams that one connection may have open. */
  readonly streams: number;
  /** HTTP/2: a PING goes out in these intervals; who has not answered it by the next one is gone. Long, because who is halted in a debugger is not, and gRPC servers take offence at more than one in 5 min. Ms. */
  readonly pingMs: number;
  /** What may be kept of a request's body for a retry (Envoy's `per_request_buffer_limit`, 1 MiB). Bytes. */
  readonly replayBytes: number;
  /** How long a drain waits for requests under way. Ms. */
  readonly drainMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  headBytes: 60 * 1024,
  headerCount: 100,
  headMs: 30_000,
  bodyIdleMs: 300_000,
  idleMs: 3_600_000,
  connectMs: 10_000,
  connections: 20_000,
  streams: 100,
  pingMs: 330_000,
  replayBytes: 1_048_576,
  drainMs: 10_000,
};
