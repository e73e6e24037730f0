// A match of an HTTPRoute rule, and how two of them relate: their place in the order, whether one takes all that the other takes, or some.

import type { Rank } from '../features/precedence.js';
import { type PathMatch, pathCovers, pathsMeet } from './path-match.js';

export interface ValueMatch {
  readonly name: string;
  readonly type: 'Exact' | 'RegularExpression';
  readonly value: string;
}

export interface TargetMatch {
  readonly path: PathMatch;
  readonly method?: string;
  readonly headers: readonly ValueMatch[];
  readonly query: readonly ValueMatch[];
}

/** Its place in the order that Istio and the specification give. */
export const rankOf = ({ path, method, headers, query }: TargetMatch): NonNullable<Rank> => ({
  type: path.type === 'Exact' ? 'exact' : path.type === 'PathPrefix' ? 'prefix' : 'regex',
  length: Buffer.byteLength(path.value),
  method: method !== undefined,
  headers: headers.length,
  query: query.length,
  exactHeaders: headers.filter(isExact).length,
  exactQuery: query.filter(isExact).length,
});

const isExact = ({ type }: ValueMatch): boolean => type === 'Exact';

const sameValue = (a: ValueMatch, b: ValueMatch) => a.name === b.name && a.type === b.type && a.value === b.value;
const within = (a: readonly ValueMatch[], b: readonly ValueMatch[]) => a.every((x) => b.some((y) => sameValue(x, y)));
const exclude = (a: readonly ValueMatch[], b: readonly ValueMatch[]) =>
  a.some((x) => b.some((y) => x.name === y.name && !sameValue(x, y) && isNeverBoth(x, y)));

/** No value is taken by both. Of patterns only the one host is looked into: others are rarely exclusive. */
const isNeverBoth = (x: ValueMatch, y: ValueMatch): boolean =>
  (x.type === 'Exact' && y.type === 'Exact') ||
  (x.name === 'host' &&
    x.type === y.type &&
    !pathsMeet({ type: x.type, value: x.value }, { type: y.type, value: y.value }));

/** Every request that `b` takes, `a` takes. */
export const covers = (a: TargetMatch, b: TargetMatch): boolean =>
  (a.method === undefined || a.method === b.method) &&
  within(a.headers, b.headers) &&
  within(a.query, b.query) &&
  pathCovers(a.path, b.path);

/** Some request may be taken by both. */
export const meet = (a: TargetMatch, b: TargetMatch): boolean =>
  (a.method === undefined || b.method === undefined || a.method === b.method) &&
  !exclude(a.headers, b.headers) &&
  !exclude(a.query, b.query) &&
  pathsMeet(a.path, b.path);

/** The match of what both take, where one match can say it. */
export function both(a: TargetMatch, b: TargetMatch): TargetMatch | undefined {
  const path = pathCovers(a.path, b.path) ? b.path : pathCovers(b.path, a.path) ? a.path : undefined;
  const headers = union(a.headers, b.headers);
  const query = union(a.query, b.query);
  const method = a.method ?? b.method;
  if (path === undefined || headers === undefined || query === undefined) return undefined;
  if (headers.length > 16 || query.length > 16) return undefined;
  return { path, ...(method !== undefined && { method }), headers, query };
}

/** All conditions; two different ones on one name cannot stand together. */
function union(a: readonly ValueMatch[], b: readonly ValueMatch[]): readonly ValueMatch[] | undefined {
  const more = b.filter((y) => !a.some((x) => sameValue(x, y)));
  return more.some((y) => a.some((x) => x.name === y.name)) ? undefined : [...a, ...more];
}

export const isSameMatch = (a: TargetMatch, b: TargetMatch): boolean => covers(a, b) && covers(b, a);
