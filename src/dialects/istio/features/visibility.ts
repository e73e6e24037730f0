// Which VirtualServices a gateway gets, in which order: those exported to its own namespace first, the public ones last,
// each oldest first. initVirtualServices, VirtualServicesForGateway in pilot/pkg/model/push_context.go.

import { compareAge } from '../../../resources/creation.js';
import type { VirtualServiceConfig } from '../config.js';

/** VirtualServices by the `namespace/name` of a Gateway, for workloads of one namespace. */
export type VirtualServicesFor = (gateway: string) => readonly VirtualServiceConfig[];

export function virtualServicesFor(all: readonly VirtualServiceConfig[], namespace: string): VirtualServicesFor {
  const tiers = [new Map<string, VirtualServiceConfig[]>(), new Map(), new Map()] as const;
  for (const vs of [...all].sort(compareAge)) {
    const tier = tierOf(vs, namespace);
    if (tier === undefined) continue;
    for (const gateway of vs.gateways) {
      const list = tiers[tier].get(gateway);
      if (list) list.push(vs);
      else tiers[tier].set(gateway, [vs]);
    }
  }
  return (gateway) => tiers.flatMap((tier) => tier.get(gateway) ?? []);
}

function tierOf({ exportTo, namespace: own }: VirtualServiceConfig, namespace: string): 0 | 1 | 2 | undefined {
  if (exportTo.has('*')) return 2;
  if (exportTo.has('~') || !exportTo.has(namespace)) return undefined;
  return own === namespace ? 0 : 1;
}
