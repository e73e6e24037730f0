// The ListenerSets of a Gateway: more listeners for it, where it allows that. Listeners of the Gateway go first, then those of the oldest
// set (Gateway API spec, ListenerSetSpec.listeners; Istio: ListenerSetCollection in pilot/pkg/config/kube/gateway/gateway_collection.go
// and NamespaceAcceptedByAllowListeners in ../gatewaycommon, 2026-08-27).

import type { Resource } from '../../../model/index.js';
import { isAllowed, namespacesIn } from '../../../resources/allowed-namespaces.js';
import type { Catalog } from '../../../resources/catalog.js';
import { objectAt, stringAt } from '../fields.js';
import { GATEWAY, LISTENER_SET, referencedKind } from '../kinds.js';
import { byAge } from './precedence.js';

export interface GatewayListenerSet {
  readonly resource: Resource;
  /** False: `allowedListeners` of the Gateway does not include its namespace, and nothing of the set counts. */
  readonly allowed: boolean;
}

/** By precedence. */
export function listenerSetsOf(gateway: Resource, catalog: Catalog): readonly GatewayListenerSet[] {
  const sets = catalog.ofKind(LISTENER_SET).filter((set) => {
    const { kind, namespace, name } = parentOf(set);
    return kind === GATEWAY && namespace === gateway.namespace && name === gateway.name;
  });
  if (sets.length === 0) return [];
  const allowed = namespacesIn(
    objectAt(objectAt(objectAt(gateway.object, 'spec'), 'allowedListeners'), 'namespaces'),
    { from: 'None', own: gateway.namespace },
    catalog,
  );
  return sets
    .map((resource) => ({ resource, allowed: isAllowed(allowed, resource.namespace) }))
    .sort((a, b) => byAge(a.resource, b.resource));
}

/** What a ListenerSet is for: `group/kind`, namespace and name. */
export function parentOf(set: Resource): { readonly kind: string; readonly namespace: string; readonly name: string } {
  const reference = objectAt(objectAt(set.object, 'spec'), 'parentRef');
  return {
    kind: referencedKind(reference, GATEWAY),
    namespace: stringAt(reference, 'namespace') ?? set.namespace,
    name: stringAt(reference, 'name') ?? '',
  };
}
