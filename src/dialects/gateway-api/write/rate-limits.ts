// Limits of requests per client address (client-rate-limits.ts) as an EnvoyFilter for a Gateway of Istio: only with --allow-envoyfilter.
// Istio names Envoy's routes `<namespace>.<HTTPRoute>.<number of the rule>` (convertHTTPRoute in pilot/pkg/config/kube/gateway/conversion.go,
// Istio source of 2026-08-22).

import type { Route } from '../../../model/index.js';
import { rateLimitPatches } from '../../client-rate-limits.js';
import { refTo } from './deny-policy.js';
import type { KubeObject } from './gateway-object.js';
import type { Place } from './gateway-place.js';

/** One EnvoyFilter for all limits of a Gateway; none without limits. `routeOf`: what a rule is made from. */
export function rateLimits(
  place: Place,
  routes: readonly KubeObject[],
  routeOf: ReadonlyMap<object, Route>,
): readonly KubeObject[] {
  const named = routes.flatMap(({ metadata, spec }) => {
    const { namespace, name } = metadata as { readonly namespace: string; readonly name: string };
    const { rules } = spec as { readonly rules: readonly object[] };
    return rules.flatMap((rule, i) => {
      const route = routeOf.get(rule);
      return route ? [[`${namespace}.${name}.${i}`, route] as const] : [];
    });
  });
  const metadata = { name: `${place.name}-rate-limits`, namespace: place.namespace };
  const object = rateLimitPatches(named, metadata, { targetRefs: [refTo(place)] });
  return object ? [object as KubeObject] : [];
}
