// Fewer Gateways for the same servers: those of one workload are one object where no VirtualService of the one would reach a server of the
// other.

import { append } from '../../../model/index.js';
import type { GatewayDraft, ServiceDraft } from './drafts.js';
import { covers, gatewayGroups } from './units.js';

/** Gateways to which exactly the same VirtualServices are bound are one. */
export function mergeGateways(drafts: GatewayDraft[], services: readonly ServiceDraft[]): void {
  const bound = new Map<GatewayDraft, number[]>();
  for (const [i, s] of services.entries()) for (const g of s.gateways) bound.set(g, [...(bound.get(g) ?? []), i]);
  const alike = new Map<string, GatewayDraft[]>();
  for (const draft of [...drafts]) {
    const own = bound.get(draft);
    if (!own) continue;
    const key = JSON.stringify([draft.selector, own]);
    const before = alike.get(key) ?? [];
    const hosts = own.flatMap((i) => services[i]!.hosts);
    const into = before.find((d) => gatewayGroups([...d.units, ...draft.units], hosts).length === 1);
    if (!into) alike.set(key, [...before, draft]);
    else {
      append(into.units, draft.units);
      for (const i of own) services[i]!.gateways.splice(services[i]!.gateways.indexOf(draft), 1);
      drafts.splice(drafts.indexOf(draft), 1);
    }
  }
}

/** More are left as they are: each is compared with each. */
const MOST_JOINED = 40;

/** Gateways of one workload are one where no VirtualService of the one would reach a server of the other. */
export function joinGateways(drafts: GatewayDraft[], services: readonly ServiceDraft[]): void {
  if (drafts.length > MOST_JOINED) return;
  const boundTo = (draft: GatewayDraft) => services.filter((s) => s.gateways.includes(draft));
  const isApart = (service: ServiceDraft, { units }: GatewayDraft): boolean =>
    units.every((u) => u.hosts.every((h) => service.hosts.every((host) => !covers(h, host) && !covers(host, h))));
  const canJoin = (a: GatewayDraft, b: GatewayDraft): boolean => {
    if (JSON.stringify(a.selector) !== JSON.stringify(b.selector)) return false;
    if ([a, b].some((d) => d.units.some((u) => u.chain.kind === 'l4'))) return false;
    const [x, y] = [boundTo(a), boundTo(b)];
    const hosts = [...x, ...y].flatMap((s) => s.hosts);
    return (
      gatewayGroups([...a.units, ...b.units], hosts).length === 1 &&
      x.every((s) => y.includes(s) || isApart(s, b)) &&
      y.every((s) => x.includes(s) || isApart(s, a))
    );
  };
  for (const draft of [...drafts]) {
    const into = drafts.slice(0, drafts.indexOf(draft)).find((d) => canJoin(d, draft));
    if (!into) continue;
    append(into.units, draft.units);
    drafts.splice(drafts.indexOf(draft), 1);
    for (const { gateways } of services) {
      const at = gateways.indexOf(draft);
      if (at < 0) continue;
      if (gateways.includes(into)) gateways.splice(at, 1);
      else gateways[at] = into;
    }
  }
}
