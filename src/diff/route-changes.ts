// What a new configuration of a gateway changes, as routes in words: which came, which went, which stand elsewhere in the order.

import type { EffectiveGateway } from '../model/index.js';
import { changedRules } from './changed.js';
import { actionWords, destinationWords, domainWords, matchWords } from './words.js';

export interface RouteChanges {
  /** `port 80 shop.example.com: path begins /cart → cart.default.svc.cluster.local:80`. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The same routes, tried in another order. */
  readonly moved: readonly string[];
}

export function routeChanges(before: EffectiveGateway, after: EffectiveGateway): RouteChanges {
  const [old, now] = [routeLines(before), routeLines(after)];
  const [gone, come] = changedRules(old, now);
  const removed = [...gone].map((i) => old[i] as string);
  const added: string[] = [];
  const moved: string[] = [];
  const left = new Map<string, number>();
  for (const line of removed) left.set(line, (left.get(line) ?? 0) + 1);
  for (const i of come) {
    const line = now[i] as string;
    const times = left.get(line) ?? 0;
    if (times === 0) added.push(line);
    else {
      moved.push(line);
      left.set(line, times - 1);
    }
  }
  return { added, removed: removed.filter((line) => takeOne(left, line)), moved };
}

function takeOne(left: Map<string, number>, line: string): boolean {
  const times = left.get(line) ?? 0;
  if (times === 0) return false;
  left.set(line, times - 1);
  return true;
}

const routeLines = ({ listeners }: EffectiveGateway): string[] =>
  listeners.flatMap(({ port, filterChains }) =>
    filterChains.flatMap((chain) => {
      const names = chain.match.sni?.map(domainWords).join(', ') ?? '*';
      if (chain.kind === 'l4') return [`port ${port} ${names} → ${destinationWords(chain.destinations)}`];
      return chain.virtualHosts.flatMap(({ domains, routes }) =>
        routes.map((route) => {
          const match = matchWords(route.match).join(', ') || 'anything';
          return `port ${port} ${domains.map(domainWords).join(', ')}: ${match} → ${actionWords(route)}`;
        }),
      );
    }),
  );
