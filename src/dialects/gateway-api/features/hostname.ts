// How two host names with wildcards relate. `*.example.com` takes any depth below example.com, and not example.com
// itself (Gateway API spec, Listener.hostname; the same in Istio). `*` takes everything: what an absent hostname means.

import { isWildcard, subsetOf } from '../../../implementations/istio/hosts.js';
import type { DomainPattern } from '../../../model/index.js';

/** The names that both take: always one of the two, or nothing. */
export const intersection = (a: string, b: string): string | undefined =>
  subsetOf(a, b) ? a : subsetOf(b, a) ? b : undefined;

/** As the model says it; lower case. */
export function domainOf(host: string): DomainPattern {
  const name = host.toLowerCase();
  if (name === '*') return { kind: 'any' };
  return isWildcard(name) ? { kind: 'suffix', value: name.slice(1) } : { kind: 'exact', value: name };
}

/**
 * More specific first: names without a wildcard before those with one, longer before shorter (Gateway API spec,
 * HTTPRouteSpec.hostnames: most characters in a matching name without wildcard, then in a matching name).
 */
export const bySpecificity = (a: string, b: string): number =>
  Number(isWildcard(a)) - Number(isWildcard(b)) || b.length - a.length;
