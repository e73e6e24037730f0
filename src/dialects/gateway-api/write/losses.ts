// Losses of a gateway or a host as a whole: what was never understood, what the engine does by itself, policies that are
// bound to another workload.

import { isOfPolicy } from '../../../implementations/istio/write/moved-policies.js';
import { noteUnsaid } from '../../../implementations/istio/write/written-policies.js';
import { chainPlaces, type EffectiveGateway } from '../../../model/index.js';
import { noteEngine, noteUnknownEngine } from '../../engine-losses.js';
import { addUnsupported } from '../../item-list.js';
import type { Implementation } from '../implementations/implementation.js';
import type { HostRoutes } from './host-routes.js';
import type { Report } from './report.js';

export function gatewayLosses(
  gateway: EffectiveGateway,
  { controlPlane, own, engine }: Implementation,
  report: Report,
): void {
  for (const unsupported of gateway.unsupported) {
    // Policies of Istio move with their gateway (moved-policies.ts).
    if (controlPlane && isOfPolicy(unsupported)) continue;
    addUnsupported(unsupported, report);
  }
  for (const { chain } of chainPlaces(gateway)) {
    if (chain.kind !== 'http') continue;
    const { policies, bodyLimit } = chain;
    if (bodyLimit?.maxBytes !== undefined)
      report.add('policies.body-limit', 'requests that no rule matches have no body limit', bodyLimit.origin);
    if (gateway.dialect === 'gateway-api') continue;
    for (const { origin } of policies?.rateLimits ?? []) {
      report.add('policies.rate-limit', 'the rate limit belongs to the old workload', origin);
    }
  }
  if (controlPlane) {
    noteEngine(gateway, { engine: 'envoy', namesByConnection: true }, report);
    if (gateway.dialect !== 'gateway-api') noteUnsaid(gateway, report);
  } else if (own) {
    noteEngine(gateway, { engine, namesByConnection: true }, report);
    notePolicies(gateway, report);
  } else {
    noteUnknownEngine(gateway, report);
    notePolicies(gateway, report);
  }
}

/** Token checks and authorization are no part of the standard. */
function notePolicies(gateway: EffectiveGateway, report: Report): void {
  for (const { chain } of chainPlaces(gateway)) {
    const authentication = chain.kind === 'http' ? (chain.policies?.authentication ?? []) : [];
    for (const { origin } of [...authentication, ...(chain.policies?.authorization ?? [])])
      report.add(
        'policies',
        `the Gateway API has no field for what ${origin.resource.kind} ${origin.resource.name} refuses`,
        origin,
      );
  }
}

/** Behind TLS a route is found by the host, and only among those of the SNI's listener. */
export function hostLosses({ host, listeners }: HostRoutes, report: Report): void {
  const [listener] = listeners;
  const origin = host.routes[0]?.origin;
  if (!listener?.tls || listener.hostname === '*' || !origin || listener.chain.kind !== 'http') return;
  if ((listener.chain.match.sni?.length ?? 0) < 2) return;
  const message = 'a connection serves the hosts of its SNI, not the others of this certificate';
  report.add('tls.other-hosts', message, origin);
}
