// Names of hosts as Kuma compares them (pkg/plugins/runtime/gateway/match/hostnames.go, v2.13.9): a star stands for any number of labels.

import type { DomainPattern } from '../../model/index.js';

/** No name is `*`. */
export const hostnameOf = (written: string | undefined): string => written || '*';

export const domainOf = (hostname: string): DomainPattern => {
  const name = hostname.toLowerCase();
  if (name === '*') return { kind: 'any' };
  return name.startsWith('*.') ? { kind: 'suffix', value: name.slice(1) } : { kind: 'exact', value: name };
};

/** Every name that `inner` stands for is one that `outer` stands for. */
export function containsHost(outer: string, inner: string): boolean {
  const [first, ...domain] = outer.split('.');
  const [innerFirst, ...innerDomain] = inner.split('.');
  if (domain.length > innerDomain.length) return false;
  if (!domain.every((label, i) => label === innerDomain[innerDomain.length - domain.length + i])) return false;
  return first === '*' || first === innerFirst;
}

export const hostsMeet = (a: string, b: string): boolean => containsHost(a, b) || containsHost(b, a);

const labels = (name: string): number => name.split('.').length;

/** Names without a star first, then the longer domain, then by text. */
export function compareExactness(a: string, b: string): number {
  const stars = Number(a.startsWith('*')) - Number(b.startsWith('*'));
  if (stars !== 0) return stars;
  if (a.startsWith('*') && labels(a) !== labels(b)) return labels(b) - labels(a);
  return a < b ? -1 : a > b ? 1 : 0;
}
