// Which gateway workloads the files speak of. No Pods are needed: each selector of a Gateway stands for a workload with
// exactly these labels, and Istio's own ingress gateway is always there. A Gateway is for every workload whose labels
// include its selector, one without selector for all (mergeGateways in pilot/pkg/model/push_context.go).

import { compareAge } from '../../../resources/creation.js';
import { compareText } from '../../../resources/fields.js';
import { type GatewayWorkload, labelsInclude } from '../../../resources/istio-destination-rules.js';
import type { GatewayConfig } from '../config.js';

const NAMESPACE = 'istio-system';
export const DEFAULT_LABELS: Readonly<Record<string, string>> = { istio: 'ingressgateway' };

export interface Workload extends GatewayWorkload {
  /** `istio=ingressgateway`; several labels sorted and joined with a comma. */
  readonly id: string;
  /** Oldest first. */
  readonly gateways: readonly GatewayConfig[];
}

export const workloadId = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort(compareText)
    .join(',');

export function workloads(gateways: readonly GatewayConfig[]): Workload[] {
  const sorted = [...gateways].sort(compareAge);
  const selectors = sorted.map((g) => g.selector ?? {}).filter((s) => Object.keys(s).length > 0);
  const byId = new Map([DEFAULT_LABELS, ...selectors].map((labels) => [workloadId(labels), labels]));
  return [...byId].map(([id, labels]) => ({
    id,
    namespace: NAMESPACE,
    labels,
    gateways: sorted.filter((g) => labelsInclude(labels, g.selector ?? {})),
  }));
}
