// Where Kuma sends a request: a tag `kuma.io/service` (`shop_web_svc_8080` is a Service of Kubernetes, anything else a service of Kuma's
// own), or a reference to a MeshService by name, namespace and port (tags.FromLegacyTargetRef, resolve.BackendRefOrNil; v2.13.9).

import {
  type Destination,
  type FieldPath,
  type JsonObject,
  type Origin,
  own,
  type Resource,
  type WeightedDestination,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { numberOf, objectOf, stringMapOf, stringOf } from '../../resources/fields.js';
import { findPort, findService, knowsService, serviceHost } from '../../resources/services.js';

import type { Backends } from './rule.js';

export const SERVICE_TAG = 'kuma.io/service';
/** Name, namespace and port as Kuma joins them for a Service (`svc` alone: a Service without ports is no destination). */
const KUBERNETES = /^(.+)_(.+)_svc_(\d{1,5})$/;

/** A backend of a MeshGatewayRoute; undefined: the files do not say which Service of Kubernetes it is, if it is one. */
export function backendByTags(backend: JsonObject, origin: Origin, catalog: Catalog): WeightedDestination | undefined {
  const to = byServiceTag(own(stringMapOf(backend.destination), SERVICE_TAG), origin, catalog);
  return to && { to, weight: numberOf(backend.weight) ?? 0, origin };
}

/** An entry of `backendRefs`; undefined as above: references by labels, and what is outside of the cluster. */
export function backendByReference(
  ref: JsonObject,
  route: Resource,
  origin: Origin,
  catalog: Catalog,
): WeightedDestination | undefined {
  const to = referenced(ref, route, origin, catalog);
  return to && { to, weight: numberOf(ref.weight) ?? 1, origin };
}

/** The requests for a destination that is not there are answered so (ClusterNotFoundResponseCode in route/configurers.go). */
const UNRESOLVED = 500;

function referenced(
  ref: JsonObject,
  route: Resource,
  origin: Origin,
  catalog: Catalog,
): Destination | { readonly status: number; readonly origin: Origin } | undefined {
  const kind = stringOf(ref.kind);
  const name = stringOf(ref.name);
  const port = numberOf(ref.port);
  if (!name || (kind !== 'MeshService' && kind !== 'MeshServiceSubset')) return undefined;
  // Without a port it is the value of the tag.
  if (port === undefined) return byServiceTag(name, origin, catalog);
  const namespace = stringOf(ref.namespace) ?? route.namespace;
  const found = ofKubernetes(namespace, name, port, origin, catalog);
  return 'missing' in found ? { status: UNRESOLVED, origin } : found;
}

/** Undefined: a service of Kuma's own, whose address is not in the files. */
export function byServiceTag(tag: string | undefined, origin: Origin, catalog: Catalog): Destination | undefined {
  const [, name, namespace, port] = KUBERNETES.exec(tag ?? '') ?? [];
  return name && namespace ? ofKubernetes(namespace, name, Number(port), origin, catalog) : undefined;
}

function ofKubernetes(namespace: string, name: string, port: number, origin: Origin, catalog: Catalog): Destination {
  const at = { host: serviceHost(namespace, name), port, origin };
  const service = findService(catalog, namespace, name);
  if (service) return findPort(service, { number: port }) ? at : { ...at, missing: 'port' };
  return knowsService(catalog, namespace, name) ? { ...at, missing: 'service' } : at;
}

export const allKnown = (backends: readonly (WeightedDestination | undefined)[]): Backends =>
  backends.every((b) => b !== undefined) ? backends : 'unknown';

/** Those of several rules together, as connections get them. */
export const joinedBackends = (lists: readonly Backends[]): Backends =>
  lists.includes('unknown') ? 'unknown' : lists.flatMap((list) => (list === 'unknown' ? [] : list));

/** Tags that choose some of a service's proxies: which pods these are, the files need not say. */
export const furtherTags = (backend: JsonObject): readonly { readonly tag: string; readonly path: FieldPath }[] =>
  ['destination', 'tags'].flatMap((key) =>
    Object.keys(objectOf(own(backend, key)) ?? {})
      .filter((tag) => tag !== SERVICE_TAG && tag !== 'kuma.io/protocol')
      .map((tag) => ({ tag, path: [key, tag] })),
  );
