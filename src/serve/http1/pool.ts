// The connections to one upstream over HTTP/1: the one used last is used first; as many are open as requests run.

import net from 'node:net';
import tls from 'node:tls';
import type { Endpoint } from '../endpoint.js';
import type { Limits } from '../limits.js';
import type { OutgoingRequest, ResponseEvents, UpstreamStream } from '../message.js';
import { Http1ClientConnection } from './client-connection.js';

export interface PoolOptions {
  readonly limits: Limits;
  /** TLS to the upstream: on this machine certificates are made by hand, so they are checked only when asked for. */
  readonly verify: boolean;
}

/** How many free connections are kept. */
const FREE_CONNECTIONS = 1_024;
/** A free connection is closed after this time. Below what servers usually allow (Node: 5 s), so that few are stale. Ms. */
const FREE_MS = 4_000;
/** Heads of answers may be larger than those of requests. Bytes. */
const RESPONSE_LIMITS = { headBytes: 256 * 1024, headerCount: 1_000 };

export function http1Pool(url: URL, options: PoolOptions): Endpoint {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (secure ? 443 : 80));
  const free: { connection: Http1ClientConnection; since: number }[] = [];
  const open = new Set<Http1ClientConnection>();
  let closed = false;

  const owner = {
    onFree(connection: Http1ClientConnection) {
      if (closed || free.length >= FREE_CONNECTIONS) return connection.close();
      connection.socket.unref();
      free.push({ connection, since: performance.now() });
    },
    onGone(connection: Http1ClientConnection) {
      open.delete(connection);
      const at = free.findIndex((entry) => entry.connection === connection);
      if (at !== -1) free.splice(at, 1);
    },
  };

  const connect = (authority: string): Http1ClientConnection => {
    const servername = authority.replace(/:\d*$/, '');
    const socket = secure
      ? tls.connect({
          host,
          port,
          rejectUnauthorized: options.verify,
          ALPNProtocols: ['http/1.1'],
          ...(net.isIP(servername) || servername === '' ? {} : { servername }),
        })
      : net.connect({ host, port });
    socket.setNoDelay(true);
    const connection = new Http1ClientConnection(socket, secure ? 'secureConnect' : 'connect', RESPONSE_LIMITS, owner);
    connection.limitConnecting(options.limits.connectMs);
    open.add(connection);
    return connection;
  };

  const sweep = setInterval(() => {
    const oldest = performance.now() - FREE_MS;
    while (free[0] !== undefined && free[0].since < oldest) free.shift()?.connection.close();
  }, 1_000);
  sweep.unref();

  return {
    address: `${host}:${port}`,
    bytes: { host, port },
    get openConnections() {
      return open.size;
    },
    open(request: OutgoingRequest, events: ResponseEvents): UpstreamStream {
      for (let entry = free.pop(); entry !== undefined; entry = free.pop()) {
        if (entry.connection.socket.destroyed || !entry.connection.socket.writable) continue;
        entry.connection.socket.ref();
        return entry.connection.send(request, events);
      }
      return connect(request.authority).send(request, events);
    },
    close() {
      closed = true;
      clearInterval(sweep);
      for (const { connection } of free.splice(0)) connection.close();
    },
  };
}
