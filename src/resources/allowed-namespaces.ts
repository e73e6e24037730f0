// From which namespaces a listener takes routes, or a Gateway ListenerSets: `allowedRoutes.namespaces` (Gateway API spec, RouteNamespaces;
// Istio: namespacesFromSelector and toNamespaceSet in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import { type Json, type JsonObject, own } from '../model/index.js';
import type { Catalog } from './catalog.js';
import { compareText, objectOf, objectsOf, stringOf, stringsOf } from './fields.js';

const NAME_LABEL = 'kubernetes.io/metadata.name';

/** `*`: all. A list: exactly these, sorted; an empty one takes nothing. */
export type AllowedNamespaces = '*' | readonly string[];

/** `own`: the namespace of the object that has the listener. */
export const allowedNamespaces = (listener: Json, own: string, catalog: Catalog): AllowedNamespaces =>
  namespacesIn(objectOf(objectOf(objectOf(listener)?.allowedRoutes)?.namespaces), { from: 'Same', own }, catalog);

/** `namespaces`: `{from, selector}`; `usual`: the default of `from`, and the namespace that `Same` means. */
export function namespacesIn(
  namespaces: JsonObject | undefined,
  usual: { readonly from: 'Same' | 'None'; readonly own: string },
  catalog: Catalog,
): AllowedNamespaces {
  const from = stringOf(namespaces?.from) ?? usual.from;
  if (from === 'Same') return [usual.own];
  if (from === 'None') return [];
  if (from === 'All' || (namespaces?.selector ?? null) === null) return '*';
  const selector = objectOf(namespaces?.selector) ?? {};
  return [...namespaceLabels(catalog)]
    .filter(([, labels]) => selects(selector, labels))
    .map(([name]) => name)
    .sort(compareText);
}

export const isAllowed = (allowed: AllowedNamespaces, namespace: string): boolean =>
  allowed === '*' || allowed.includes(namespace);

/** Every namespace that the files show, also one that only objects live in: it has the label that Kubernetes gives. */
function namespaceLabels(catalog: Catalog): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const found = new Map<string, Readonly<Record<string, string>>>();
  for (const r of catalog.ofKind('/Namespace')) found.set(r.name, { ...r.labels, [NAME_LABEL]: r.name });
  for (const r of catalog.all) {
    if (!found.has(r.namespace)) found.set(r.namespace, { [NAME_LABEL]: r.namespace });
  }
  return found;
}

/** A label selector (Kubernetes API, LabelSelector): all parts hold; an unusable operator selects nothing. */
function selects(selector: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(objectOf(selector.matchLabels) ?? {});
  if (!wanted.every(([key, value]) => own(labels, key) === value)) return false;
  return objectsOf(selector.matchExpressions).every((expression) => {
    const key = stringOf(expression.key) ?? '';
    const values = stringsOf(expression.values);
    const present = Object.hasOwn(labels, key);
    const value = own(labels, key);
    switch (stringOf(expression.operator)) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return present;
      case 'DoesNotExist':
        return !present;
      default:
        return false;
    }
  });
}
