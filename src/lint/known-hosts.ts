// Which hosts the files define (Service and ServiceEntry), and what a reference to a host means when the files are all
// that is known: `missing` only where what they hold counts as all there is (resources/services.ts), else `unknown`.

import { CLUSTER_DOMAIN, resolveShortName } from '../implementations/istio/hosts.js';
import { own, type Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { numberOf, objectsOf, specOf, stringOf, stringsOf } from '../resources/fields.js';
import { perCatalog } from '../resources/kept-answers.js';
import { knowsHost } from '../resources/services.js';

export interface KnownHost {
  readonly host: string;
  readonly resource: Resource;
  readonly ports: readonly { readonly number: number; readonly name: string }[];
  /** Absent: visible everywhere. */
  readonly exportTo?: readonly string[];
}

export type Lookup =
  | { readonly kind: 'found'; readonly hosts: readonly KnownHost[] }
  /** Defined, but not exported to the namespace that asks. */
  | { readonly kind: 'hidden'; readonly hosts: readonly KnownHost[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown' };

export interface KnownHosts {
  /** Fully qualified, of the namespace of the object that refers to it. */
  fullName(host: string, namespace: string): string;
  lookup(host: string, namespace: string): Lookup;
}

/** Made once for all rules. */
export const knownHosts = perCatalog((catalog): KnownHosts => build(catalog));

function build(catalog: Catalog): KnownHosts {
  const exact = new Map<string, KnownHost[]>();
  const wildcards = new Map<string, KnownHost[]>();
  const push = <V>(table: Map<string, V[]>, key: string, value: V) => {
    const list = table.get(key);
    if (list) list.push(value);
    else table.set(key, [value]);
  };

  for (const resource of catalog.ofKind('/Service')) {
    const exported = resource.annotations['networking.istio.io/exportTo'];
    const host = `${resource.name}.${resource.namespace}.svc.${CLUSTER_DOMAIN}`;
    push(exact, host, {
      host,
      resource,
      ports: portsOf(resource, 'port'),
      ...(exported ? { exportTo: exported.split(',').map((n) => n.trim()) } : {}),
    });
  }
  for (const resource of catalog.ofKind('networking.istio.io/ServiceEntry')) {
    const spec = specOf(resource);
    const exportTo = stringsOf(spec.exportTo);
    for (const name of stringsOf(spec.hosts)) {
      const host = resolveShortName(name, resource.namespace);
      const entry: KnownHost = {
        host,
        resource,
        ports: portsOf(resource, 'number'),
        ...(exportTo.length ? { exportTo } : {}),
      };
      push(exact, host, entry);
      if (host.startsWith('*')) push(wildcards, host.slice(1), entry);
    }
  }

  const candidates = (host: string): readonly KnownHost[] => {
    const own = exact.get(host);
    if (own || !wildcards.size) return own ?? [];
    const bare = host.startsWith('*') ? host.slice(1) : host;
    for (let from = 0; from >= 0 && from <= bare.length; from = bare.indexOf('.', from + 1)) {
      const found = wildcards.get(bare.slice(from));
      if (found) return found;
      if (bare.indexOf('.', from + 1) < 0) break;
    }
    return wildcards.get('') ?? [];
  };

  return {
    fullName: resolveShortName,
    lookup(host, namespace) {
      const full = resolveShortName(host, namespace);
      const hosts = candidates(full);
      const visible = hosts.filter((h) => isVisible(h, namespace));
      if (visible.length) return { kind: 'found', hosts: visible };
      if (hosts.length) return { kind: 'hidden', hosts };
      return { kind: knowsHost(catalog, full) ? 'missing' : 'unknown' };
    },
  };
}

const portsOf = (resource: Resource, field: string) =>
  objectsOf(specOf(resource).ports).map((p) => ({
    number: numberOf(own(p, field)) ?? 0,
    name: stringOf(p.name) ?? '',
  }));

const isVisible = ({ exportTo, resource }: KnownHost, namespace: string): boolean =>
  exportTo === undefined ||
  exportTo.some((to) => to === '*' || to === namespace || (to === '.' && resource.namespace === namespace));
