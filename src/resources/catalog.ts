// All objects of a run, looked up by kind and by name: what every dialect and rule reads from. Of objects of one kind, namespace
// and name only the last counts: `kubectl apply` of the same files leaves that one in the cluster.

import type { DialectName, Resource } from '../model/index.js';

export interface Catalog {
  /** In reading order. A replacement stands where the object stood that was read first: there it was created. */
  readonly all: readonly Resource[];
  /** Objects that a later one replaces, in reading order, with the one that counts. */
  readonly replaced: readonly Replaced[];
  /** `group/kind`, e.g. `networking.istio.io/VirtualService`, `/Service`; any served version; in reading order. */
  ofKind(groupKind: string): readonly Resource[];
  find(groupKind: string, namespace: string, name: string): Resource | undefined;
  /** The dialect that reads every Gateway of the Gateway API, whatever its class; absent: the classes decide. */
  readonly gatewaysOf?: DialectName;
  /** Numbers of ports of Services that are not among the objects: by `NAME`, or `NAMESPACE/SERVICE:NAME`. */
  readonly servicePorts?: Readonly<Record<string, number>>;
}

export interface Replaced {
  readonly resource: Resource;
  readonly by: Resource;
}

const keyOf = (r: Resource) => `${r.group}/${r.kind}`;

/** One object to the API server: an Ingress is the same in the group that it had at first. */
const identityOf = (r: Resource): string =>
  `${r.kind === 'Ingress' && r.group === 'extensions' ? 'networking.k8s.io' : r.group}/${r.kind}|${r.namespace}|${r.name}`;

export function catalogOf(resources: readonly Resource[]): Catalog {
  const { all, replaced } = lastOnes(resources);
  const kinds = new Map<string, Resource[]>();
  const named = new Map<string, Resource>();
  for (const r of all) {
    const key = keyOf(r);
    const list = kinds.get(key);
    if (list) list.push(r);
    else kinds.set(key, [r]);
    named.set(`${key}|${r.namespace}|${r.name}`, r);
  }
  return {
    all,
    replaced,
    ofKind: (groupKind) => kinds.get(groupKind) ?? [],
    find: (groupKind, namespace, name) => named.get(`${groupKind}|${namespace}|${name}`),
  };
}

function lastOnes(resources: readonly Resource[]): Pick<Catalog, 'all' | 'replaced'> {
  const last = new Map<string, Resource>();
  for (const r of resources) last.set(identityOf(r), r);
  if (last.size === resources.length) return { all: resources, replaced: [] };
  const replaced: Replaced[] = [];
  const all = new Map<string, Resource>();
  for (const r of resources) {
    const identity = identityOf(r);
    const by = last.get(identity)!;
    if (by !== r) replaced.push({ resource: r, by });
    if (!all.has(identity)) all.set(identity, by === r ? r : { ...by, order: r.order });
  }
  return { all: [...all.values()], replaced };
}
