// Chains that forward bytes: a server of a Gateway per chain, and VirtualServices with routes of TLS or TCP.

import { slug } from '../../../implementations/istio/write/slug.js';
import { append, type Destination, type EffectiveGateway } from '../../../model/index.js';
import { writeDestination } from './action.js';
import type { Drafts, GatewayDraft, L4Draft } from './drafts.js';
import type { Report } from './report.js';
import { apart, type L4Unit, l4Units } from './units.js';
import { gatewayId, type Labels } from './workloads.js';

export function addL4(
  gateway: EffectiveGateway,
  selector: Labels,
  drafts: Drafts,
  report: Report,
  defaultSecret: string | undefined,
): void {
  for (const unit of l4Units(gateway, defaultSecret)) {
    const draft = draftFor(unit, selector, drafts.gateways);
    draft.units.push(unit);
    append(drafts.l4, servicesOf(unit, draft, report));
  }
}

/** Servers of bytes on one port of a workload share a Gateway; but for terminated TLS, whose routes do not name a server. */
function draftFor({ port, chain }: L4Unit, selector: Labels, drafts: GatewayDraft[]): GatewayDraft {
  const known = drafts.find(
    ({ units, selector: labels }) =>
      gatewayId(labels) === gatewayId(selector) &&
      !chain.tls &&
      units.every((u) => u.chain.kind === 'l4' && !u.chain.tls) &&
      units.some((u) => u.port === port),
  );
  if (known) return known;
  const draft: GatewayDraft = { units: [], selector };
  drafts.push(draft);
  return draft;
}

function servicesOf({ chain, protocol, port, hosts: all }: L4Unit, gateway: GatewayDraft, report: Report): L4Draft[] {
  const real = chain.destinations.flatMap(({ to, weight }) =>
    'host' in to ? [{ to: to as Destination, weight }] : [],
  );
  if (real.length === 0) return [];
  if (chain.match.source?.length || chain.match.destination?.length)
    report.add('l4.addresses', 'address conditions of TCP routes are not translated', chain.origin);
  const route = real.map(({ to, weight }) => ({
    destination: writeDestination(to),
    ...(real.length > 1 ? { weight } : {}),
  }));
  const passes = protocol === 'TLS' && !chain.tls;
  return apart(all).map((hosts) => ({
    name: `${slug(hosts[0] ?? 'all')}-${passes ? 'tls' : 'tcp'}-${port}`,
    namespace: chain.origin.resource.namespace,
    hosts,
    gateway,
    routes: passes ? { tls: [{ match: [{ port, sniHosts: hosts }], route }] } : { tcp: [{ match: [{ port }], route }] },
  }));
}
