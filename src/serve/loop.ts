// Whether this gateway itself sent what comes in: an `--upstream` that leads back to a port of serve, directly or through
// other proxies, would send one request round for ever. Requests to upstreams carry a mark in `CDN-Loop` (RFC 8586), the
// header made for this; a connection of plain bytes carries none, and is known by its two ends.

import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { headerOf } from './header-list.js';

export const LOOP_HEADER = 'cdn-loop';

export interface LoopGuard {
  /** Value of `LOOP_HEADER` on requests to upstreams. */
  readonly mark: string;
  isOwnRequest(headers: readonly string[]): boolean;
  /** A connection to an upstream for plain bytes has come up; it is forgotten when it closes. */
  addOutgoing(socket: Socket): void;
  /** `socket` was accepted: the other end is one of `addOutgoing`. */
  isOwnConnection(socket: Socket): boolean;
}

/** `id`: the same for processes that share the ports; absent: a random one. */
export function createLoopGuard(id: string = randomBytes(9).toString('hex')): LoopGuard {
  const mark = `meshgw; id=${id}`;
  const outgoing = new Set<string>();
  return {
    mark,
    isOwnRequest(headers) {
      if (headerOf(headers, LOOP_HEADER) === undefined) return false;
      return headers.some((value, i) => i % 2 === 1 && headers[i - 1] === LOOP_HEADER && value.includes(mark));
    },
    addOutgoing(socket) {
      const end = endOf(socket.localAddress, socket.localPort);
      outgoing.add(end);
      socket.once('close', () => outgoing.delete(end));
    },
    isOwnConnection: (socket) => outgoing.has(endOf(socket.remoteAddress, socket.remotePort)),
  };
}

/** One end of a connection; IPv4 the same in both spellings. */
const endOf = (address: string | undefined, port: number | undefined): string =>
  `${(address ?? '').replace(/^::ffff:/, '')} ${port}`;
