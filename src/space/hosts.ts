// Host names cut into the classes that the domains of virtual hosts can tell apart, and which virtual host takes each:
// exact name, then the longest suffix, then the one for any host, and never a second try (Envoy's
// source/common/router/config_impl.cc, findVirtualHost; the same rule as simulate/host-index.ts).

import type { DomainPattern } from '../model/index.js';
import {
  alternate,
  charsOf,
  combine,
  compileDfa,
  concat,
  type Dfa,
  EMPTY,
  foldAscii,
  literal,
  type Syntax,
  setOf,
  star,
  TooLargeError,
} from '../regex/index.js';
import type { HostWords } from './dimension.js';
import { hostDomain } from './domain.js';

export interface HostIndex<T> {
  find(host: string): T | undefined;
}

/** The first of two that name the same domain wins. */
export function indexDomains<T>(
  items: readonly { readonly domains: readonly DomainPattern[]; readonly value: T }[],
): HostIndex<T> {
  const exact = new Map<string, T>();
  const suffix = new Map<string, T>();
  const oneLabel = new Map<string, T>();
  let any: T | undefined;
  for (const { domains, value } of items)
    for (const domain of domains) {
      if (domain.kind === 'any' || domain.value === '') {
        any ??= value;
        continue;
      }
      const map = domain.kind === 'exact' ? exact : domain.kind === 'suffix' ? suffix : oneLabel;
      if (!map.has(domain.value)) map.set(domain.value, value);
    }
  const lengths = [...new Set([...suffix.keys(), ...oneLabel.keys()].map((s) => s.length))].sort((a, b) => b - a);
  return {
    find(host) {
      const same = exact.get(host);
      if (same !== undefined) return same;
      for (const length of lengths) {
        if (length >= host.length) continue;
        const tail = host.slice(-length);
        const one = host.slice(0, -length).includes('.') ? undefined : oneLabel.get(tail);
        const found = one ?? suffix.get(tail);
        if (found !== undefined) return found;
      }
      return any;
    },
  };
}

/** Hosts that no domain pattern tells apart. */
export interface HostClass {
  readonly example: string;
  readonly kind: 'exact' | 'below-one' | 'below-more' | 'rest';
  /** The name, or what comes behind the first labels. */
  readonly value: string;
}

/** Every class that `patterns` can tell apart; each example is a member. */
export function hostClasses(patterns: readonly DomainPattern[]): HostClass[] {
  const values = new Set<string>();
  const exact = new Set<string>();
  for (const p of patterns) {
    if (p.kind === 'any' || p.value === '') continue;
    (p.kind === 'exact' ? exact : values).add(p.value);
  }
  const [first, second] = freshLabels([...exact, ...values]);
  const classes: HostClass[] = [...exact].map((value) => ({ example: value, kind: 'exact', value }));
  for (const value of values) {
    classes.push({ example: `${first}${value}`, kind: 'below-one', value });
    classes.push({ example: `${second}.${first}${value}`, kind: 'below-more', value });
  }
  classes.push({ example: `${first}.example`, kind: 'rest', value: '' });
  return classes;
}

/** Two labels that stand in no pattern, so that no pattern takes them for its own. */
function freshLabels(values: readonly string[]): [string, string] {
  const text = values.join('\n');
  const fresh = ['www', 'app', 'some', 'any', 'host'].filter((l) => !text.includes(l));
  for (let i = 1; fresh.length < 2; i++) if (!text.includes(`x${i}`)) fresh.push(`x${i}`);
  return [fresh[0]!, fresh[1]!];
}

/** The Host headers (any case, with or without a port) of a class, for predicates on `:authority`. @throws TooLargeError */
export function wordsOf(host: HostClass, patterns: readonly DomainPattern[]): HostWords {
  const { alphabet, words } = hostDomain();
  const label = setOf(charsOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*'));
  const anything = star(setOf(alphabet));
  const port = alternate([EMPTY, concat([literal(':'), star(setOf(charsOf('0123456789')))])]);
  const text = (value: string) => literal(value, foldAscii);
  const automaton = (tree: Syntax): Dfa => compileDfa(concat([tree, port]), alphabet);
  const labels = concat([label, star(label)]);
  const below = (value: string, more: boolean) =>
    concat([more ? concat([labels, literal('.'), anything]) : labels, text(value)]);

  const others: Syntax[] = [];
  for (const p of patterns) {
    if (p.kind === 'any' || p.value === '' || (host.kind === 'exact' && p.value === host.value)) continue;
    if (!p.value.endsWith(host.value)) continue;
    if (p.kind === 'exact') others.push(text(p.value));
    else if (p.value !== host.value) others.push(concat([setOf(alphabet), anything, text(p.value)]));
  }
  const own =
    host.kind === 'exact'
      ? text(host.value)
      : host.kind === 'rest'
        ? concat([setOf(alphabet), anything])
        : below(host.value, host.kind === 'below-more');
  const dfas = [words, automaton(own)];
  if (others.length > 0 && host.kind !== 'exact') dfas.push(automaton(alternate(others)));
  const taken = combine(dfas, ([exists, mine, other]) => exists! && mine! && other !== true);
  return { domain: { alphabet, words: taken }, preferred: [host.example] };
}

export { TooLargeError };
