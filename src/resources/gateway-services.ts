// Which Services select the pods of a gateway: a way into such a Service is a way into the gateway.

import { type EffectiveGateway, own } from '../model/index.js';
import type { ServiceView } from './services.js';

/** Ids of the gateways whose pods the Service certainly selects: its selector has every label of the gateway's. */
export function gatewaysSelectedBy(service: ServiceView, gateways: readonly EffectiveGateway[]): string[] {
  const selector = Object.entries(service.selector);
  if (selector.length === 0) return [];
  const selects = (labels: Readonly<Record<string, string>>) => {
    const wanted = Object.entries(labels);
    return wanted.length > 0 && wanted.every(([key, value]) => own(service.selector, key) === value);
  };
  return gateways.filter((g) => (g.podLabels ?? []).some(selects)).map((g) => g.id);
}
