// Hosts of routes against the classes of hosts of a gateway: names are compared with their case, a wildcard stands for any number of
// labels, at the beginning or at the end of a name; a port counts only where the route names one (kong/router/transform.lua, fields.lua).

import type { DomainPattern, HeaderMatcher } from '../../../model/index.js';
import { literally } from '../patterns.js';

/** Hosts for which the same routes are asked. */
export type HostClass =
  | { readonly kind: 'exact'; readonly name: string }
  /** `value`: `.example.com`. */
  | { readonly kind: 'suffix'; readonly value: string }
  | { readonly kind: 'any' };

export const domainOf = (host: HostClass): DomainPattern =>
  host.kind === 'exact'
    ? { kind: 'exact', value: host.name }
    : host.kind === 'suffix'
      ? { kind: 'suffix', value: host.value }
      : { kind: 'any' };

interface Named {
  readonly name: string;
  readonly port?: string;
}

function split(host: string): Named {
  const found = /^(.*):(\d+)$/.exec(host);
  return found && !host.startsWith('[') ? { name: found[1]!, port: found[2]! } : { name: host };
}

/** The classes that the hosts of routes tell apart; each in one of them at most. */
export function hostClasses(hosts: Iterable<string>): readonly HostClass[] {
  const exact = new Set<string>();
  const suffixes = new Set<string>();
  for (const host of hosts) {
    const { name } = split(host);
    if (name.startsWith('*.')) suffixes.add(name.slice(1));
    else if (!name.includes('*')) exact.add(name);
  }
  return [
    ...[...exact].map((name): HostClass => ({ kind: 'exact', name })),
    ...[...suffixes].map((value): HostClass => ({ kind: 'suffix', value })),
    { kind: 'any' },
  ];
}

/** Whether one of the hosts is one of the class: always, never, or where the Host header matches. No hosts: always. */
export function hostSpecFor(hosts: readonly string[], of: HostClass): 'yes' | 'no' | HeaderMatcher {
  if (hosts.length === 0) return 'yes';
  const patterns: string[] = [];
  for (const host of hosts) {
    const { name, port } = split(host);
    const fits = fitsClass(name, of);
    if (fits === 'no') continue;
    if (fits === 'yes' && port === undefined) return 'yes';
    patterns.push(authorityPattern(name, port));
  }
  return patterns.length === 0
    ? 'no'
    : { name: ':authority', value: { kind: 'regex', pattern: patterns.map((p) => `(?:${p})`).join('|') } };
}

function fitsClass(name: string, of: HostClass): 'yes' | 'no' | 'maybe' {
  if (name.startsWith('*')) {
    const end = name.slice(1);
    const own = of.kind === 'exact' ? of.name : of.kind === 'suffix' ? of.value : '';
    return own.endsWith(end) && (of.kind === 'suffix' || own.length > end.length) ? 'yes' : 'no';
  }
  if (!name.endsWith('*')) return of.kind === 'exact' && of.name === name ? 'yes' : 'no';
  const begin = name.slice(0, -1);
  if (of.kind !== 'exact') return 'maybe';
  return of.name.startsWith(begin) && of.name.length > begin.length ? 'yes' : 'no';
}

function authorityPattern(name: string, port: string | undefined): string {
  const any = '[^:]+';
  const text = name.startsWith('*')
    ? `${any}${literally(name.slice(1))}`
    : name.endsWith('*')
      ? `${literally(name.slice(0, -1))}${any}`
      : literally(name);
  return `${text}${port === undefined ? '(?::\\d+)?' : `:${port}`}`;
}
