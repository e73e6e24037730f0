// Label selectors, and which workloads of the files they select: Pods, and the templates of Deployments and their like.

import { own, type Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { objectOf, specOf, stringMapOf } from '../resources/fields.js';

export type Labels = Readonly<Record<string, string>>;

/** All of `selector` is in `labels`; an empty selector selects everything. */
export const selects = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => own(labels, key) === value);

export interface Workload {
  readonly resource: Resource;
  readonly namespace: string;
  readonly labels: Labels;
}

const TEMPLATED = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'apps/ReplicaSet'];

export function workloads(catalog: Catalog): Workload[] {
  const templated = TEMPLATED.flatMap((kind) => catalog.ofKind(kind)).map((resource) => ({
    resource,
    namespace: resource.namespace,
    labels: stringMapOf(objectOf(objectOf(specOf(resource).template)?.metadata)?.labels),
  }));
  const pods = catalog
    .ofKind('/Pod')
    .map((resource) => ({ resource, namespace: resource.namespace, labels: resource.labels }));
  return [...pods, ...templated];
}

/** `app=shop,istio=ingressgateway`, keys sorted. */
export const formatSelector = (selector: Labels): string =>
  Object.entries(selector)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
