// The ordered routes of a virtual host as the `http` list of a VirtualService, in the same order: first match wins in both.

import { noteAuth } from '../../../implementations/istio/write/auth-rules.js';
import { plainRedirect, type Route, type VirtualHost } from '../../../model/index.js';
import { bodyLimitOf } from '../../body-limits.js';
import { isHandshake, noteHandshake } from '../../client-certificates.js';
import { noteRateLimit } from '../../client-rate-limits.js';
import type { FeatureKey, WriteOptions } from '../../dialect.js';
import { noteLeftCheck } from '../../without-check.js';
import { writeAction } from './action.js';
import type { RuleOptions } from './drafts.js';
import { type Known, writeMatch } from './match.js';
import { splitRedirect } from './redirect-slash.js';
import type { Report } from './report.js';
import { headers, writeCors, writeFault } from './rule-fields.js';
import { type RuleList, ruleList } from './rule-list.js';

/** Routes with a source matcher are left to the AuthorizationPolicies (policies.ts). */
export function writeRules(
  host: VirtualHost,
  known: Known,
  report: Report,
  options: RuleOptions,
): Pick<RuleList, 'rules' | 'routes'> {
  const list = ruleList();
  for (const route of withoutTrailing404(host.routes, report, options).map(plainRedirect).flatMap(splitRedirect)) {
    // Told as dropped where no policy says it.
    if (route.match.source?.length) {
      report.wrote(route);
      continue;
    }
    const written = list.isFull ? 'never' : writeMatch(route.match, known);
    if (written === 'never') {
      report.needless(route);
      continue;
    }
    noteConditions(route, report, options);
    if (written.impossible) {
      const message = `${written.impossible}; the rule is left out`;
      report.add('route.match', message, route.matchOrigin ?? route.origin, { route });
      continue;
    }
    noteSideConditions(route, report, options);
    const action = writeAction(route, report, options);
    if (!action) continue;
    const body = { ...action, ...writeFaultBeside(action, route), ...writeCors(route), ...writeHeaders(route, report) };
    if (list.add(route, written.matches, body)) report.wrote(route);
    else report.needless(route);
  }
  return { rules: list.rules, routes: list.routes };
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
  if (!last || !isPlain404(last)) return routes;
  const names = headerNames(last);
  if (names.some((n) => n !== 'strict-transport-security')) return routes;
  if (names.length > 0)
    report.add('hsts', 'answers of the default backend lose their Strict-Transport-Security header', last.origin, {
      route: last,
    });
  noteConditions(last, report, options);
  report.needless(last);
  return routes.slice(0, -1);
}

/** 404 for every request that comes there, without a text of its own. */
const isPlain404 = ({ action, match }: Route): boolean =>
  action.kind === 'direct-response' &&
  action.status === 404 &&
  (!action.body || action.defaultBackend === true) &&
  match.headers.length + match.query.length === 0;

const headerNames = ({ responseHeaders }: Route): string[] =>
  [...(responseHeaders?.set ?? []), ...(responseHeaders?.add ?? [])].map(([name]) => name);

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
    else if (isHandshake(c)) noteHandshake(c, true, report);
    else noteLeftCheck(c, report.add, c.rate && 'not translated without --allow-envoyfilter');
  }
}

/** Asked of Envoy 1.40: an upgrade on a route with the buffer filter waits for the end of its body for ever. */
const BUFFERED =
  'with the EnvoyFilter for it too, unless a policy refuses them or a CORS preflight is answered first. It buffers each request completely before forwarding it, so that a WebSocket never opens there; requests that no rule matches have no limit';
