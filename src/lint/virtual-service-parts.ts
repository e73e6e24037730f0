// The parts of VirtualServices that rules about references ask for: destinations, gateways, hosts.

import {
  type FieldPath,
  type Json,
  type JsonObject,
  type Origin,
  originOf,
  own,
  type Resource,
} from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { listOf, objectOf, specOf, stringOf } from '../resources/fields.js';

export const virtualServices = (catalog: Catalog): readonly Resource[] =>
  catalog.ofKind('networking.istio.io/VirtualService');
export const istioGateways = (catalog: Catalog): readonly Resource[] => catalog.ofKind('networking.istio.io/Gateway');

export interface DestinationPart {
  readonly destination: JsonObject;
  readonly host: string;
  readonly origin: Origin;
  /** `idle`: a destination of weight 0 beside others with more, which gets no request (Istio's route.go and networkfilter.go leave it out). */
  readonly use: 'route' | 'mirror' | 'idle';
}

const isWeighted = (entry: Json | undefined): boolean => Number(objectOf(entry)?.weight ?? 0) > 0;

/** Visits every destination with a host, routes of a rule before its mirrors. Places are made when asked for. */
export function eachDestination(
  resource: Resource,
  visit: (destination: JsonObject, host: string, use: DestinationPart['use'], origin: () => Origin) => void,
): void {
  const spec = specOf(resource);
  const one = (value: JsonObject | undefined, use: DestinationPart['use'], origin: () => Origin) => {
    const host = stringOf(value?.host);
    if (value && host) visit(value, host, use, origin);
  };
  for (const protocol of ['http', 'tls', 'tcp']) {
    const routes = listOf(own(spec, protocol));
    for (let i = 0; i < routes.length; i++) {
      const { route, mirror, mirrors } = objectOf(routes[i]) ?? {};
      const at = (...path: FieldPath) => originOf(resource, 'spec', protocol, i, ...path);
      const all = listOf(route);
      const hasWeights = all.some(isWeighted);
      for (let j = 0; j < all.length; j++) {
        const use = hasWeights && !isWeighted(all[j]) ? 'idle' : 'route';
        one(objectOf(objectOf(all[j])?.destination), use, () => at('route', j, 'destination'));
      }
      if (mirror) one(objectOf(mirror), 'mirror', () => at('mirror'));
      for (const [j, to] of listOf(mirrors).entries())
        one(objectOf(objectOf(to)?.destination), 'mirror', () => at('mirrors', j, 'destination'));
    }
  }
}
