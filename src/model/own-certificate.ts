// A controller shows a certificate that it made for itself where nobody named a Secret. Clients do not trust it; what is left of a gateway
// without these connections.

import type { ChainMatch, EffectiveGateway, FilterChain, TlsContext, VirtualHost } from './gateway.js';
import type { DomainPattern } from './matchers.js';

/** The chain answers some server names, or none, with the controller's own certificate. */
export const showsOwnCertificate = ({ tls }: FilterChain): boolean =>
  tls?.ownCertificate === true && tls.credentials.length === 0;

/** Without connections that only the controller's own certificate serves, and without hosts that no other connection asks for. */
export const withoutOwnCertificate = (gateway: EffectiveGateway): EffectiveGateway => ({
  ...gateway,
  listeners: gateway.listeners.flatMap((listener) => {
    if (!listener.filterChains.some(showsOwnCertificate)) return [listener];
    const filterChains = listener.filterChains.flatMap((c) => (showsOwnCertificate(c) ? named(c) : [c]));
    // Nobody listens where nothing is left.
    return filterChains.length > 0 ? [{ ...listener, filterChains }] : [];
  }),
});

function named(chain: FilterChain): FilterChain[] {
  const sni = chain.tls?.certificates?.flatMap(({ hosts }) => hosts) ?? [];
  if (sni.length === 0 || !chain.tls) return [];
  const { ownCertificate: _, ...tls }: TlsContext = chain.tls;
  const match: ChainMatch = { ...chain.match, sni };
  if (chain.kind === 'l4') return [{ ...chain, match, tls }];
  const isAsked = ({ domains }: VirtualHost) => domains.some((d) => sni.some((name) => meets(name, d)));
  return [{ ...chain, match, tls, virtualHosts: chain.virtualHosts.filter(isAsked) }];
}

/** Some name is one of both. */
function meets(a: DomainPattern, b: DomainPattern): boolean {
  if (a.kind === 'any' || b.kind === 'any') return true;
  return (
    a.value === b.value ||
    (a.kind !== 'exact' && b.value.endsWith(a.value)) ||
    (b.kind !== 'exact' && a.value.endsWith(b.value))
  );
}
