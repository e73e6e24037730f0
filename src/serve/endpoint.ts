// Where requests for a destination go on this machine: to an upstream that the user named, or to the built-in echo.

import type { Delivery, Destination } from '../model/index.js';
import type { OutgoingRequest, ResponseEvents, UpstreamStream } from './message.js';

/** What a route says about the way to its destination. */
export interface OpenOptions {
  /** Of what the hash policies name; absent: any endpoint will do. */
  readonly hash?: number;
  readonly delivery?: Delivery;
}

/** Takes requests. Events never come before `open` has returned. */
export interface Endpoint {
  /** `127.0.0.1:5000`, or `echo`: for logs. */
  readonly address: string;
  open(request: OutgoingRequest, events: ResponseEvents, options?: OpenOptions): UpstreamStream;
  /** Plain bytes, for TCP and passthrough: where to connect; absent: nowhere. */
  readonly bytes?: { readonly host: string; readonly port: number };
  readonly openConnections: number;
  close(): void;
}

/**
 * The names that `--upstream` may use for a destination, the most telling first: with subset and port, with one of
 * them, with none; the host in full, as `name.namespace.svc`, `name.namespace`, and `name` in namespace `default`.
 */
export function upstreamNames({ host, port, subset }: Pick<Destination, 'host' | 'port' | 'subset'>): string[] {
  const hosts = [host];
  const service = /^([^.]+)\.([^.]+)\.svc\.[^/]+$/.exec(host);
  if (service) {
    const [, name, namespace] = service as unknown as [string, string, string];
    hosts.push(`${name}.${namespace}.svc`, `${name}.${namespace}`);
    if (namespace === 'default') hosts.push(name);
  }
  const tails = subset === undefined ? [`:${port}`, ''] : [`:${port}/${subset}`, `/${subset}`, `:${port}`, ''];
  return tails.flatMap((tail) => hosts.map((name) => name + tail));
}
