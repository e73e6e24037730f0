// All objects of a run, looked up by kind and by name: what every dialect and rule reads from. Of objects of one kind, namespace
// and name only the last counts: `kubectl apply` of the same files leaves that one in the cluster.

import type { DialectName, Resource } from '../model/index.js';
import { ALL, type Keeping, noteAsked, REPLACED } from './keeping.js';

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
  /** Of which Services count as all there are. Absent: of its own. */
  readonly servicesKnownOf?: Catalog;
  /** What earlier readings of the same folder made. Absent: nothing is kept. */
  readonly keeping?: Keeping | undefined;
}

export interface Replaced {
  readonly resource: Resource;
  readonly by: Resource;
}

const keyOf = (r: Resource) => `${r.group}/${r.kind}`;

/** One object to the API server: an Ingress is the same in the group that it had at first. */
const identityOf = (r: Resource): string =>
  `${r.kind === 'Ingress' && r.group === 'extensions' ? 'networking.k8s.io' : r.group}/${r.kind}|${r.namespace}|${r.name}`;

const NOTHING: readonly never[] = [];

export function catalogOf(resources: readonly Resource[], keeping?: Keeping): Catalog {
  const found = lastOnes(resources);
  const kinds = new Map<string, readonly Resource[]>();
  for (const [kind, list] of byKind(found.all)) kinds.set(kind, keeping?.list(kind, list) ?? list);
  const all = keeping?.list(ALL, found.all) ?? found.all;
  const { replaced } = found;
  const named = new Map<string, Resource>();
  for (const r of all) named.set(`${keyOf(r)}|${r.namespace}|${r.name}`, r);
  const ofKind = (groupKind: string): readonly Resource[] => {
    const list = kinds.get(groupKind) ?? NOTHING;
    noteAsked(groupKind, list);
    return list;
  };
  return {
    get all() {
      noteAsked(ALL, all);
      return all;
    },
    get replaced() {
      noteAsked(REPLACED, replaced);
      return replaced;
    },
    ofKind,
    find(groupKind, namespace, name) {
      ofKind(groupKind);
      return named.get(`${groupKind}|${namespace}|${name}`);
    },
    ...(keeping ? { keeping } : {}),
  };
}

function byKind(all: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const kinds = new Map<string, Resource[]>();
  for (const r of all) {
    const key = keyOf(r);
    const list = kinds.get(key);
    if (list) list.push(r);
    else kinds.set(key, [r]);
  }
  return kinds;
}

/** The same objects, with what options say of them: nobody notes what is asked of those, so other options need another `keeping`. */
export const withSettings = (
  catalog: Catalog,
  settings: Pick<Catalog, 'gatewaysOf' | 'servicePorts' | 'servicesKnownOf' | 'keeping'>,
): Catalog => Object.assign(Object.create(catalog) as Catalog, settings);

function lastOnes(resources: readonly Resource[]): Pick<Catalog, 'all' | 'replaced'> {
  const last = new Map<string, Resource>();
  for (const r of resources) last.set(identityOf(r), r);
  if (last.size === resources.length) return { all: resources, replaced: NOTHING };
  const replaced: Replaced[] = [];
  const all = new Map<string, Resource>();
  for (const r of resources) {
    const identity = identityOf(r);
    const by = last.get(identity)!;
    if (by !== r) replaced.push({ resource: r, by });
    if (!all.has(identity)) all.set(identity, by === r ? r : inPlace(by, r.order));
  }
  return { all: [...all.values()], replaced };
}

const moved = new WeakMap<Resource, Resource>();

/** The same object where the one stood that it replaces; the same one again in the next catalog. */
function inPlace(by: Resource, order: number): Resource {
  const known = moved.get(by);
  if (known?.order === order) return known;
  const there = { ...by, order };
  moved.set(by, there);
  return there;
}
