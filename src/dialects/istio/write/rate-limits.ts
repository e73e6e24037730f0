// Limits of requests per client address (client-rate-limits.ts) as an EnvoyFilter: only with --allow-envoyfilter, since it reaches
// into generated configuration.

import { envoyFilter, filterPatch, routePatch } from '../../../implementations/istio/write/envoy-filter-patches.js';
import type { EffectiveGateway } from '../../../model/index.js';
import { limitMetadata, rateLimitFilter, rateLimitsOf } from '../../client-rate-limits.js';
import { namedRoutes } from './limit-names.js';

/** One EnvoyFilter for all limits of a gateway whose routes are named (limit-names.ts); none without limits. */
export function rateLimits(
  gateway: EffectiveGateway,
  selector: Readonly<Record<string, string>>,
  namespace: string,
): Record<string, unknown>[] {
  const named = [...namedRoutes(gateway)];
  const filter = rateLimitFilter(named.map(([, route]) => route));
  if (!filter) return [];
  const limited = named.filter(([, route]) => rateLimitsOf(route).length > 0);
  const metadata = { name: `${Object.values(selector).join('-')}-rate-limits`, namespace };
  const binding = { workloadSelector: { labels: { ...selector } } };
  const patches = limited.map(([name, route]) => routePatch(name, limitMetadata(rateLimitsOf(route))));
  return [envoyFilter(metadata, binding, [filterPatch(filter), ...patches])];
}
