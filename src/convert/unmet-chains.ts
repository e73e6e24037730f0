// TLS servers that no connection meets, because each of their names has upper case and a client's is lower-cased before it is looked up.
// No target has a list of no names: it would be one of all names. Where only some of the names are such, their hosts are still served on
// connections with another name of the server.

import { type EffectiveGateway, type FilterChain, hostText, type Listener, takesHost } from '../model/index.js';
import { itemOf, type LossItem } from './item.js';

const isMet = ({ match }: FilterChain): boolean => match.sni === undefined || match.sni.length > 0;

/** The gateways without them, and without ports that have nothing else; an item for each. */
export function withoutUnmetChains(gateways: readonly EffectiveGateway[]): {
  readonly gateways: readonly EffectiveGateway[];
  readonly items: readonly LossItem[];
} {
  const items: LossItem[] = [];
  const met = (listener: Listener, gateway: EffectiveGateway): Listener[] => {
    for (const { match, origin } of listener.filterChains)
      if (match.sni?.length === 0 && (origin ?? listener.origin))
        items.push(
          itemOf({
            key: 'host.unreachable',
            message: `no client asks for a name of this server of port ${listener.port}: server names come in lower case; it is left out`,
            origin: (origin ?? listener.origin)!,
          }),
        );
    for (const chain of listener.filterChains)
      for (const name of gateway.engine === 'envoy' ? hiddenHosts(chain) : [])
        items.push(
          itemOf({
            key: 'tls.other-hosts',
            message: `${name} is served on connections with another server name only, which the target does not do`,
            origin: (chain.origin ?? listener.origin)!,
          }),
        );
    const filterChains = listener.filterChains.filter(isMet);
    return filterChains.length > 0 ? [{ ...listener, filterChains }] : [];
  };
  const changed = gateways.map((gateway) => {
    const listeners = gateway.listeners.flatMap((listener) => met(listener, gateway));
    return gateway.listeners.every((l) => l.filterChains.every(isMet)) ? gateway : { ...gateway, listeners };
  });
  return { gateways: changed, items };
}

/** Hosts of a server that are no server name of it. */
function hiddenHosts(chain: FilterChain): string[] {
  const { sni } = chain.match;
  if (chain.kind !== 'http' || !sni || sni.length === 0) return [];
  const hosts = chain.virtualHosts.flatMap((host) => host.domains).filter((domain) => domain.kind === 'exact');
  return [...new Set(hosts.map(hostText))].filter((host) => !sni.some((name) => takesHost(name, host)));
}
