// Envoy at the edge (`use_remote_address`), as Istio configures it, on sockets.

import type { ChangingHeaders, Client, WireRules } from '../engine-rules.js';
import { takenAway } from './hop-headers.js';

export const wire: WireRules = {
  // pilot/pkg/networking/core/listener.go, EnvoyServerName.
  server: { name: 'istio-envoy', replace: true },
  acceptsHttp10: false,
  takenByConnection: takenAway,
  // Istio enables `websocket` only (listener.go, upgrade_configs); Envoy answers 403 to others.
  upgrades: ['websocket'],
  holdsLimitedBodies: true,
  editsTooLarge: true,
  serviceTimeHeader: 'x-envoy-upstream-service-time',
  // istio pilot/pkg/networking/core/route/retry/retry.go.
  retries: { attempts: 2, on: 'connect-failure,refused-stream,unavailable,cancelled', backoffMs: 25 },
  markRequest,
};

const PRIVATE = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd])/;

/**
 * source/common/http/conn_manager_utility.cc, mutateRequestHeaders: the client's address is appended to x-forwarded-for,
 * x-forwarded-proto is replaced, a request id is made where there is none.
 */
function markRequest(headers: ChangingHeaders, { source, scheme, newId }: Client): void {
  const forwarded = headers.lines('x-forwarded-for');
  headers.set('x-forwarded-for', forwarded.length === 0 ? source : `${forwarded.join(',')},${source}`);
  headers.set('x-forwarded-proto', scheme);
  headers.remove('x-envoy-internal');
  headers.remove('x-envoy-external-address');
  if (forwarded.length === 0 && PRIVATE.test(source)) headers.add('x-envoy-internal', 'true');
  else headers.add('x-envoy-external-address', source);
  if (headers.get('x-request-id') === undefined) headers.add('x-request-id', newId());
}
