// Forwards bytes (TCP routes, passthrough by SNI, what was inside of TLS that ends at the gateway) between a client and an upstream,
// with back-pressure both ways and each side's end handed on to the other.

import net, { type Socket } from 'node:net';

export interface BytesOptions {
  readonly to: { readonly host: string; readonly port: number };
  /** What was read from the client already. */
  readonly begun: Buffer;
  readonly connectMs: number;
  /** Ends the client's connection as one that broke. */
  reset(): void;
  onConnected(upstream: Socket): void;
  /** The upstream could not be reached, or broke. */
  onFault(detail: string): void;
}

/** The client's socket is paused; it is closed when the upstream is gone. */
export function forwardBytes(client: Socket, options: BytesOptions): void {
  const upstream = net.connect({ ...options.to, allowHalfOpen: true });
  upstream.setNoDelay(true);
  const timer = setTimeout(() => upstream.destroy(new Error('timeout while connecting')), options.connectMs);
  upstream.once('connect', () => {
    clearTimeout(timer);
    options.onConnected(upstream);
    if (options.begun.length > 0) upstream.write(options.begun);
    client.pipe(upstream);
    upstream.pipe(client);
  });
  upstream.on('error', (error) => options.onFault(error.message));
  upstream.on('close', () => {
    clearTimeout(timer);
    if (upstream.errored) options.reset();
    else if (!client.writableEnded) client.destroy();
  });
  client.on('error', () => undefined);
  client.on('close', () => upstream.destroy());
}
