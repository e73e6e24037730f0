// Where a gateway of another dialect comes to stand: its name and namespace as a Gateway object.

import { type EffectiveGateway, ruleOrigins } from '../../../model/index.js';
import { compareText } from '../fields.js';
import { slug } from './names.js';

export interface Place {
  readonly name: string;
  readonly namespace: string;
}

/** A Gateway keeps its name; others get theirs from their id, in the namespace in which most of their rules are. */
export function placeOf(gateway: EffectiveGateway): Place {
  if (gateway.dialect === 'gateway-api') {
    const at = gateway.id.indexOf('/');
    return { namespace: gateway.id.slice(0, at), name: gateway.id.slice(at + 1) };
  }
  return { name: slug(gateway.id.replace(/^istio=/, '')), namespace: homeOf(gateway) };
}

function homeOf(gateway: EffectiveGateway): string {
  const counts = new Map<string, number>();
  for (const { resource } of ruleOrigins(gateway))
    counts.set(resource.namespace, (counts.get(resource.namespace) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || compareText(a, b))[0]?.[0] ?? 'default';
}
