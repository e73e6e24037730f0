// Which gateway workloads the files name. Each selector of a Gateway stands for a workload: one whose Pods (or a
// Deployment's template) are in the files, else one with exactly these labels; Istio's own ingress gateway is always there.
// A Gateway is for every workload whose labels include its selector, one without selector for all (mergeGateways in
// pilot/pkg/model/push_context.go).

import { type GatewayWorkload, labelsInclude } from '../../../implementations/istio/destination-rules.js';
import { meshConfig, operatorGateways } from '../../../implementations/istio/mesh-config.js';
import type { Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { compareAge } from '../../../resources/creation.js';
import { compareText, objectOf, specOf, stringMapOf } from '../../../resources/fields.js';
import type { GatewayConfig } from '../config.js';

export const DEFAULT_LABELS: Readonly<Record<string, string>> = { istio: 'ingressgateway' };

export interface Workload extends GatewayWorkload {
  /** `istio=ingressgateway`; several labels sorted and joined with a comma. */
  readonly id: string;
  /** Other selectors that mean the same Pods. */
  readonly aliases: readonly string[];
  /** Oldest first. */
  readonly gateways: readonly GatewayConfig[];
}

export const workloadId = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort(compareText)
    .join(',');

export function workloads(gateways: readonly GatewayConfig[], catalog: Catalog): Workload[] {
  const sorted = [...gateways].sort(compareAge);
  const selectors = sorted.map((g) => g.selector ?? {}).filter((s) => Object.keys(s).length > 0);
  const byId = new Map([DEFAULT_LABELS, ...selectors].map((labels) => [workloadId(labels), labels]));
  const templates = [...podTemplates(catalog), ...operatorGateways(catalog)];
  // Where a gateway runs of which no Pod is known.
  const namespace = meshConfig(catalog).rootNamespace;
  const ids = new Map<GatewayWorkload, string[]>();
  for (const [id, labels] of byId) {
    const pods = templates.find((t) => labelsInclude(t.labels, labels)) ?? { namespace, labels, assumed: true };
    ids.set(pods, [...(ids.get(pods) ?? []), id]);
  }
  return [...ids].map(([pods, [id = '', ...aliases]]) => ({
    ...pods,
    id,
    aliases,
    gateways: sorted.filter((g) => labelsInclude(pods.labels, g.selector ?? {})),
  }));
}

/** The labels that Services before the gateway select: those of its id, and what its Gateways ask for. */
export const podLabels = ({ id, gateways }: Workload): readonly Readonly<Record<string, string>>[] => [
  Object.fromEntries(
    id.split(',').flatMap((pair) => (pair.includes('=') ? [pair.split('=') as [string, string]] : [])),
  ),
  ...gateways.flatMap(({ selector }) => (selector ? [selector] : [])),
];

const CONTROLLERS = ['apps/Deployment', 'apps/DaemonSet', 'apps/StatefulSet'];

/** Labels that Pods have or will have; by namespace and name, so that the order of files does not matter. */
function podTemplates(catalog: Catalog): GatewayWorkload[] {
  const byName = (a: Resource, b: Resource): number =>
    compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
  const controllers = CONTROLLERS.flatMap((kind) => catalog.ofKind(kind)).sort(byName);
  return [
    ...controllers.map((resource) => {
      const template = objectOf(specOf(resource).template);
      return { namespace: resource.namespace, labels: stringMapOf(objectOf(template?.metadata)?.labels) };
    }),
    ...[...catalog.ofKind('/Pod')].sort(byName).map(({ namespace, labels }) => ({ namespace, labels })),
  ];
}
