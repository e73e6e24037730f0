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
    const matches = wanted.filter((m) => !isTaken(m, rules));
    if (written.matches.length > 0 && matches.length === 0) {
      report.needless(route);
      continue;
    }
    report.wrote(route);
    const body = { ...action, ...writeFaultBeside(action, route), ...writeCors(route), ...writeHeaders(route, report) };
    const last = rules.at(-1);
    // Matches of one rule came apart when the dialect was read; together again they read as the user wrote them.
    if (
      last?.match &&
      written.matches.length > 0 &&
      routes.at(-1)?.origin === route.origin &&
      sameBody(last, body, route)
    ) {
      rules[rules.length - 1] = { ...last, match: [...last.match, ...matches] };
      continue;
    }
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
const isTaken = (m: HttpMatchRequest, rules: readonly HttpRule[]): boolean => {
  const own = JSON.stringify(m);
  const path = m.uri && 'exact' in m.uri && !m.ignoreUriCase ? JSON.stringify({ uri: m.uri }) : own;
  return rules.some((r) =>
    r.match?.some((e) => {
      const text = JSON.stringify(e);
      return text === own || text === path;
    }),
  );
};

function sameBody(last: HttpRule, body: Record<string, unknown>, route: Route): boolean {
  const { name, match: _, ...rest } = last;
  return name === route.name && JSON.stringify(rest) === JSON.stringify(body);
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
