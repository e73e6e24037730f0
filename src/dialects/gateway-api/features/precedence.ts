// Which of two matches is tried first (Gateway API spec, HTTPRouteRule.matches: Exact path, longest prefix, method,
// most headers, most query parameters; then the older route, namespace and name, order of the rules).
// Istio: sortHTTPRoutes in pilot/pkg/config/kube/gateway/conversion.go (2026-08-22), a stable sort over the rules of all
// routes of one host name, put in order of age before. It ranks regular expressions last, the longer pattern first.

import type { Resource } from '../../../model/index.js';
import { createdAt } from '../../../resources/creation.js';
import { compareText } from '../fields.js';

/** What the order looks at; `null`: a rule without any match, after everything else. Lengths in bytes. */
export type Rank = null | {
  readonly type: 'exact' | 'prefix' | 'regex' | 'none';
  readonly length: number;
  readonly method: boolean;
  readonly headers: number;
  readonly query: number;
  /** Of these, how many ask for one value. */
  readonly exactHeaders: number;
  readonly exactQuery: number;
};

/** Negative: the first is tried before the second. To be used with a stable sort. */
export type Precedence = (a: Rank, b: Rank) => number;

const TYPE_ORDER = { exact: 0, prefix: 1, regex: 2, none: 3 } as const;

/** Negative: `a` is tried before `b`. To be used with a stable sort. */
export function byPrecedence(a: Rank, b: Rank): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return (
    TYPE_ORDER[a.type] - TYPE_ORDER[b.type] ||
    b.length - a.length ||
    Number(b.method) - Number(a.method) ||
    b.headers - a.headers ||
    b.query - a.query
  );
}

/**
 * The same to Istio, which compares the names of what it made of the routes, `NAME~…`: of two routes of one second, `shop-2` comes before
 * `shop` (sortRoutesByCreationTime in conversion.go, route_collections.go; asked of the real one).
 */
export const byAgeInIstio = (a: Resource, b: Resource): number =>
  createdAt(a) - createdAt(b) || compareText(a.namespace, b.namespace) || compareText(`${a.name}~`, `${b.name}~`);

/** Oldest first, then by namespace, then by name. */
export const byAge = (a: Resource, b: Resource): number =>
  createdAt(a) - createdAt(b) || compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
