// Istio's algebra of host names: what covers what, what two lists of hosts have in common, and what a short name means.
// Rules of pkg/config/host/{name,names}.go and ResolveShortnameToFQDN in pilot/pkg/model/config.go (Istio of 2026-08-22).

export const CLUSTER_DOMAIN = 'cluster.local';

export const isWildcard = (host: string): boolean => host.startsWith('*');

/** Every name that `a` stands for is one that `b` stands for. Plain text, case counts; `*.example.com` covers any depth. */
export function subsetOf(a: string, b: string): boolean {
  if (!isWildcard(b)) return a === b;
  if (isWildcard(a) && a.length < b.length) return false;
  return (isWildcard(a) ? a.slice(1) : a).endsWith(b.slice(1));
}

/** One of the two covers the other. */
export function hostsMatch(a: string, b: string): boolean {
  if (isWildcard(a) && isWildcard(b)) {
    return a.length < b.length ? b.slice(1).endsWith(a.slice(1)) : a.slice(1).endsWith(b.slice(1));
  }
  if (isWildcard(a)) return b.endsWith(a.slice(1));
  if (isWildcard(b)) return a.endsWith(b.slice(1));
  return a === b;
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Names before wildcards, longer before shorter, then by alphabet. */
function compareSpecificity(a: string, b: string): number {
  if (isWildcard(a) !== isWildcard(b)) return isWildcard(a) ? 1 : -1;
  return a.length === b.length ? byCodeUnit(a, b) : b.length - a.length;
}

/** The entry of `table` whose key covers `host` best: the name itself, else the most specific wildcard. */
export function mostSpecific<V>(host: string, table: ReadonlyMap<string, V>): V | undefined {
  const own = table.get(host);
  if (own !== undefined) return own;
  const needle = isWildcard(host) ? host.slice(1) : host;
  let best: string | undefined;
  for (const key of table.keys()) {
    if (!isWildcard(key) || !needle.endsWith(key.slice(1))) continue;
    if (best === undefined || compareSpecificity(key, best) < 0) best = key;
  }
  return best === undefined ? undefined : table.get(best);
}

/** A list of hosts, prepared for many intersections. */
export interface HostIndex {
  /** The hosts that both lists serve, each in its more specific spelling, without repetition. */
  intersect(others: readonly string[]): string[];
}

export function hostIndex(hosts: readonly string[]): HostIndex {
  const exact = new Set(hosts.filter((h) => !isWildcard(h)));
  const wildcards = hosts.filter(isWildcard);
  return {
    intersect(others) {
      const found = new Set<string>();
      for (const other of others) {
        if (!isWildcard(other)) {
          if (exact.has(other) || wildcards.some((w) => other.endsWith(w.slice(1)))) found.add(other);
          continue;
        }
        for (const host of hosts) {
          if (subsetOf(host, other)) found.add(host);
          else if (subsetOf(other, host)) found.add(other);
        }
      }
      return [...found];
    },
  };
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** `reviews` in namespace `shop` is `reviews.shop.svc.cluster.local`; anything with a dot, an address and `*` stay. */
export function resolveShortName(host: string, namespace: string): string {
  if (host === '' || host === '*' || host.includes('.') || host.includes(':') || IPV4.test(host)) return host;
  return `${host}.${namespace}.svc.${CLUSTER_DOMAIN}`;
}
