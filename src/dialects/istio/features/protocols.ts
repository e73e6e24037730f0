// What a server's protocol and TLS mode make of it: pkg/config/protocol/instance.go and pkg/config/gateway/gateway.go.

import type { Protocol, Server } from '../config.js';

const KNOWN: ReadonlySet<string> = new Set<Protocol>([
  'GRPC',
  'GRPC-WEB',
  'HTTP',
  'HTTP_PROXY',
  'HTTP2',
  'HTTPS',
  'TCP',
  'TLS',
  'UDP',
  'MONGO',
  'REDIS',
  'MYSQL',
]);

export function parseProtocol(text: string): Protocol {
  const upper = text.toUpperCase();
  return KNOWN.has(upper) ? (upper as Protocol) : 'UNSUPPORTED';
}

/** Plain HTTP of any version. */
export const isHttp = (p: Protocol): boolean =>
  p === 'HTTP' || p === 'HTTP2' || p === 'HTTP_PROXY' || p === 'GRPC' || p === 'GRPC-WEB';

/** `tls` on a plain HTTP server only asks for redirects. */
export const isTlsServer = (s: Server): boolean => s.tls !== undefined && !isHttp(s.protocol);

export const isPassthrough = (s: Server): boolean =>
  s.tls?.mode === 'PASSTHROUGH' || s.tls?.mode === 'AUTO_PASSTHROUGH';

export const terminatesHttps = (s: Server): boolean =>
  s.tls !== undefined && s.protocol === 'HTTPS' && !isPassthrough(s);

export const isHttpServer = (s: Server): boolean => isHttp(s.protocol) || (s.protocol === 'HTTPS' && !isPassthrough(s));
