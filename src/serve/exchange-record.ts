// What is known of an exchange when it is over: for access logs, recordings and the live view.

import type { Decision } from '../simulate/index.js';
import type { HeaderList, RequestHead } from './message.js';

export interface ExchangeRecord {
  /** Ms since the epoch. */
  readonly startedAt: number;
  /** From the request's head to the end of the answer. Ms. */
  readonly durationMs: number;
  /** Gateway port, not the local one. */
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly sni: string | null;
  readonly source: string;
  readonly request: RequestHead;
  /** 0: the client got no answer. */
  readonly status: number;
  /** Envoy's response flags, comma-joined; `''`: none. */
  readonly flags: string;
  /** Why a destination did not answer, in words. */
  readonly detail: string;
  /** Of bodies. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Absent where there was no route to decide about. */
  readonly decision?: Decision;
  /** As sent to the destination. */
  readonly upstream?: {
    readonly address: string;
    readonly path: string;
    readonly authority: string;
    readonly headers: HeaderList;
    readonly attempts: number;
    readonly serviceMs?: number;
  };
  readonly responseHeaders: HeaderList;
}
