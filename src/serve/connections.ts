// The open client connections: counted against the limit, notified when the gateway drains.

import type { Socket } from 'node:net';

/** A connection as its protocol sees it. */
export interface OpenConnection {
  /** No new requests: an idle connection closes now, a busy one after its answers. */
  drain(): void;
  destroy(): void;
}

export interface Connections {
  readonly size: number;
  add(socket: Socket): void;
  /** What speaks on the socket, once that is known. */
  speaks(socket: Socket, connection: OpenConnection): void;
  delete(socket: Socket): void;
  drain(): void;
  destroy(): void;
}

export function createConnections(): Connections {
  const open = new Map<Socket, OpenConnection | undefined>();
  return {
    get size() {
      return open.size;
    },
    add: (socket) => open.set(socket, undefined),
    speaks: (socket, connection) => open.set(socket, connection),
    delete: (socket) => open.delete(socket),
    drain() {
      for (const [socket, connection] of open) {
        if (connection === undefined) socket.destroy();
        else connection.drain();
      }
    },
    destroy() {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}
