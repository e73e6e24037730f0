// Which objects a translation starts from, and which it leaves where they are.

import type { Resource } from '../model/index.js';
import { type Catalog, catalogOf } from '../resources/catalog.js';

export type Source = 'ingress' | 'istio' | 'gateway-api';
export type Target = Source | 'envoy';

export const SOURCES: readonly Source[] = ['ingress', 'istio', 'gateway-api'];
export const TARGETS: readonly Target[] = ['ingress', 'istio', 'gateway-api', 'envoy'];

const GATEWAY_API = 'gateway.networking.k8s.io';
const ISTIO_ROUTING = new Set(['Gateway', 'VirtualService']);

/** The dialect whose translation an object belongs to; undefined: it serves all of them (Service, Secret, DestinationRule, policies). */
export function dialectOf(r: Resource): Source | undefined {
  if (
    (r.kind === 'Ingress' || r.kind === 'IngressClass') &&
    (r.group === 'networking.k8s.io' || r.group === 'extensions')
  )
    return 'ingress';
  if (r.group === 'networking.istio.io' && ISTIO_ROUTING.has(r.kind)) return 'istio';
  if (r.group === GATEWAY_API && r.kind !== 'BackendTLSPolicy') return 'gateway-api';
  return undefined;
}

/** The objects that are translated; an IngressClass is read, and stays behind. */
export const translated = (catalog: Catalog, from: Source): Resource[] =>
  catalog.all.filter((r) => dialectOf(r) === from && r.kind !== 'IngressClass');

/** The objects as the source dialect sees them: without the routing of the others. */
export const asSeenBy = (catalog: Catalog, from: Source): Catalog =>
  catalogOf(catalog.all.filter((r) => dialectOf(r) === undefined || dialectOf(r) === from));

/** What stays in place beside the translation's output. */
export const kept = (catalog: Catalog): Resource[] => catalog.all.filter((r) => dialectOf(r) === undefined);
