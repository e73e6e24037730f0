// Limits of requests per client address (client-rate-limits.ts) as an EnvoyFilter: only with --allow-envoyfilter, since it reaches
// into generated configuration.

import type { EffectiveGateway } from '../../../model/index.js';
import { limitMetadata, rateLimitFilter, rateLimitsOf } from '../../client-rate-limits.js';
import { filterPatch, namedRoutes, routePatch } from './limit-names.js';

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
  return [
    {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: `${Object.values(selector).join('-')}-rate-limits`, namespace },
      spec: {
        workloadSelector: { labels: { ...selector } },
        configPatches: [
          filterPatch(filter),
          ...limited.map(([name, route]) => routePatch(name, limitMetadata(rateLimitsOf(route)))),
        ],
      },
    },
  ];
}
