// The order of the flavour `traditional` (kong/router/traditional.lua of Kong 3.10): routes by categories of matched fields, in each the
// sorted routes, but before them those of a reduced set that depends on the host and on the first pattern or longest prefix that matches.
// For one class of hosts this is a list, or one list for each class of paths.

import { append, type HeaderMatcher, type StringMatcher } from '../../../model/index.js';
import type { KongPath, KongRoute } from '../entities.js';
import { ANYTHING, literally } from '../patterns.js';
import { byteLength, type Entry, isWildcard } from './entry.js';
import { type HostClass, hostSpecFor } from './hosts.js';
import { luaSort } from './lua-sort.js';
import { matcherOrNone, overlap, pathsMeet } from './overlap.js';
import { both } from './path-sets.js';

const HOST = 0x40;
const HEADER = 0x20;
const URI = 0x10;
const METHOD = 0x08;
const SNI = 0x04;

const HAS_PATTERN = 0x01;
const PLAIN_HOSTS_ONLY = 0x02;

/** A route with one path at most. */
interface Item {
  readonly route: KongRoute;
  readonly path?: KongPath;
  readonly bits: number;
  readonly weight: number;
  readonly sub: number;
  readonly headers: number;
  readonly length: number;
}

interface Category {
  readonly bits: number;
  /** Sorted. */
  readonly items: readonly Item[];
}

export interface TraditionalRouter {
  readonly categories: readonly Category[];
  /** In the order in which they are tried: patterns as sorted, then prefixes, longest first. */
  readonly uris: readonly KongPath[];
  /** Names of headers, in the order in which the router looks for them. */
  readonly headers: readonly string[];
  readonly wildcards: readonly string[];
}

export function traditionalRouter(routes: readonly KongRoute[]): TraditionalRouter {
  // DB-less, routes come from LMDB in the order of their ids.
  const byId = [...routes].sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = byId.flatMap((route) =>
    route.paths.length > 1 ? route.paths.map((path) => itemOf(route, path)) : [itemOf(route, route.paths[0])],
  );
  const sorted = items.filter(({ bits }) => bits !== 0);
  luaSort(sorted, isBefore);
  const categories = new Map<number, Item[]>();
  for (const item of sorted) {
    const known = categories.get(item.bits);
    if (known) known.push(item);
    else categories.set(item.bits, [item]);
  }
  const paths = distinct(sorted.flatMap(({ path }) => path ?? []));
  return {
    categories: [...categories]
      .map(([bits, of]) => ({ bits, items: of }))
      .sort((a, b) => countBits(b.bits) - countBits(a.bits) || b.bits - a.bits),
    uris: [
      ...paths.filter((p) => p.kind === 'regex'),
      ...paths.filter((p) => p.kind !== 'regex').sort((a, b) => byteLength(b.value) - byteLength(a.value)),
    ],
    headers: [...new Set(sorted.flatMap(({ route }) => route.headers.map(([name]) => name.toLowerCase())))],
    wildcards: [...new Set(sorted.flatMap(({ route }) => route.hosts.filter(isWildcard)))],
  };
}

const distinct = (paths: readonly KongPath[]): KongPath[] => [
  ...new Map(paths.map((p) => [`${p.kind} ${p.value}`, p])).values(),
];

const countBits = (bits: number): number => [...bits.toString(2)].filter((b) => b === '1').length;

function itemOf(route: KongRoute, path: KongPath | undefined): Item {
  const { hosts, methods, snis } = route;
  const headers = route.headers.filter(([name]) => name.toLowerCase() !== 'host').length;
  const bits =
    (hosts.length > 0 ? HOST : 0) |
    (headers > 0 ? HEADER : 0) |
    (path ? URI : 0) |
    (methods.length > 0 ? METHOD : 0) |
    (snis.length > 0 ? SNI : 0);
  return {
    route,
    ...(path ? { path } : {}),
    bits,
    weight: countBits(bits),
    sub:
      (path?.kind === 'regex' ? HAS_PATTERN : 0) |
      (hosts.length > 0 && !hosts.some(isWildcard) ? PLAIN_HOSTS_ONLY : 0) |
      (hosts.find(isWildcard)?.match(/:\d+$/) ? 0x04 : 0),
    headers,
    length: path && path.kind !== 'regex' ? byteLength(path.value) : 0,
  };
}

/** sort_routes; `created_at` is one for all of a declarative configuration. */
function isBefore(a: Item, b: Item): boolean {
  if (a.sub !== b.sub) return a.sub > b.sub;
  if (a.headers !== b.headers) return a.headers > b.headers;
  if (a.sub & HAS_PATTERN && a.route.regexPriority !== b.route.regexPriority)
    return a.route.regexPriority > b.route.regexPriority;
  return a.length > b.length;
}

/** Pairs of routes between which only the order of an unstable sort decides, for requests that both take. */
export function ties({ categories }: TraditionalRouter): readonly (readonly [KongRoute, KongRoute])[] {
  const pairs: (readonly [KongRoute, KongRoute])[] = [];
  for (const { items } of categories) {
    const groups = new Map<string, Item[]>();
    for (const item of items) {
      const { sub, headers, length, route } = item;
      const priority = sub & HAS_PATTERN ? route.regexPriority : 0;
      for (const host of route.hosts.length === 0 ? [''] : route.hosts) {
        const key = [sub, headers, priority, length, isWildcard(host) ? '*' : host].join(' ');
        const known = groups.get(key);
        if (known) known.push(item);
        else groups.set(key, [item]);
      }
    }
    for (const group of groups.values()) append(pairs, tiesIn(group));
  }
  return pairs;
}

/** Of more than so many equals nobody reads each pair. */
const MOST_EQUALS = 100;

function tiesIn(group: readonly Item[]): readonly (readonly [KongRoute, KongRoute])[] {
  const equals = group.slice(0, MOST_EQUALS);
  return equals.flatMap((a, i) =>
    equals
      .slice(i + 1)
      .filter((b) => a.route !== b.route && overlap(a.route, a.path ? [a.path] : [], b.route, b.path ? [b.path] : []))
      .map((b) => [a.route, b.route] as const),
  );
}

/** What the router tries for hosts of this class, first match first. */
export function traditionalOrder(router: TraditionalRouter, host: HostClass): readonly Entry[] {
  const reachable = router.categories
    .map(({ bits, items }) => ({
      bits,
      items,
      taken: items.filter(({ route }) => hostSpecFor(route.hosts, host) !== 'no'),
    }))
    .filter(({ taken }) => taken.length > 0);
  const usual = orderOf(reachable, router, host, undefined);
  const uris = router.uris.filter((uri) => reachable.some(({ taken }) => taken.some(({ path }) => meets(path, uri))));
  const blocks = uris.map((uri) => ({ uri, order: orderOf(reachable, router, host, uri) }));
  const same = blocks.every(({ uri, order }) =>
    isSubsequence(
      order,
      usual.filter(({ item }) => meets(item.path, uri)),
    ),
  );
  if (same) return usual.map(entryOf);
  const entries: Entry[] = [];
  for (const { uri, order } of blocks)
    append(
      entries,
      order.flatMap((turn) => within(turn, uri)),
    );
  append(entries, usual.map(entryOf));
  return entries;
}

/** An item, for some methods only. */
interface Turn {
  readonly item: Item;
  readonly method?: string;
}

interface Reachable extends Category {
  readonly taken: readonly Item[];
}

const isSubsequence = (order: readonly Turn[], usual: readonly Turn[]): boolean =>
  order.length === usual.length &&
  order.every((turn, i) => turn.item === usual[i]!.item && turn.method === usual[i]!.method);

const entryOf = ({ item, method }: Turn): Entry => ({
  route: item.route,
  paths: item.path ? [item.path] : [],
  ...(method === undefined ? {} : { only: { headers: [isMethod(method)] } }),
});

const isMethod = (method: string): HeaderMatcher => ({ name: ':method', value: { kind: 'exact', value: method } });

/** `uri`: the first that matches the path; undefined: whatever it is. */
function orderOf(
  categories: readonly Reachable[],
  router: TraditionalRouter,
  host: HostClass,
  uri: KongPath | undefined,
): readonly Turn[] {
  return categories.flatMap((category): readonly Turn[] => {
    const taken = uri ? category.taken.filter(({ path }) => meets(path, uri)) : category.taken;
    if (taken.length < 2) return taken.map((item) => ({ item }));
    if (!(category.bits & METHOD) || category.bits & HEADER)
      return reducedFirst(taken, reduced(category, router, host, { uri })).map((item) => ({ item }));
    const methods = [...new Set(taken.flatMap(({ route }) => route.methods))];
    const lists = methods.map((method) => {
      const of = taken.filter(({ route }) => route.methods.includes(method));
      return { method, of, order: reducedFirst(of, reduced(category, router, host, { uri, method })) };
    });
    if (lists.every(({ of, order }) => order.every((item, i) => item === of[i])))
      return taken.map((item) => ({ item }));
    return lists.flatMap(({ method, order }) => order.map((item) => ({ item, method })));
  });
}

const reducedFirst = (taken: readonly Item[], sets: readonly ReadonlySet<Item>[]): readonly Item[] => {
  let rest = taken;
  const first: Item[] = [];
  for (const set of sets) {
    append(
      first,
      rest.filter((item) => set.has(item)),
    );
    rest = rest.filter((item) => !set.has(item));
  }
  return [...first, ...rest];
};

/** The sets that are tried before the whole category, one behind the other. */
function reduced(
  { bits, items }: Category,
  { headers, wildcards }: TraditionalRouter,
  host: HostClass,
  { uri, method }: { readonly uri: KongPath | undefined; readonly method?: string },
): readonly ReadonlySet<Item>[] {
  const setOf = (keep: (item: Item) => boolean): ReadonlySet<Item> => new Set(items.filter(keep));
  // The header that the request has first, so that for each request one of these sets is the first with any match.
  if (bits & HEADER)
    return headers.map((name) => setOf(({ route }) => route.headers.some(([n]) => n.toLowerCase() === name)));
  const sets: ReadonlySet<Item>[] = [];
  if (bits & HOST) {
    const key =
      host.kind === 'exact' && items.some(({ route }) => route.hosts.includes(host.name))
        ? host.name
        : wildcards.find((wildcard) => hostSpecFor([wildcard], host) !== 'no');
    sets.push(setOf(({ route }) => key !== undefined && route.hosts.includes(key)));
  }
  if (bits & URI && uri) sets.push(setOf(({ path }) => path?.kind === uri.kind && path.value === uri.value));
  if (bits & METHOD && method !== undefined) sets.push(setOf(({ route }) => route.methods.includes(method)));
  let smallest: ReadonlySet<Item> | undefined;
  for (const set of sets) if (set.size > 0 && (!smallest || set.size < smallest.size)) smallest = set;
  return smallest ? [smallest] : [];
}

/** Whether a path can be taken where this uri is the first that matches. */
function meets(path: KongPath | undefined, uri: KongPath): boolean {
  if (!path) return true;
  return uri.kind === 'regex' ? pathsMeet(path, uri) : path.kind !== 'regex' && uri.value.startsWith(path.value);
}

/** The item where the uri is the first that matches. */
function within({ item, method }: Turn, uri: KongPath): readonly Entry[] {
  const { route, path } = item;
  const matcher = matcherOrNone(uri);
  if (!matcher) return [];
  const headers = method === undefined ? [] : [isMethod(method)];
  const entry = (only: NonNullable<Entry['only']>): readonly Entry[] => [{ route, paths: path ? [path] : [], only }];
  const own = path && matcherOrNone(path);
  if (!own || uri.kind !== 'regex' || path.value === uri.value) return entry({ path: matcher, headers });
  const shared = both(own, matcher);
  if (shared === 'none') return [];
  if (shared) return entry({ path: shared, headers });
  return entry({ headers: [...headers, { name: ':path', value: { kind: 'regex', pattern: withQuery(matcher) } }] });
}

const withQuery = (matcher: StringMatcher): string =>
  matcher.kind === 'regex'
    ? `(?:${matcher.pattern})(?:\\?${ANYTHING})?`
    : `${literally('value' in matcher ? matcher.value : '')}${ANYTHING}`;
