// Matches that no gateway of a workload ever sees, although their VirtualService is attached to one: they name other gateways, or workloads
// with other labels. applies() in routes.ts leaves them out; here it is said.

import { labelsInclude } from '../../../implementations/istio/destination-rules.js';
import type { LeftOutMatch } from '../../../model/index.js';
import { at } from '../../../resources/fields.js';
import type { MatchConfig, VirtualServiceConfig } from '../config.js';
import { routeMatch } from './matches.js';
import { domainPattern } from './virtual-hosts.js';
import type { VirtualServicesFor } from './visibility.js';
import type { Workload } from './workloads.js';

export function leftOutMatches(workload: Workload, virtualServicesFor: VirtualServicesFor): LeftOutMatch[] {
  const attached = new Map<VirtualServiceConfig, string[]>();
  for (const gateway of new Set(workload.gateways.flatMap((g) => g.servers.map((server) => server.gateway))))
    for (const vs of virtualServicesFor(gateway)) attached.set(vs, [...(attached.get(vs) ?? []), gateway]);
  return [...attached].flatMap(([vs, gateways]) =>
    vs.http.flatMap((rule) =>
      rule.matches.flatMap((match): LeftOutMatch[] => {
        const why = whyLeftOut(match, gateways, workload);
        if (!why) return [];
        return [
          {
            hosts: vs.hosts.map((host) => domainPattern(host.toLowerCase())),
            match: routeMatch(match, vs.semantics),
            reason: why.reason,
            origin: at(match.origin, why.field),
          },
        ];
      }),
    ),
  );
}

/** `gateways`: those of the workload that the VirtualService is attached to. */
function whyLeftOut(
  match: MatchConfig,
  gateways: readonly string[],
  { labels, namespace }: Workload,
): { readonly reason: string; readonly field: string } | undefined {
  if (match.gateways.length > 0) {
    if (gateways.some((gateway) => match.gateways.includes(gateway))) return undefined;
    return { reason: `it is for ${match.gateways.join(', ')} only, not for ${gateways.join(', ')}`, field: 'gateways' };
  }
  if (!labelsInclude(labels, match.sourceLabels))
    return { reason: 'it is for clients of the mesh with other labels', field: 'sourceLabels' };
  if (match.sourceNamespace !== '' && match.sourceNamespace !== namespace)
    return { reason: `it is for clients of the namespace ${match.sourceNamespace}`, field: 'sourceNamespace' };
  return undefined;
}
