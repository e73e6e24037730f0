// The kinds that say something about ingress: those of Kubernetes itself, and those that the dialects name. Objects of other kinds are
// read and counted, and nobody looks at them.

import { own, table } from '../model/index.js';
import { CLUSTER_SCOPED_BY_DIALECTS, READ_BY_DIALECTS } from './kinds.gen.js';

/** API group → kinds that belong to no dialect. The workloads are here for their labels: selectors of Gateways, Services and subsets. */
const RELATED = table<readonly string[]>({
  '': ['Service', 'Secret', 'Namespace', 'ConfigMap', 'Pod', 'Endpoints'],
  apps: ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'discovery.k8s.io': ['EndpointSlice'],
});

export function isRelated(group: string, kind: string): boolean {
  const read = own(READ_BY_DIALECTS, group);
  return read === 'all' || (read?.includes(kind) ?? false) || (RELATED.get(group)?.includes(kind) ?? false);
}

const CLUSTER_SCOPED = new Set([
  '/Namespace',
  'apiextensions.k8s.io/CustomResourceDefinition',
  ...CLUSTER_SCOPED_BY_DIALECTS,
]);

export const isClusterScoped = (group: string, kind: string): boolean => CLUSTER_SCOPED.has(`${group}/${kind}`);
