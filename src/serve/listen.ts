// One listening socket: opened or refused in words; once it is open no error of it ends the process.

import type net from 'node:net';
import { CannotRunError } from '../diagnostics/index.js';

export interface ListenOptions {
  /** Default: loopback. */
  readonly host?: string | undefined;
  /** False: shared with other processes of this machine. Default true. */
  readonly exclusive?: boolean | undefined;
  /** One line: a connection could not be taken. */
  onNotice(text: string): void;
}

/** Connections that the kernel holds until they are taken. */
const BACKLOG = 4_096;
/** A server out of file descriptors fails at every connection; that is said this often. Ms. */
const QUIET_MS = 10_000;

/** Listens for the gateway's port `gatewayPort` on local port `port`. Rejects with CannotRunError where that cannot be. */
export function listen(server: net.Server, port: number, gatewayPort: number, options: ListenOptions): Promise<void> {
  const host = options.host ?? '127.0.0.1';
  return new Promise((resolve, reject) => {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      reject(
        new CannotRunError(
          `port ${gatewayPort} of the gateway has no local port: ${port} is not between 0 and 65535`,
          'a port of a gateway is an integer from 1 to 65535: correct it in the configuration',
        ),
      );
      return;
    }
    const refuse = (error: NodeJS.ErrnoException) => reject(describeListenError(error, host, port, gatewayPort));
    server.once('error', refuse);
    server.listen({ host, port, exclusive: options.exclusive ?? true, backlog: BACKLOG }, () => {
      server.off('error', refuse);
      keepAccepting(server, (error) =>
        options.onNotice(`port ${gatewayPort}: a connection could not be accepted: ${error.message}`),
      );
      resolve();
    });
  });
}

/** A connection that cannot be taken (EMFILE: no file descriptor is left) is an `error` event of the server. */
export function keepAccepting(server: net.Server, onError: (error: Error) => void): void {
  let saidAt = Number.NEGATIVE_INFINITY;
  server.on('error', (error) => {
    const now = performance.now();
    if (now - saidAt < QUIET_MS) return;
    saidAt = now;
    onError(error);
  });
}

function describeListenError(error: NodeJS.ErrnoException, host: string, port: number, gatewayPort: number): Error {
  const where = `${host}:${port} (port ${gatewayPort} of the gateway)`;
  if (error.code === 'EADDRINUSE')
    return new CannotRunError(
      `${where} is in use by another program`,
      `choose another: --listen ${gatewayPort}=PORT, or --listen ${gatewayPort}=0 for any free one`,
      { cause: error },
    );
  if (error.code === 'EACCES')
    return new CannotRunError(`${where}: permission denied`, `choose a port above 1023: --listen ${gatewayPort}=PORT`, {
      cause: error,
    });
  return new CannotRunError(
    `cannot listen on ${where}: ${error.message}`,
    'name an address of this machine with --host',
    { cause: error },
  );
}
