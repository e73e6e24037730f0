// The routes of one host in Kuma's order: exact paths, then prefixes, then patterns, the longer first; then methods, more headers, more
// parameters, and the text of the path (route.Sorter in pkg/plugins/runtime/gateway/route/sorter.go, v2.13.9). A prefix is two routes: the
// path itself and what is below it; the first is left out as soon as any rule of the host has that path exactly, whatever else it asks for
// (HandlePrefixMatchesAndPopulatePolicies in gateway_route_generator.go).

import type {
  Action,
  HeaderMatcher,
  HeaderOps,
  PathRewrite,
  Rewrite,
  Route,
  StringMatcher,
} from '../../model/index.js';
import { plainTemplate } from '../../model/index.js';
import { quoteRegex } from '../../regex/quote.js';
import { compareText } from '../../resources/fields.js';
import type { Match, PathChange, RedirectFilter, Rule } from './rule.js';

export interface Listening {
  readonly port: number;
  /** Virtual hosts of listeners that end TLS send Strict-Transport-Security. */
  readonly secure: boolean;
}

interface Entry {
  readonly rule: Rule;
  readonly match: Match;
  /** `segment`: the path itself and what is below it. */
  readonly path: { readonly kind: 'exact' | 'prefix' | 'regex' | 'segment'; readonly value: string };
  /** Set where the path was written as a prefix: without the slash at its end. */
  readonly prefix?: string;
}

export function routesOf(rules: readonly Rule[], listening: Listening): readonly Route[] {
  const written = rules.flatMap((rule) => rule.matches.map((match): Entry => ({ rule, match, path: match.path })));
  const exact = new Set(written.flatMap(({ path }) => (path.kind === 'exact' ? [path.value] : [])));
  return written
    .flatMap((entry) => (entry.path.kind === 'prefix' ? prefixEntries(entry, exact) : [entry]))
    .sort(byPrecedence)
    .map((entry) => routeOf(entry, listening));
}

/** One route for both of Kuma's where one says the same: nothing that stands between them takes the path itself. */
function prefixEntries(entry: Entry, exact: ReadonlySet<string>): readonly Entry[] {
  const prefix = withoutSlashes(entry.path.value);
  const below: Entry = { ...entry, prefix, path: { kind: 'prefix', value: `${prefix}/` } };
  if (exact.has(prefix)) return [below];
  const { rewrite, redirect } = entry.rule.filters;
  const change = rewrite?.path ?? redirect?.path;
  const replaced = change?.kind === 'prefix' ? withoutSlashes(change.to) : undefined;
  const itself: Entry = { ...entry, prefix, path: { kind: 'exact', value: prefix || '/' } };
  if (prefix === '') return replaced ? [itself, below] : [below];
  // Taking a prefix away is one change of a path for a rewrite, and two for a redirect: no target computes the Location in one.
  return losesHost(entry.rule) || (redirect && replaced === '')
    ? [itself, below]
    : [{ ...entry, prefix, path: { kind: 'segment', value: prefix } }];
}

const withoutSlashes = (path: string): string => path.replace(/\/+$/, '');

/** The route of the path itself keeps what replaces its path and loses the name of the host. */
const losesHost = ({ filters: { rewrite } }: Rule): boolean =>
  rewrite?.path?.kind === 'prefix' && rewrite.host !== undefined;

const KINDS = ['exact', 'prefix', 'regex'] as const;
const kindOf = ({ path }: Entry): number => KINDS.indexOf(path.kind === 'segment' ? 'prefix' : path.kind);
/** What is compared: of a prefix, with the slash at its end. */
const textOf = ({ path }: Entry): string => (path.kind === 'segment' ? `${path.value}/` : path.value);
const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Rules that nothing here tells apart: which comes first, Kuma leaves to chance; here the one that is written first. */
function byPrecedence(a: Entry, b: Entry): number {
  const path = kindOf(a) - kindOf(b) || bytes(textOf(b)) - bytes(textOf(a));
  if (path !== 0) return path;
  // Of two patterns of one length nothing else is compared.
  if (a.path.kind === 'regex') return 0;
  return (
    Number(b.match.method !== undefined) - Number(a.match.method !== undefined) ||
    b.match.countedHeaders - a.match.countedHeaders ||
    b.match.query.length - a.match.query.length ||
    compareText(textOf(a), textOf(b))
  );
}

function routeOf(entry: Entry, { port, secure }: Listening): Route {
  const { rule, match } = entry;
  const { requestHeaders, responseHeaders } = rule.filters;
  const response = secure ? withStrictTransport(responseHeaders, rule) : responseHeaders;
  const method: HeaderMatcher[] =
    match.method === undefined
      ? []
      : [{ name: ':method', value: { kind: 'exact', value: match.method }, origin: match.origin }];
  return {
    match: { path: matcherOf(entry.path), headers: [...method, ...match.headers], query: match.query },
    action: actionOf(entry, port),
    ...(requestHeaders && { requestHeaders }),
    ...(response && { responseHeaders: response }),
    origin: rule.origin,
    // Of its own for each of two routes of one match, so that what is lost of one is not lost of both.
    matchOrigin: { ...match.origin },
  };
}

const matcherOf = ({ kind, value }: Entry['path']): StringMatcher => {
  if (kind === 'regex') return { kind, pattern: value };
  return { kind: kind === 'segment' ? 'segment-prefix' : kind, value };
};

/** Set by the virtual host, behind the route (GenerateVirtualHost in route_table_generator.go). */
export const STRICT_TRANSPORT = ['strict-transport-security', 'max-age=31536000; includeSubDomains'] as const;

const withStrictTransport = (ops: HeaderOps | undefined, { origin }: Rule): HeaderOps => ({
  origin,
  ...ops,
  set: [...(ops?.set ?? []), STRICT_TRANSPORT],
});

function actionOf(entry: Entry, port: number): Action {
  const { rule } = entry;
  const { redirect, mirror } = rule.filters;
  // A route has one action: the destinations take the place of a redirect (RouteActionForward after RouteActionRedirect).
  if (rule.backends === 'unknown')
    return {
      kind: 'none',
      reason: 'a backend is no Service of Kubernetes by its name: where it is, the files do not say',
    };
  if (rule.backends.length > 0) {
    const rewrite = rewriteOf(entry);
    return {
      kind: 'forward',
      destinations: rule.backends,
      ...(rewrite && { rewrite }),
      ...(mirror && { mirrors: [mirror] }),
    };
  }
  return redirect
    ? redirectTo(redirect, entry, port)
    : { kind: 'none', reason: 'the rule has neither backends nor a redirect: Kuma makes no route of it' };
}

function rewriteOf(entry: Entry): Rewrite | undefined {
  const { rewrite: written, host: header } = entry.rule.filters;
  const origin = written?.origin ?? header?.origin;
  if (!origin) return undefined;
  const path = written?.path && pathOf(written.path, entry);
  const lost = entry.path.kind === 'exact' && entry.prefix !== undefined && losesHost(entry.rule);
  const host = header?.value ?? (written?.host && !lost ? plainTemplate(written.host) : undefined);
  return path || host ? { ...(path && { path }), ...(host && { host }), origin } : undefined;
}

function redirectTo(redirect: RedirectFilter, entry: Entry, listenerPort: number): Action {
  const { status, scheme, host } = redirect;
  const path = redirect.path && pathOf(redirect.path, entry);
  return {
    kind: 'redirect',
    status,
    ...((scheme === 'http' || scheme === 'https') && { scheme }),
    ...(host && { host }),
    port: redirect.port || listenerPort,
    ...(path && { path }),
    stripQuery: true,
  };
}

/** Slashes at the end of what replaces a prefix do not count; below the prefix one is kept, at the prefix itself none. */
function pathOf({ kind, to }: PathChange, { path, prefix }: Entry): PathRewrite {
  // Behind a match that is no prefix, the whole path is what was matched (Envoy's PathRouteEntryImpl and RegexRouteEntryImpl).
  if (kind === 'full' || prefix === undefined) return { kind: 'full', to: plainTemplate(to) };
  const trimmed = withoutSlashes(to);
  if (path.kind === 'exact') return { kind: 'full', to: plainTemplate(trimmed || '/') };
  if (path.kind === 'prefix') return { kind: 'prefix', from: path.value, to: `${trimmed}/` };
  return trimmed === ''
    ? { kind: 'regex', pattern: `^${quoteRegex(prefix)}(/?)(.*)`, substitution: '/\\2', all: true }
    : { kind: 'prefix', from: prefix, to: trimmed };
}
