// What a route does, as the fields of a VirtualService's HTTPRoute.

import { isNginxDefault, retryOn } from '../../../implementations/istio/write/retry-conditions.js';
import {
  type Destination,
  type Forward,
  type HeaderOps,
  type PathRewrite,
  type Redirect,
  type Route,
  type WeightedDestination,
  wholeLocation,
} from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import { durationText } from '../../../resources/fields.js';
import { grpcStatusName } from '../../../resources/grpc-status.js';
import { noteSettings } from '../../engine-losses.js';
import { unslashedPaths } from './redirect-slash.js';
import type { Report } from './report.js';
import { asRegex } from './string-match.js';

type Fields = Record<string, unknown>;

/** What a rule of the model becomes; several where one match of the model needs different fields per spelling. */
export function writeAction(route: Route, report: Report): Fields | undefined {
  const { action } = route;
  switch (action.kind) {
    case 'forward':
      return writeForward(action, route, report);
    case 'redirect':
      return writeRedirect(action, route, report);
    case 'direct-response':
      if (action.defaultBackend) return { directResponse: { status: action.status } };
      return { directResponse: { status: action.status, ...(action.body ? { body: { string: action.body } } : {}) } };
    case 'none':
      report.add(
        'route.without-action',
        `the data plane gives this rule no action (${action.reason}); it is left out`,
        route.origin,
        { route },
      );
      return undefined;
  }
}

/** `{host, subset, port: {number}}`, as the API writes it. */
export const writeDestination = (d: Destination): Fields => ({
  host: d.host,
  ...(d.subset ? { subset: d.subset } : {}),
  // A port that is named and that the Service does not have has no number; the API takes none below 1.
  port: { number: d.port || 65_535 },
});

function writeForward(forward: Forward, route: Route, report: Report): Fields | undefined {
  const total = forward.destinations.reduce((sum, d) => sum + d.weight, 0);
  const real = forward.destinations.filter((d): d is WeightedDestination & { to: Destination } => 'host' in d.to);
  const answers = forward.destinations.filter(
    (d) => !('host' in d.to) && (d.weight > 0 || forward.destinations.length === 1),
  );
  if (real.length === 0) {
    const first = answers[0]?.to;
    return { directResponse: { status: first && 'status' in first ? first.status : 500 } };
  }
  const fields: Fields = {};
  if (forward.rewrite) {
    const rewrite: Fields = {};
    const path = forward.rewrite.path && writePathRewrite(forward.rewrite.path, route);
    if (path) Object.assign(rewrite, path);
    if (forward.rewrite.host !== undefined) rewrite.authority = forward.rewrite.host;
    if (Object.keys(rewrite).length > 0) fields.rewrite = rewrite;
  }
  const weighted = real.length > 1;
  const shared = weighted ? percentages(real.map((d) => d.weight)) : [];
  fields.route = real.map((d, i) => ({
    destination: writeDestination(d.to),
    ...(weighted ? { weight: shared[i] } : {}),
    ...headers(d.requestHeaders, d.responseHeaders, d.hostRewrite),
  }));
  if (answers.length > 0 && total > 0) {
    // An invalid reference answers its share of the requests by itself: an injected abort with that percentage is the same distribution.
    const failing = answers.reduce((sum, d) => sum + d.weight, 0);
    const status = answers[0] && 'status' in answers[0].to ? answers[0].to.status : 500;
    if (route.fault?.abort)
      report.add(
        'route.weighted-answer',
        'the share of requests that an invalid reference answers is lost beside the fault of the rule',
        route.origin,
      );
    else {
      report.add(
        'route.injected-answer',
        'the share of requests that an invalid reference answers is an injected fault: the status is the same, access logs say FI',
        route.origin,
      );
      fields.fault = { abort: { httpStatus: status, percentage: { value: round((100 * failing) / total) } } };
    }
  }
  for (const m of forward.mirrors ?? [])
    if (m.host !== undefined || (m.path !== undefined && !isWholePath(m.path)))
      report.add(
        'mirror.request',
        `the mirrored request keeps the path and host of the request instead of ${m.path ?? 'its path'} of ${m.host ?? 'its host'}`,
        m.origin ?? route.origin,
      );
  if (forward.mirrors?.length)
    fields.mirrors = forward.mirrors.map((m) => ({
      destination: writeDestination(m.destination),
      ...(m.percent < 100 ? { percentage: { value: m.percent } } : {}),
    }));
  const { delivery } = forward;
  noteSettings(delivery, report);
  if (delivery?.timeoutMs) fields.timeout = durationText(delivery.timeoutMs);
  if (delivery?.retries && !isMeshDefault(delivery.retries) && !isNginxDefault(delivery.retries))
    fields.retries = {
      attempts: delivery.retries.attempts,
      ...(delivery.retries.attempts > 0 && delivery.retries.perTryTimeoutMs
        ? { perTryTimeout: durationText(delivery.retries.perTryTimeoutMs) }
        : {}),
      ...(delivery.retries.attempts > 0 && delivery.retries.on ? { retryOn: retryOn(delivery.retries.on) } : {}),
      ...(delivery.retries.attempts > 0 && delivery.retries.backoffMs
        ? { backoff: durationText(delivery.retries.backoffMs) }
        : {}),
    };
  return fields;
}

/** The path of the request with its query, as nginx's `$request_uri`. */
const isWholePath = (template: string): boolean => /^\/?%(VARIABLE\(request_uri\)|REQ\(:path\))%$/i.test(template);

/** What Istio does by default (mesh default retry policy, pilot/pkg/networking/core/route/retry, Istio 2026-08). */
const isMeshDefault = (r: NonNullable<NonNullable<Forward['delivery']>['retries']>): boolean =>
  r.attempts === 2 && r.perTryTimeoutMs === undefined && (r.on ?? MESH_RETRY_ON) === MESH_RETRY_ON;
const MESH_RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';

/**
 * Istio's `rewrite.uri` replaces the matched prefix, or the whole path of an exact or regex match, so it is used
 * where that is the meaning; everything else is a regex rewrite.
 */
function writePathRewrite(rewrite: PathRewrite, route: Route): Fields | undefined {
  const { path } = route.match;
  switch (rewrite.kind) {
    case 'prefix':
      if (rewrite.to !== '' && path?.kind === 'prefix' && path.value === rewrite.from) return { uri: rewrite.to };
      if (rewrite.to !== '' && !path && rewrite.from === '/') return { uri: rewrite.to };
      return regexRewrite(
        `^${path && 'ignoreCase' in path && path.ignoreCase ? '(?i)' : ''}${quoteRegex(rewrite.from)}`,
        escapeSubstitution(rewrite.to),
      );
    case 'full':
      if (path && (path.kind === 'exact' || path.kind === 'regex') && rewrite.to !== '')
        return { uri: literal(rewrite.to) };
      return regexRewrite('^(?s:.*)$', escapeSubstitution(literal(rewrite.to)));
    case 'regex':
      return regexRewrite(rewrite.pattern, rewrite.substitution);
    case 'strip-trailing-slash':
      return regexRewrite('^(.+)/$', '\\1');
  }
}

/** Istio takes no empty `rewrite` (validateURIRegexRewrite): what follows the match is said instead, it stays. */
const regexRewrite = (match: string, rewrite: string): Fields => ({
  uriRegexRewrite:
    rewrite === '' ? { match: `${match}((?s:.*))$`, rewrite: `\\${groups(match) + 1}` } : { match, rewrite },
});

/** How many capturing groups a pattern has. */
const groups = (pattern: string): number =>
  [...pattern.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)|\(\?P?</g)].filter(([m]) => m.startsWith('(')).length;
/** Istio's own fields know no operators: the template's `%%` is one percent sign. */
const literal = (template: string) => template.replaceAll('%%', '%');
const escapeSubstitution = (text: string) => text.replace(/\\/g, '\\\\');

const CODES = new Set([301, 302, 303, 307, 308]);

/**
 * A redirect that Istio's own fields spell exactly is a redirect; every other one (nginx writes whole Locations, with statuses and
 * variables of its own) is a direct response with a `location` header: the client cannot tell the difference.
 */
function writeRedirect(redirect: Redirect, route: Route, report: Report): Fields | undefined {
  const location = wholeLocation(redirect);
  if (location !== undefined) {
    report.header(route, 'location', location);
    return { directResponse: { status: redirect.status } };
  }
  if (redirect.relative)
    report.add('redirect.relative', 'the source leaves scheme and host out of the Location', route.origin, { route });
  const fields: Fields = {};
  if (redirect.scheme) fields.scheme = redirect.scheme;
  if (redirect.host) fields.authority = redirect.host;
  if (typeof redirect.port === 'number') fields.port = redirect.port;
  else if (redirect.port)
    fields.derivePort = redirect.port === 'from-request-port' ? 'FROM_REQUEST_PORT' : 'FROM_PROTOCOL_DEFAULT';
  const { path } = redirect;
  if (path?.kind === 'full') fields.uri = literal(path.to);
  else if (path?.kind === 'prefix' && isMatched(path.from, route)) fields.prefixRewrite = path.to;
  else if (path?.kind === 'strip-trailing-slash') {
    const exactFor = unslashedPaths(route);
    const but = exactFor.length > 0 ? ` (but that of ${exactFor.join(' and ')} without a query)` : '';
    report.add(
      'redirect.trailing-slash',
      `the source removes a trailing slash of the path, the redirect of Istio keeps it${but}`,
      route.origin,
      { route, exactFor },
    );
  } else if (path) {
    report.add('redirect.path', 'Istio cannot redirect to a part of the path; the rule is left out', route.origin, {
      route,
    });
    return undefined;
  }
  if (!CODES.has(redirect.status)) {
    report.add(
      'redirect.code',
      `Istio generates no redirect with status ${redirect.status}; the rule is left out`,
      route.origin,
      { route },
    );
    return undefined;
  }
  // Istio takes no redirect without any target (validateHTTPRedirect); this one is what Envoy does anyway (ApplyRedirect in route.go).
  if (Object.keys(fields).length === 0) fields.derivePort = 'FROM_PROTOCOL_DEFAULT';
  if (redirect.status !== 301) fields.redirectCode = redirect.status;
  if (redirect.stripQuery)
    report.add('redirect.strip-query', 'the redirect drops the query, Istio keeps it', route.origin);
  return { redirect: fields };
}

/** The match is this prefix: what the target replaces. */
const isMatched = (prefix: string, { match: { path } }: Route): boolean =>
  path?.kind === 'prefix' ? path.value === prefix : prefix === '/' && (!path || path.kind === 'any');

/** `{headers: {request, response}}`, or nothing. */
export function headers(request: HeaderOps | undefined, response: HeaderOps | undefined, host?: string): Fields {
  const req = operations(request);
  if (host !== undefined) req.set = { ...((req.set as Fields | undefined) ?? {}), ':authority': host };
  const res = operations(response);
  const out = {
    ...(Object.keys(req).length > 0 ? { request: req } : {}),
    ...(Object.keys(res).length > 0 ? { response: res } : {}),
  };
  return Object.keys(out).length > 0 ? { headers: out } : {};
}

function operations(ops: HeaderOps | undefined): Fields {
  const out: Fields = {};
  if (ops?.set?.length) out.set = Object.fromEntries(ops.set);
  if (ops?.add?.length) out.add = Object.fromEntries(ops.add);
  if (ops?.remove?.length) out.remove = [...ops.remove];
  return out;
}

export function writeFault(route: Route): Fields {
  const { fault } = route;
  if (!fault) return {};
  const out: Fields = {};
  if (fault.delay) out.delay = { fixedDelay: durationText(fault.delay.ms), percentage: { value: fault.delay.percent } };
  if (fault.abort) {
    const { status, grpc, percent } = fault.abort;
    out.abort = {
      ...(grpc ? { grpcStatus: grpcStatusName(status) ?? 'UNKNOWN' } : { httpStatus: status }),
      percentage: { value: percent },
    };
  }
  return { fault: out };
}

export function writeCors(route: Route): Fields {
  const { cors } = route;
  if (!cors) return {};
  const list = (text: string | undefined) =>
    text === undefined || text === '' ? undefined : text.split(',').map((s) => s.trim());
  const fields = {
    allowOrigins: cors.allowOrigins.map((o) =>
      o.kind === 'any'
        ? { exact: '*' }
        : o.kind === 'exact'
          ? { exact: o.value }
          : o.kind === 'prefix'
            ? { prefix: o.value }
            : { regex: asRegex(o) },
    ),
    allowMethods: list(cors.allowMethods),
    allowHeaders: list(cors.allowHeaders),
    exposeHeaders: list(cors.exposeHeaders),
    maxAge: cors.maxAge === undefined ? undefined : `${cors.maxAge}s`,
    allowCredentials: cors.allowCredentials,
    unmatchedPreflights: cors.unmatchedPreflights === undefined ? undefined : cors.unmatchedPreflights.toUpperCase(),
  };
  return { corsPolicy: Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)) };
}

/** Weights as whole numbers that keep the ratio; Istio needs no sum of 100. */
const percentages = (weights: readonly number[]): number[] =>
  weights.every((w) => Number.isInteger(w)) ? [...weights] : weights.map((w) => Math.round(w * 100));
const round = (n: number) => Math.round(n * 10_000) / 10_000;
