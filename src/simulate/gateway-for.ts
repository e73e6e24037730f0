// Which gateway a request is most likely meant for, where the user names none: the one that knows its host.

import { type EffectiveGateway, type GatewayRequest, takesHost } from '../model/index.js';
import { compiledOf } from './compiled.js';
import { hostOf, knows, MOST_ASKED } from './hints.js';

/** Of those with the most exact host name the first that has a route; else the usual one. Undefined: there is none at all. */
export function gatewayFor(
  request: GatewayRequest,
  gateways: readonly EffectiveGateway[],
): EffectiveGateway | undefined {
  const { gateway: _, ...bare } = request;
  const host = hostOf(request);
  const named = gateways
    .map((gateway) => ({ gateway, rank: exactness(gateway, host) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST_ASKED);
  return (
    named.find(({ gateway }) => knows(compiledOf(gateway), bare))?.gateway ??
    gateways.find((g) => g.usual) ??
    named[0]?.gateway ??
    gateways.find((g) => !g.direct) ??
    gateways[0]
  );
}

/** How many characters of a host name its best pattern says; the exact name counts most; -1: it has no such host. */
function exactness({ listeners }: EffectiveGateway, host: string): number {
  let best = -1;
  for (const { filterChains } of listeners)
    for (const chain of filterChains) {
      const domains =
        chain.kind === 'http'
          ? chain.virtualHosts.flatMap((v) => (v.routes.length > 0 ? v.domains : []))
          : (chain.match.sni ?? []);
      for (const domain of domains)
        if (takesHost(domain, host))
          best = Math.max(best, domain.kind === 'any' ? 0 : domain.value.length + (domain.kind === 'exact' ? 1000 : 0));
    }
  return best;
}
