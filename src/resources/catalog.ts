// All objects of a run, looked up by kind and by name: what every dialect and rule reads from.

import type { Resource } from '../model/index.js';

export interface Catalog {
  /** In reading order. */
  readonly all: readonly Resource[];
  /** `group/kind`, e.g. `networking.istio.io/VirtualService`, `/Service`; any served version; in reading order. */
  ofKind(groupKind: string): readonly Resource[];
  find(groupKind: string, namespace: string, name: string): Resource | undefined;
}

const keyOf = (r: Resource) => `${r.group}/${r.kind}`;

export function catalogOf(resources: readonly Resource[]): Catalog {
  const kinds = new Map<string, Resource[]>();
  const named = new Map<string, Resource>();
  for (const r of resources) {
    const key = keyOf(r);
    const list = kinds.get(key);
    if (list) list.push(r);
    else kinds.set(key, [r]);
    const full = `${key}|${r.namespace}|${r.name}`;
    if (!named.has(full)) named.set(full, r);
  }
  return {
    all: resources,
    ofKind: (groupKind) => kinds.get(groupKind) ?? [],
    find: (groupKind, namespace, name) => named.get(`${groupKind}|${namespace}|${name}`),
  };
}
