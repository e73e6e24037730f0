// The connections to one upstream over HTTP/1: the one used last is used first; as many are open as requests run.

import net from 'node:net';
import tls from 'node:tls';
import type { Endpoint } from '../endpoint.js';
import type { Limits } from '../limits.js';
import type { OutgoingRequest, ResponseEvents, UpstreamStream } from '../message.js';
import { tlsOptions, type UpstreamTls } from '../upstream-tls.js';
import { Http1ClientConnection } from './client-connection.js';

export interface PoolOptions {
  readonly limits: Limits;
  /** TLS to the upstream: on this machine certificates are made by hand, so they are checked only when asked for. */
  readonly verify: boolean;
  /** What a policy of the destination says of it; absent: nothing. */
  readonly tls?: UpstreamTls;
  /** Value of `LOOP_HEADER` on every request. */
  readonly loopMark: string;
  /** An error that nothing expected. */
  onBug(error: unknown): void;
}

/** How many free connections are kept. */
const FREE_CONNECTIONS = 1_024;
/** A free connection is closed in this sweep after it became free. Below what servers usually allow (Node: 5 s), so that few are stale. */
const FREE_SWEEPS = 4;
const SWEEP_MS = 1_000;
/** What was read from whichever connection it is that has something; read out before the next one reads. Bytes. */
const INPUT = Buffer.allocUnsafeSlow(65_536);
/** Heads of answers may be larger than those of requests. Bytes. */
const RESPONSE_LIMITS = { headBytes: 256 * 1024, headerCount: 1_000 };

export function http1Pool(url: URL, options: PoolOptions): Endpoint {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (secure ? 443 : 80));
  const free: Http1ClientConnection[] = [];
  let sweeps = 0;
  const open = new Set<Http1ClientConnection>();
  let closed = false;

  const owner = {
    onBug: options.onBug,
    loopMark: options.loopMark,
    onFree(connection: Http1ClientConnection) {
      if (closed || free.length >= FREE_CONNECTIONS) return connection.close();
      connection.freeSince = sweeps;
      free.push(connection);
    },
    onGone(connection: Http1ClientConnection) {
      open.delete(connection);
      const at = free.indexOf(connection);
      if (at !== -1) free.splice(at, 1);
    },
  };

  const connect = (authority: string): Http1ClientConnection => {
    let connection: Http1ClientConnection | undefined;
    // Spares a buffer and a stream's bookkeeping for each read. Not over TLS, where writing to one connection may read from it.
    const onRead = (length: number) => {
      connection?.onData(INPUT.subarray(0, length), 'lent');
      return true;
    };
    const { servername = '', ...secured } = tlsOptions(options, authority);
    const socket = secure
      ? tls.connect({
          host,
          port,
          ...secured,
          ALPNProtocols: ['http/1.1'],
          ...(net.isIP(servername) || servername === '' ? {} : { servername }),
        })
      : net.connect({ host, port, onread: { buffer: INPUT, callback: onRead } });
    socket.setNoDelay(true);
    connection = new Http1ClientConnection(socket, secure ? 'secureConnect' : 'connect', RESPONSE_LIMITS, owner);
    connection.limitConnecting(options.limits.connectMs);
    open.add(connection);
    return connection;
  };

  const sweep = setInterval(() => {
    sweeps++;
    while (free[0] !== undefined && sweeps - free[0].freeSince >= FREE_SWEEPS) free.shift()?.close();
  }, SWEEP_MS);
  sweep.unref();

  return {
    address: `${host}:${port}`,
    bytes: { host, port },
    get openConnections() {
      return open.size;
    },
    open(request: OutgoingRequest, events: ResponseEvents): UpstreamStream {
      for (let connection = free.pop(); connection !== undefined; connection = free.pop())
        if (connection.usable) return connection.send(request, events);
      return connect(request.authority).send(request, events);
    },
    close() {
      closed = true;
      clearInterval(sweep);
      for (const connection of free.splice(0)) connection.close();
    },
  };
}
