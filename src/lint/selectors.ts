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

export const workloads = (catalog: Catalog): Workload[] =>
  ['/Pod', ...TEMPLATED].flatMap((kind) => catalog.ofKind(kind)).map(workloadOf);

/** Those that another object of the same name replaces. */
export const replacedWorkloads = (catalog: Catalog): Workload[] =>
  catalog.replaced
    .map(({ resource }) => resource)
    .filter(({ group, kind }) => ['/Pod', ...TEMPLATED].includes(`${group}/${kind}`))
    .map(workloadOf);

const workloadOf = (resource: Resource): Workload => ({
  resource,
  namespace: resource.namespace,
  labels:
    resource.kind === 'Pod'
      ? resource.labels
      : stringMapOf(objectOf(objectOf(specOf(resource).template)?.metadata)?.labels),
});

/** `app=shop,istio=ingressgateway`, keys sorted. */
export const formatSelector = (selector: Labels): string =>
  Object.entries(selector)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
