// What a translation leaves where it is: objects of other dialects that share a gateway with those that it moves. Whoever takes the old
// gateway away, or moves its addresses, takes them along.

import type { WrittenLoss } from '../dialects/dialect.js';
import { type EffectiveGateway, holderOf, type Resource, ruleOrigins } from '../model/index.js';
import { dialectOf, type Source } from './scope.js';

/** `all`: the gateways that all objects make; `moved`: those that the translation writes, and of what. One loss per object. */
export function staysBehind(
  all: readonly EffectiveGateway[],
  moved: readonly EffectiveGateway[],
  of: { readonly from: Source; readonly translated: ReadonlySet<Resource> },
): WrittenLoss[] {
  const ids = new Set(moved.map((g) => g.id));
  const found = new Map<Resource, WrittenLoss>();
  for (const gateway of all.filter((g) => ids.has(g.id)))
    for (const resource of new Set([...ruleOrigins(gateway)].map((origin) => holderOf(origin.resource)))) {
      const own = dialectOf(resource);
      if (own === undefined || own === of.from || of.translated.has(resource) || found.has(resource)) continue;
      const message = `stays on gateway ${gateway.id}, which serves it too: ${own}-to-… translates it`;
      found.set(resource, { key: 'object.stays', message, origin: { resource, path: [] } });
    }
  return [...found.values()].sort((a, b) => a.origin.resource.order - b.origin.resource.order);
}
