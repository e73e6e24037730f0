// Predicates on one value, and the match of a route: a product of predicates. All of them are regular languages
// or sets of addresses, so the algebra (`space/`) can decide about them exactly.

import type { Origin } from './resource.js';

/**
 * A predicate on a string.
 * - `regex`: RE2 syntax, has to match the whole value (RE2::FullMatch). Dialects whose patterns are unanchored
 *   or PCRE translate them before they come here.
 * - `segment-prefix`: Envoy's `path_separated_prefix`: the value itself or anything below it (`/foo`, `/foo/x`,
 *   not `/foobar`); `value` has no trailing slash.
 * - `any`: every value, also the empty one.
 */
export type StringMatcher =
  | {
      readonly kind: 'exact' | 'prefix' | 'suffix' | 'contains' | 'segment-prefix';
      readonly value: string;
      readonly ignoreCase?: boolean;
    }
  | { readonly kind: 'regex'; readonly pattern: string }
  | { readonly kind: 'any' };

/**
 * A predicate on a request header; `:method`, `:scheme`, `:authority` and `:path` (with the query) are headers here,
 * as in Envoy; `:pathname` is the path that `RouteMatch.path` sees. Further names that begin with a colon are questions that
 * an engine answers (`EngineRules.pseudoHeader`). Several lines of one header: the engine decides (Envoy 1.40 tests each alone, but for some headers that it joins with `,`).
 * Absent header: false, unless `missing` says otherwise.
 */
export interface HeaderMatcher {
  /** Lower case. */
  readonly name: string;
  /** `any` means "is present". */
  readonly value: StringMatcher;
  /** The test is negated (after `missing` was applied). */
  readonly invert?: boolean;
  /** What an absent header counts as: `empty` tests the empty string, `no-match` (default) fails before `invert`
   *  is looked at (an absent header then never matches, negated or not), `absent` makes the bare test false, so that with `invert` it matches. */
  readonly missing?: 'empty' | 'no-match' | 'absent';
  readonly origin?: Origin;
}

/** What a pseudo header with a question to the engine is about: `path behind the middlewares`; undefined: the name is no question. */
export const questionWords = (name: string): string | undefined => /^:([^{]+) \{/.exec(name)?.[1];

/** A template with its questions in words. */
export const templateWords = (template: string): string =>
  template.replace(/%REQ\(:([^{%]+) \{[^%]*\}\)%/g, (_, words: string) => `(${words})`);

/** A predicate on a query parameter (first occurrence, as Envoy parses it; not percent-decoded). */
export interface QueryMatcher {
  readonly name: string;
  /** `any` means "is present". */
  readonly value: StringMatcher;
  readonly invert?: boolean;
  readonly origin?: Origin;
}

/** The client address is in one of `cidrs` (or, inverted, in none). `peer`: the connection's address; `client`: after x-forwarded-for is trusted. */
export interface SourceMatcher {
  readonly cidrs: readonly string[];
  readonly invert?: boolean;
  readonly address: 'peer' | 'client';
  readonly origin?: Origin;
}

/** A predicate on a claim of the verified token (Istio's `@request.auth.claims.…`). Values of lists are tested one by one: any may match. */
export interface ClaimMatcher {
  /** Path of the claim, split: `['realm', 'roles']`. */
  readonly claim: readonly string[];
  readonly value: StringMatcher;
  readonly invert?: boolean;
  readonly origin?: Origin;
}

/** All parts have to hold. An absent part holds always. */
export interface RouteMatch {
  /** Tested on the path without the query, as the engine sees it (Envoy: normalised, not decoded; nginx: decoded, slashes merged). */
  readonly path?: StringMatcher;
  readonly headers: readonly HeaderMatcher[];
  readonly query: readonly QueryMatcher[];
  readonly source?: readonly SourceMatcher[];
  readonly claims?: readonly ClaimMatcher[];
}

/** A host pattern. `suffix` `.example.com` takes any depth (`a.b.example.com`), `one-label` exactly one label more. Lower case, without port. */
export type DomainPattern =
  | { readonly kind: 'exact' | 'suffix' | 'one-label'; readonly value: string }
  | { readonly kind: 'any' };

/** `host`: lower case, without a port. */
export function takesHost(domain: DomainPattern, host: string): boolean {
  if (domain.kind === 'any') return true;
  if (domain.kind === 'exact') return domain.value === host;
  return (
    host.endsWith(domain.value) && (domain.kind === 'suffix' || !host.slice(0, -domain.value.length).includes('.'))
  );
}

/** As most dialects write it: `a.example.com`, `*.example.com`, `*`. */
export const hostText = (domain: DomainPattern): string =>
  domain.kind === 'any' ? '*' : domain.kind === 'exact' ? domain.value : `*${domain.value}`;

/** As an Ingress writes it: nothing for any host. */
export const ingressHostText = (domain: DomainPattern): string => (domain.kind === 'any' ? '' : hostText(domain));
