// A wildcard of one label (ingress-nginx, Kubernetes) in a dialect whose wildcards take any depth: the routes test the whole
// authority, and deeper hosts go on to what answers for every host.

import { type DomainPattern, type EffectiveGateway, mapChains, type Route, type VirtualHost } from '../model/index.js';
import { quoteRegex } from '../regex/quote.js';

/**
 * Each such wildcard as a host of its own: what its routes test must not be asked of the host's other names. And all hosts apart from the
 * names beside them, which a policy for all hosts without those of a wildcard would miss.
 */
export const withWildcardsApart = (gateway: EffectiveGateway): EffectiveGateway =>
  mapChains(gateway, (chain) =>
    chain.kind === 'http' && chain.virtualHosts.some((v) => apart(v).length > 1)
      ? { ...chain, virtualHosts: chain.virtualHosts.flatMap(apart) }
      : chain,
  );

function apart(host: VirtualHost): readonly VirtualHost[] {
  const isWild = ({ kind }: DomainPattern) => kind === 'one-label' || kind === 'any';
  const others = host.domains.filter((d) => !isWild(d));
  if (others.length === host.domains.length || host.domains.length === 1) return [host];
  const wild = host.domains.filter(isWild).map((d) => [d]);
  return [...wild, ...(others.length > 0 ? [others] : [])].map((domains) => ({ ...host, domains }));
}

const forAuthority =
  (pattern: string) =>
  (route: Route): Route => {
    const only = { name: ':authority', value: { kind: 'regex', pattern } } as const;
    return { ...route, match: { ...route.match, headers: [...route.match.headers, only] } };
  };

/**
 * Addresses are checked by policies, which cannot name these hosts: whoever would be asked there is refused. A rule that lets addresses in
 * (`satisfy any`) is left out alone: what stands behind it is what everybody else gets.
 */
function closedWhereGuarded(routes: readonly Route[]): readonly Route[] {
  const pathOf = ({ match }: Route) => JSON.stringify(match.path);
  /** Paths whose addresses are checked, in front of what stands further down. */
  const checked = new Set<string>();
  return routes.flatMap((r) => {
    if (!r.match.source?.length)
      return isRefusable(r) && checked.has(pathOf(r)) ? { ...r, action: { kind: 'direct-response', status: 403 } } : r;
    if (r.action.kind !== 'forward') checked.add(pathOf(r));
    return [];
  });
}

/** nginx redirects before it looks at addresses, and refuses or forwards behind that. */
const isRefusable = ({ action }: Route): boolean =>
  action.kind === 'forward' || (action.kind === 'direct-response' && action.status >= 400);

/**
 * `host` with its routes for one label only; hosts without such a wildcard stay as they are. `all`: the virtual hosts beside
 * it. The routes for deeper hosts come last, and test for that too: the target need not keep their order. `ports`: a Host header
 * may name a port (default); not where a policy guards the host that cannot say so. `checks`: of addresses for deeper hosts, which are
 * closed (default) unless the target checks them rule by rule.
 */
export function oneLabelOnly(
  host: VirtualHost,
  all: readonly VirtualHost[],
  { ports = true, checks = 'closed' }: { readonly ports?: boolean; readonly checks?: 'closed' | 'kept' } = {},
): VirtualHost {
  const pattern = host.domains.find((d) => d.kind === 'one-label');
  if (pattern?.kind !== 'one-label') return host;
  const rest = `${quoteRegex(pattern.value)}${ports ? '(:[0-9]+)?' : ''}`;
  const everywhere = all.find((v) => v.domains.some((d) => d.kind === 'any'))?.routes ?? [];
  return {
    ...host,
    routes: [
      ...host.routes.map(forAuthority(`(?i)[^.:]+${rest}`)),
      ...(checks === 'kept' ? everywhere : closedWhereGuarded(everywhere)).map(
        forAuthority(`(?i)[^:]*\\.[^.:]+${rest}`),
      ),
    ],
  };
}
