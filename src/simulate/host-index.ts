// Which virtual host takes a request: exact name, then the longest suffix, then the one for any host; never a second
// try (source/common/router/config_impl.cc, RouteMatcher::findVirtualHost). A suffix needs at least one character before it.

import type { DomainPattern } from '../model/index.js';

export interface HostIndex<T> {
  find(host: string): { readonly value: T; readonly domain: DomainPattern } | undefined;
}

interface Entry<T> {
  readonly value: T;
  readonly domain: DomainPattern;
}

/** The first of two that name the same domain wins. */
export function indexHosts<T>(
  items: readonly { readonly domains: readonly DomainPattern[]; readonly value: T }[],
): HostIndex<T> {
  const exact = new Map<string, Entry<T>>();
  const suffix = new Map<string, Entry<T>>();
  const oneLabel = new Map<string, Entry<T>>();
  let any: Entry<T> | undefined;
  for (const { domains, value } of items) {
    for (const domain of domains) {
      const entry = { value, domain };
      if (domain.kind === 'any' || domain.value === '') any ??= entry;
      else {
        const map = domain.kind === 'exact' ? exact : domain.kind === 'suffix' ? suffix : oneLabel;
        if (!map.has(domain.value)) map.set(domain.value, entry);
      }
    }
  }
  const lengths = [...new Set([...suffix.keys(), ...oneLabel.keys()].map((s) => s.length))].sort((a, b) => b - a);
  return {
    find(host) {
      const same = exact.get(host);
      if (same) return same;
      for (const length of lengths) {
        if (length >= host.length) continue;
        const tail = host.slice(-length);
        const one = oneLabel.get(tail);
        if (one && !host.slice(0, -length).includes('.')) return one;
        const entry = suffix.get(tail);
        if (entry) return entry;
      }
      return any;
    },
  };
}
