// A rule of a route, whichever of Kuma's two kinds it is written in.

import type {
  HeaderMatcher,
  HeaderOps,
  Mirror,
  Origin,
  QueryMatcher,
  Template,
  WeightedDestination,
} from '../../model/index.js';

/** Rules of one object for some host names. */
export interface RouteRules {
  /** As written; none: every host of the listener. */
  readonly hostnames: readonly string[];
  readonly rules: readonly Rule[];
}

/** `unknown`: for one of them at least, the files do not say which Service it is. */
export type Backends = readonly WeightedDestination[] | 'unknown';

export interface Rule {
  readonly matches: readonly Match[];
  readonly filters: Filters;
  /** Empty: none is written. */
  readonly backends: Backends;
  readonly origin: Origin;
}

export interface Match {
  readonly path: { readonly kind: 'exact' | 'prefix' | 'regex'; readonly value: string };
  readonly method?: string;
  readonly headers: readonly HeaderMatcher[];
  /** Matches of a header's beginning do not make a match more specific (Match.numHeaderMatches in gateway/route/table.go). */
  readonly countedHeaders: number;
  readonly query: readonly QueryMatcher[];
  readonly origin: Origin;
}

/** What one kind of filter says; of several of one kind that replace each other the last. */
export interface Filters {
  readonly requestHeaders?: HeaderOps;
  readonly responseHeaders?: HeaderOps;
  readonly mirror?: Mirror;
  readonly redirect?: RedirectFilter;
  readonly rewrite?: RewriteFilter;
  /** A request header `Host` that is set; it comes after the host of a rewrite. */
  readonly host?: { readonly value: Template; readonly origin: Origin };
}

export interface PathChange {
  readonly kind: 'full' | 'prefix';
  readonly to: string;
}

export interface RedirectFilter {
  readonly status: number;
  readonly scheme?: string;
  readonly host?: string;
  readonly port?: number;
  readonly path?: PathChange;
}

export interface RewriteFilter {
  readonly path?: PathChange;
  readonly host?: string;
  readonly origin: Origin;
}
