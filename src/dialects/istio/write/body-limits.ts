// Limits of request bodies: nothing of Istio's own says them, Envoy's buffer filter does. Only with --allow-envoyfilter, since an
// EnvoyFilter reaches into generated configuration. The filter stands in the chain switched off, and the routes that have a limit
// switch it on (HttpFilter.disabled, Envoy): a request that no route takes is answered 404 whatever its size.

import type { EffectiveGateway } from '../../../model/index.js';
import { bodyLimitOf, filterPatch, namedRoutes, routePatch } from './limit-names.js';

type Fields = Record<string, unknown>;
const BUFFER = 'envoy.filters.http.buffer';
const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.buffer.v3.';

/** One EnvoyFilter for all limits of a gateway whose routes are named (limit-names.ts); none without limits. */
export function bodyLimits(
  gateway: EffectiveGateway,
  selector: Readonly<Record<string, string>>,
  namespace: string,
): Fields[] {
  const limits = [...namedRoutes(gateway)].flatMap(([name, route]) => {
    const bytes = bodyLimitOf(route);
    return bytes === undefined ? [] : [{ name, bytes }];
  });
  if (limits.length === 0) return [];
  const widest = Math.max(...limits.map((l) => l.bytes));
  return [
    {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: `${Object.values(selector).join('-')}-body-limits`, namespace },
      spec: {
        workloadSelector: { labels: { ...selector } },
        configPatches: [
          filterPatch({
            name: BUFFER,
            disabled: true,
            typed_config: { '@type': `${TYPE}Buffer`, max_request_bytes: widest },
          }),
          ...limits.map(({ name, bytes }) =>
            routePatch(name, {
              typed_per_filter_config: {
                [BUFFER]: { '@type': `${TYPE}BufferPerRoute`, buffer: { max_request_bytes: bytes } },
              },
            }),
          ),
        ],
      },
    },
  ];
}
