// Limits of request bodies as Envoy's buffer filter. It stands in the chain switched off, and the routes that have a limit switch it on
// (HttpFilter.disabled, Envoy): a request that no route takes is answered 404 whatever its size.

import { greatest, type Route } from '../model/index.js';

type Fields = Record<string, unknown>;
const BUFFER = 'envoy.filters.http.buffer';
const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.buffer.v3.';

/**
 * Buffering a request wholly, which is how Envoy counts its bytes, would break streams of gRPC. The controller's default backend,
 * which is what Istio answers without a rule, has nobody's limit.
 */
export function bodyLimitOf({ action, maxRequestBytes }: Route): number | undefined {
  const grpc =
    action.kind === 'forward' && action.destinations.some((d) => 'host' in d.to && /^grpc/.test(d.to.protocol ?? ''));
  return grpc || (action.kind === 'direct-response' && action.defaultBackend) ? undefined : maxRequestBytes;
}

/** The filter; undefined where no route has a limit. */
export function bufferFilter(routes: readonly Route[]): Fields | undefined {
  const limits = routes.map(bodyLimitOf).filter((bytes) => bytes !== undefined);
  if (limits.length === 0) return undefined;
  return {
    name: BUFFER,
    disabled: true,
    typed_config: { '@type': `${TYPE}Buffer`, max_request_bytes: greatest(limits, 0) },
  };
}

/** `typed_per_filter_config` of a route; empty without a limit. */
export function bufferPerRoute(route: Route): Fields {
  const bytes = bodyLimitOf(route);
  if (bytes === undefined) return {};
  return { [BUFFER]: { '@type': `${TYPE}BufferPerRoute`, buffer: { max_request_bytes: bytes } } };
}
