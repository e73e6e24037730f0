// Limits of request bodies (../../body-limits.ts) as an EnvoyFilter: only with --allow-envoyfilter, since it reaches into generated
// configuration.

import { envoyFilter, filterPatch, routePatch } from '../../../implementations/istio/write/envoy-filter-patches.js';
import type { EffectiveGateway } from '../../../model/index.js';
import { bufferFilter, bufferPerRoute } from '../../body-limits.js';
import { namedRoutes } from './limit-names.js';

/** One EnvoyFilter for all limits of a gateway whose routes are named (limit-names.ts); none without limits. */
export function bodyLimits(
  gateway: EffectiveGateway,
  selector: Readonly<Record<string, string>>,
  namespace: string,
): Record<string, unknown>[] {
  const named = [...namedRoutes(gateway)];
  const filter = bufferFilter(named.map(([, route]) => route));
  if (!filter) return [];
  const limited = named.flatMap(([name, route]) => {
    const config = bufferPerRoute(route);
    return Object.keys(config).length > 0 ? [routePatch(name, { typed_per_filter_config: config })] : [];
  });
  const metadata = { name: `${Object.values(selector).join('-')}-body-limits`, namespace };
  const binding = { workloadSelector: { labels: { ...selector } } };
  return [envoyFilter(metadata, binding, [filterPatch(filter), ...limited])];
}
