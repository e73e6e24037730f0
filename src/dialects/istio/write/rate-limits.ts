// Limits of requests per client address (client-rate-limits.ts) as an EnvoyFilter: only with --allow-envoyfilter, since it reaches
// into generated configuration.

import type { EffectiveGateway } from '../../../model/index.js';
import { rateLimitPatches } from '../../client-rate-limits.js';
import { namedRoutes } from './limit-names.js';

/** One EnvoyFilter for all limits of a gateway whose routes are named (limit-names.ts); none without limits. */
export function rateLimits(
  gateway: EffectiveGateway,
  selector: Readonly<Record<string, string>>,
  namespace: string,
): Record<string, unknown>[] {
  const metadata = { name: `${Object.values(selector).join('-')}-rate-limits`, namespace };
  const binding = { workloadSelector: { labels: { ...selector } } };
  const object = rateLimitPatches([...namedRoutes(gateway)], metadata, binding);
  return object ? [object] : [];
}
