// Which Services stand before a gateway: they select its pods, so a way into them is a way into the gateway.

import type { EffectiveGateway } from '../model/index.js';
import { specOf, stringMapOf } from './fields.js';
import type { ServiceView } from './services.js';

/** Ids of the gateways whose pods the Service selects, for certain: it asks for every label that the gateway asks for. */
export function frontOf(service: ServiceView, gateways: readonly EffectiveGateway[]): string[] {
  const selector = Object.entries(service.selector);
  if (selector.length === 0) return [];
  const selects = (labels: Readonly<Record<string, string>>) => {
    const wanted = Object.entries(labels);
    return wanted.length > 0 && wanted.every(([key, value]) => service.selector[key] === value);
  };
  return gateways.filter((g) => labelsOf(g).some(selects)).map((g) => g.id);
}

/** Labels by which the pods of a gateway are known: the selectors of Istio's Gateways, the labels of ingress-nginx's chart. */
function labelsOf(gateway: EffectiveGateway): Readonly<Record<string, string>>[] {
  if (gateway.dialect === 'ingress-nginx')
    return [{ 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' }];
  if (gateway.dialect !== 'istio') return [];
  const fromId = Object.fromEntries(
    gateway.id.split(',').flatMap((pair) => (pair.includes('=') ? [pair.split('=')] : [])),
  );
  const written = gateway.listeners.flatMap(({ origin }) =>
    origin?.resource.kind === 'Gateway' ? [stringMapOf(specOf(origin.resource).selector)] : [],
  );
  return [fromId as Record<string, string>, ...written];
}
