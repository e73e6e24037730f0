// A gateway as Istio's objects and those of the Gateway API can say it: what they cannot say is left out, each with an item.

import { type DomainPattern, type EffectiveGateway, hostText, mapChains } from '../model/index.js';
import type { Report, RuleBooks } from './item-list.js';
import { withOneTransport, withoutClosedNames, withoutNamePatterns } from './one-transport.js';
import { withoutQuestions } from './without-questions.js';

export const sayable = (gateway: EffectiveGateway, report: Report & RuleBooks): EffectiveGateway =>
  [withoutUnreachable, withoutQuestions, withoutClosedNames, withoutNamePatterns, withOneTransport].reduce(
    (g, step) => step(g, report),
    gateway,
  );

/** A name with an empty label, which a wildcard of Traefik takes: no client asks for it. */
const isEmptyLabel = (domain: DomainPattern): boolean => domain.kind === 'exact' && domain.value.startsWith('.');

function withoutUnreachable(gateway: EffectiveGateway, report: Report & RuleBooks): EffectiveGateway {
  return mapChains(gateway, (chain) => {
    if (chain.kind !== 'http' || !chain.virtualHosts.some((v) => v.domains.every(isEmptyLabel))) return chain;
    const virtualHosts = chain.virtualHosts.filter((host) => {
      if (!host.domains.every(isEmptyLabel)) return true;
      for (const route of host.routes) report.needless(route);
      const origin = host.origin ?? host.routes[0]?.origin;
      if (origin)
        report.add('host.unreachable', `no client asks for the host ${host.domains.map(hostText).join(', ')}`, origin);
      return false;
    });
    return { ...chain, virtualHosts };
  });
}
