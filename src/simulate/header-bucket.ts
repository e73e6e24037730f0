// Routes that paths alone do not tell apart, by a text that one of their headers has to be: 10,000 routes of one path, each
// for one user, are not tried one after the other. Only candidates: who looks here asks each of them whether it matches.

import type { HeaderMatcher, Route } from '../model/index.js';
import type { RequestView } from './request-view.js';

interface Ordered {
  readonly route: Route;
}

export interface HeaderBucket<R> {
  /** Routes that no exact header confines. */
  readonly rest: R[];
  /** Header name → value → routes that need it. Lists are in the order of `routes`, as `rest` is. */
  readonly byName: ReadonlyMap<string, ReadonlyMap<string, R[]>>;
}

/** Below this a scan is as fast. */
const SCAN_UP_TO = 16;

/** `routes` in their order; each is in one list of the bucket. */
export function headerBucket<R extends Ordered>(routes: R[]): HeaderBucket<R> {
  if (routes.length <= SCAN_UP_TO) return { rest: routes, byName: new Map() };
  const counts = new Map<string, number>();
  const keys = routes.map(({ route }) => route.match.headers.filter(confines));
  for (const list of keys) for (const h of list) counts.set(textOf(h), (counts.get(textOf(h)) ?? 0) + 1);
  const rest: R[] = [];
  const byName = new Map<string, Map<string, R[]>>();
  routes.forEach((route, i) => {
    let rarest: Exact | undefined;
    for (const h of keys[i]!) if (!rarest || counts.get(textOf(h))! < counts.get(textOf(rarest))!) rarest = h;
    if (!rarest) {
      rest.push(route);
      return;
    }
    const byValue = byName.get(rarest.name) ?? new Map<string, R[]>();
    byName.set(rarest.name, byValue);
    const list = byValue.get(rarest.value.value);
    if (list) list.push(route);
    else byValue.set(rarest.value.value, [route]);
  });
  return { rest, byName };
}

/** Adds the lists that hold every route of the bucket that can match. */
export function collectFrom<R>({ rest, byName }: HeaderBucket<R>, view: RequestView, lists: R[][]): void {
  if (rest.length > 0) lists.push(rest);
  for (const [name, byValue] of byName) {
    const value = view.header(name);
    if (value === undefined) continue;
    // Several lines are one value for some engines and several for others: either way of reading finds its routes.
    for (const text of new Set([value, ...view.lines(name)])) {
      const list = byValue.get(text);
      if (list) lists.push(list);
    }
  }
}

type Exact = HeaderMatcher & { readonly value: { readonly kind: 'exact'; readonly value: string } };

/** A request without this very value does not match. An absent header may count as the empty text. */
const confines = (header: HeaderMatcher): header is Exact =>
  header.value.kind === 'exact' &&
  header.value.ignoreCase !== true &&
  header.invert !== true &&
  header.value.value !== '';

const textOf = ({ name, value }: Exact): string => `${name}=${value.value}`;
