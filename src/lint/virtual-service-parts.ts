// The parts of VirtualServices that rules about references ask for: destinations, gateways, hosts.

import { type FieldPath, type JsonObject, type Origin, originOf, type Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { objectOf, objectsOf, specOf, stringOf, stringsOf } from '../resources/fields.js';

export const virtualServices = (catalog: Catalog): readonly Resource[] =>
  catalog.ofKind('networking.istio.io/VirtualService');
export const istioGateways = (catalog: Catalog): readonly Resource[] => catalog.ofKind('networking.istio.io/Gateway');

export interface DestinationPart {
  readonly destination: JsonObject;
  readonly host: string;
  readonly origin: Origin;
  readonly use: 'route' | 'mirror';
}

/** Every destination with a host, routes before mirrors. */
export function destinationsOf(resource: Resource): DestinationPart[] {
  const spec = specOf(resource);
  const parts: DestinationPart[] = [];
  const add = (value: JsonObject | undefined, use: DestinationPart['use'], ...path: FieldPath) => {
    const host = stringOf(value?.host);
    if (value && host) parts.push({ destination: value, host, use, origin: originOf(resource, 'spec', ...path) });
  };
  for (const protocol of ['http', 'tls', 'tcp'])
    for (const [i, route] of objectsOf(spec[protocol]).entries()) {
      for (const [j, to] of objectsOf(route.route).entries())
        add(objectOf(to.destination), 'route', protocol, i, 'route', j, 'destination');
      add(objectOf(route.mirror), 'mirror', protocol, i, 'mirror');
      for (const [j, to] of objectsOf(route.mirrors).entries())
        add(objectOf(to.destination), 'mirror', protocol, i, 'mirrors', j, 'destination');
    }
  return parts;
}

export interface GatewayReference {
  /** As written. */
  readonly text: string;
  readonly namespace: string;
  readonly name: string;
  readonly origin: Origin;
}

/** Gateways of a VirtualService other than `mesh`; also the old form `name.namespace.svc.cluster.local`. */
export function gatewayReferences(resource: Resource): GatewayReference[] {
  return stringsOf(specOf(resource).gateways).flatMap((text, index) => {
    if (text === 'mesh') return [];
    const slash = text.indexOf('/');
    const [legacyName, legacyNamespace] = text.split('.');
    const namespace = slash >= 0 ? text.slice(0, slash) : (legacyNamespace ?? resource.namespace);
    const name = slash >= 0 ? text.slice(slash + 1) : legacyName!;
    return [{ text, namespace, name, origin: originOf(resource, 'spec', 'gateways', index) }];
  });
}

/** Bound to sidecars: no gateways, or `mesh` among them. */
export const isOnMesh = (resource: Resource): boolean => {
  const gateways = stringsOf(specOf(resource).gateways);
  return gateways.length === 0 || gateways.includes('mesh');
};
