// The ordered routes of a virtual host as the `http` list of a VirtualService, in the same order: first match wins in both.

import { noteAuth } from '../../../implementations/istio/write/auth-rules.js';
import { plainRedirect, type Route, type VirtualHost } from '../../../model/index.js';
import { bodyLimitOf } from '../../body-limits.js';
import { isHandshake, noteHandshake } from '../../client-certificates.js';
import { noteRateLimit } from '../../client-rate-limits.js';
import type { FeatureKey, WriteOptions } from '../../dialect.js';
import { noteLeftCheck } from '../../without-check.js';
import { headers, writeAction, writeCors, writeFault } from './action.js';

import { type HttpMatchRequest, type Known, type WrittenMatch, writeMatch } from './match.js';
import { splitRedirect } from './redirect-slash.js';
import type { Report } from './report.js';

export interface HttpRule {
  readonly name?: string;
  readonly match?: readonly HttpMatchRequest[];
  readonly [field: string]: unknown;
}

export interface WrittenRules {
  readonly rules: readonly HttpRule[];
  /** The first route of each rule: where comments and names come from. */
  readonly routes: readonly Route[];
}

/** Routes with a source matcher are left to the AuthorizationPolicies (policies.ts). */
export function writeRules(host: VirtualHost, known: Known, report: Report, options: WriteOptions): WrittenRules {
  const rules: HttpRule[] = [];
  const routes: Route[] = [];
  /** Each match that is written, as text. */
  const taken = new Set<string>();
  /** What each rule does, as text. */
  const bodies: string[] = [];
  /** A rule takes every request: none comes to those behind it. */
  let isDone = false;
  for (const route of withoutTrailing404(host.routes, report, options).map(plainRedirect).flatMap(splitRedirect)) {
    // Told as dropped where no policy says it.
    if (route.match.source?.length) {
      report.wrote(route);
      continue;
    }
    const written: WrittenMatch | 'never' = isDone ? 'never' : writeMatch(route.match, known);
    if (written === 'never') {
      report.needless(route);
      continue;
    }
    noteConditions(route, report, options);
    if (written.impossible) {
      report.add('route.match', `${written.impossible}; the rule is left out`, route.matchOrigin ?? route.origin, {
        route,
      });
      continue;
    }
    noteSideConditions(route, report, options);
    const action = writeAction(route, report);
    if (!action) continue;
    const wanted = written.matches.length === 0 && replacesRoot(action) ? [EVERY_PATH] : written.matches;
    const matches = wanted.filter((m) => !isTaken(m, taken));
    if (written.matches.length > 0 && matches.length === 0) {
      report.needless(route);
      continue;
    }
    report.wrote(route);
    const body = { ...action, ...writeFaultBeside(action, route), ...writeCors(route), ...writeHeaders(route, report) };
    const text = JSON.stringify([route.name, body]);
    for (const m of matches) taken.add(JSON.stringify(m));
    // Matches of one rule came apart when the dialect was read; together again they read as the user wrote them.
    const twin = written.matches.length > 0 ? twinOf(text, matches, route, { rules, routes, bodies }) : undefined;
    if (twin !== undefined) {
      const { match = [], ...rest } = rules[twin]!;
      rules[twin] = { ...(rest.name === undefined ? {} : { name: rest.name }), match: [...match, ...matches], ...rest };
      continue;
    }
    bodies.push(text);
    rules.push({
      ...(route.name ? { name: route.name } : {}),
      ...(matches.length > 0 ? { match: matches } : {}),
      ...body,
    });
    routes.push(route);
    isDone ||= written.matches.length === 0;
  }
  return { rules, routes };
}

const EVERY_PATH: HttpMatchRequest = { uri: { prefix: '/' } };

/** A prefix that is replaced has to be named, also the one that every path has. */
const replacesRoot = ({ redirect }: { readonly redirect?: unknown }): boolean =>
  typeof redirect === 'object' && redirect !== null && 'prefixRewrite' in redirect;

/** An earlier rule has the same match, or takes the exact path whole: the twin of a segment prefix, which would only be noise. */
const isTaken = (m: HttpMatchRequest, taken: ReadonlySet<string>): boolean =>
  taken.has(JSON.stringify(m)) ||
  (m.uri !== undefined && 'exact' in m.uri && !m.ignoreUriCase && taken.has(JSON.stringify({ uri: m.uri })));

/** How many rules a match may pass to stand beside others that do the same. */
const REACH = 6;

/** The rule that the matches can join: it does the same, and no rule between them has a request of theirs. */
function twinOf(
  body: string,
  matches: readonly HttpMatchRequest[],
  { origin }: Route,
  { rules, routes, bodies }: { rules: readonly HttpRule[]; routes: readonly Route[]; bodies: readonly string[] },
): number | undefined {
  for (let i = rules.length - 1; i >= Math.max(0, rules.length - REACH); i--) {
    const { match } = rules[i]!;
    if (!match) return undefined;
    if (bodies[i] === body && routes[i]?.origin === origin) return i;
    if (!match.every((a) => matches.every((b) => areApart(a, b)))) return undefined;
  }
  return undefined;
}

/** No request has both, as their methods and literal paths show. */
function areApart(a: HttpMatchRequest, b: HttpMatchRequest): boolean {
  const [x, y] = [a.method, b.method];
  if (x && y && 'exact' in x && 'exact' in y && x.exact !== y.exact) return true;
  if (!a.uri || !b.uri || a.ignoreUriCase || b.ignoreUriCase) return false;
  const text = (uri: NonNullable<HttpMatchRequest['uri']>): string | undefined =>
    'exact' in uri ? uri.exact : 'prefix' in uri ? uri.prefix : undefined;
  const [p, q] = [text(a.uri), text(b.uri)];
  if (p === undefined || q === undefined) return false;
  const isWithin = (inner: string, outer: string, uri: object) =>
    'exact' in uri ? inner === outer : inner.startsWith(outer);
  return !isWithin(p, q, b.uri) && !isWithin(q, p, a.uri);
}

/** A fault of the rule itself, beside the one that stands for an invalid reference. */
const writeFaultBeside = (action: Record<string, unknown>, route: Route) =>
  action.fault ? { fault: { ...(writeFault(route).fault as object), ...(action.fault as object) } } : writeFault(route);

function writeHeaders(route: Route, report: Report) {
  const extra = report.headersOf(route);
  const response =
    extra.length > 0
      ? { ...route.responseHeaders, set: [...(route.responseHeaders?.set ?? []), ...new Map(extra)] }
      : route.responseHeaders;
  return headers(route.requestHeaders, response);
}

/**
 * "404 for everything else" is what Istio answers anyway. Only its headers would be missing, which nobody but HSTS has.
 */
function withoutTrailing404(routes: readonly Route[], report: Report, options: WriteOptions): readonly Route[] {
  const last = routes.at(-1);
  if (
    last?.action.kind !== 'direct-response' ||
    last.action.status !== 404 ||
    last.match.headers.length + last.match.query.length > 0
  )
    return routes;
  const names = [...(last.responseHeaders?.set ?? []), ...(last.responseHeaders?.add ?? [])].map(([name]) => name);
  if (names.some((n) => n !== 'strict-transport-security') || (last.action.body && !last.action.defaultBackend))
    return routes;
  if (names.length > 0)
    report.add('hsts', 'answers of the default backend lose their Strict-Transport-Security header', last.origin, {
      route: last,
    });
  noteConditions(last, report, options);
  report.needless(last);
  return routes.slice(0, -1);
}

/** What the route needs besides the request: said once per rule. */
function noteSideConditions(route: Route, report: Report, options: WriteOptions): void {
  const { allowEnvoyFilter } = options;
  if (route.maxRequestBytes !== undefined) {
    const [key, how]: [FeatureKey, string] = !allowEnvoyFilter
      ? ['max-request-bytes', 'Istio has no limit without an EnvoyFilter (--allow-envoyfilter writes one)']
      : bodyLimitOf(route) === undefined
        ? ['max-request-bytes.streams', 'an EnvoyFilter for it would break gRPC streams']
        : ['max-request-bytes.buffered', BUFFERED];
    const message = `request bodies over ${route.maxRequestBytes} bytes get 413 from the source; ${how}`;
    report.add(key, message, route.bodyLimitOrigin ?? route.origin, { route });
  }
}

function noteConditions(route: Route, report: Report, { allowEnvoyFilter }: WriteOptions): void {
  for (const c of route.conditions ?? []) {
    if (c.rate && allowEnvoyFilter) noteRateLimit(c, report);
    else if (c.ask) noteAuth(c, report);
    else if (isHandshake(c)) noteHandshake(c, report);
    else noteLeftCheck(c, report.add, c.rate && 'not translated without --allow-envoyfilter');
  }
}

/** Asked of Envoy 1.40: an upgrade on a route with the buffer filter waits for the end of its body for ever. */
const BUFFERED =
  'with the EnvoyFilter for it too, unless a policy refuses them or a CORS preflight is answered first. It buffers each request completely before forwarding it, so that a WebSocket never opens there; requests that no rule matches have no limit';
