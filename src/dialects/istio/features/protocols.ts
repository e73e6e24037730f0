// What a server's protocol and TLS mode make of it: pkg/config/protocol/instance.go and pkg/config/gateway/gateway.go.

import { isHttp, istioProtocol } from '../../../implementations/istio/protocol.js';
import type { Protocol, Server } from '../config.js';

export const parseProtocol = (text: string): Protocol => istioProtocol(text) ?? 'UNSUPPORTED';

/** `tls` on a plain HTTP server only asks for redirects. */
export const isTlsServer = (s: Server): boolean => s.tls !== undefined && !isHttp(s.protocol);

export const isPassthrough = (s: Server): boolean =>
  s.tls?.mode === 'PASSTHROUGH' || s.tls?.mode === 'AUTO_PASSTHROUGH';

export const terminatesHttps = (s: Server): boolean =>
  s.tls !== undefined && s.protocol === 'HTTPS' && !isPassthrough(s);

export const isHttpServer = (s: Server): boolean => isHttp(s.protocol) || (s.protocol === 'HTTPS' && !isPassthrough(s));
