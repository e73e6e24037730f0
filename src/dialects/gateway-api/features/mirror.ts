// RequestMirror: copies of a share of the requests (Gateway API spec, HTTPRequestMirrorFilter; Istio: createMirrorFilter
// in pilot/pkg/config/kube/gateway/conversion.go and translatePercentToFractionalPercent in
// pilot/pkg/networking/core/route/route.go, 2026-08-22). Without percent or fraction: every request.

import type { Json, Mirror, Origin } from '../../../model/index.js';
import { has, numberAt, objectAt } from '../fields.js';
import { resolveBackend } from './backend.js';
import type { ConfigError } from './config-error.js';
import type { BackendContext } from './own-kinds.js';

/** No mirror where its share is 0. A mirror that cannot be resolved is left out, and the route says so in its status. */
export function mirrorOf(
  filter: Json,
  origin: Origin,
  context: BackendContext,
): { mirror?: Mirror; error?: ConfigError } {
  const { destination, error } = resolveBackend(objectAt(filter, 'backendRef'), origin, context);
  if (error !== undefined) return { error };
  const percent = percentOf(filter);
  if (destination === undefined || percent === 0) return {};
  // Istio turns the suffix off that Envoy would append to the host (features.DisableShadowHostSuffix).
  return { mirror: { destination, percent, hostSuffix: '', origin } };
}

function percentOf(filter: Json): number {
  const fraction = objectAt(filter, 'fraction');
  const percent = has(filter, 'fraction')
    ? (100 * (numberAt(fraction, 'numerator') ?? 0)) / (numberAt(fraction, 'denominator') ?? 100)
    : (numberAt(filter, 'percent') ?? 100);
  // Envoy counts in millionths.
  return Math.trunc(percent * 10_000) / 10_000;
}
