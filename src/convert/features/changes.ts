// What a rule does to a request and its response: limits of bodies, headers, faults, direct responses, CORS.

import { type Route, type SimulationResult, withoutComputedHeaders, withoutUncomputed } from '../../model/index.js';
import { looksAlike, type View, withHeaders } from '../answers.js';
import {
  answersAsFault,
  changed,
  keepResponseHeaders,
  oneValueEach,
  onHeaderOps,
  type RouteChange,
} from '../route-changes.js';
import type { Effect, Feature } from './feature.js';

const withoutLimit: RouteChange = changed(({ maxRequestBytes: _, ...route }) => route);
const isDefaultBackend = ({ action }: Route): boolean =>
  action.kind === 'direct-response' && action.defaultBackend === true;
const isPreflight = ({ status, headers }: SimulationResult): boolean =>
  status === 200 && headers?.['access-control-allow-origin'] !== undefined;

const isOwnError = ({ status, destination }: SimulationResult): boolean =>
  !destination && (status === 403 || status === 404);
function withoutHsts(result: SimulationResult): SimulationResult {
  const { 'strict-transport-security': _, ...headers } = result.headers ?? {};
  return withHeaders(result, headers);
}

const headerOps: Effect = { route: () => onHeaderOps(oneValueEach) };

const URL_ORIGIN = { kind: 'regex', pattern: '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$' } as const;
const withoutCors: View = (r) =>
  withHeaders(r, Object.fromEntries(Object.entries(r.headers ?? {}).filter(([n]) => !n.startsWith('access-control-'))));

export const CHANGES = {
  // No rule has a limit then, also not those for which nothing is written.
  'max-request-bytes': {
    severity: 'approximate',
    group: 'differs',
    decided: 'default',
    title: 'Limit of request bodies',
    documentation: 'larger bodies do not get 413',
    decision: '`--allow-envoyfilter` writes it for Istio, per rule',
    effect: { everywhere: true, route: () => withoutLimit },
  },
  'max-request-bytes.streams': {
    severity: 'approximate',
    group: 'differs',
    decided: 'default',
    title: 'Limit of request bodies of gRPC',
    documentation:
      "no limit on a rule of gRPC, whose streams Envoy's filter would stop, and on answers of the default backend",
    effect: { route: () => withoutLimit },
  },
  // Envoy looks at the body when policies and CORS have had their say, and its 413 has the headers of the route.
  'max-request-bytes.buffered': {
    severity: 'approximate',
    group: 'differs',
    decided: 'default',
    title: 'Buffered request bodies',
    documentation:
      "the limit is Envoy's buffer filter: policies and CORS preflights answer before it, and **a WebSocket never opens on such a rule** (its body never ends)",
    effect: {
      everywhere: true,
      route: () => (route) => (isDefaultBackend(route) ? withoutLimit(route) : [route]),
      view: (r) => (r.status === 413 ? withHeaders(r, {}) : r),
      explains: ({ before, after }) =>
        before.status === 413 &&
        !after.destination &&
        (after.status === 403 || after.status === 404 || isPreflight(after)),
    },
  },
  // Of responses by the gateway itself: what no rule matches, what a policy refuses.
  hsts: {
    severity: 'approximate',
    group: 'carriage',
    decided: 'gateway',
    title: "Strict-Transport-Security of the gateway's own responses",
    documentation: 'Strict-Transport-Security on 403 and 404 of the gateway itself',
    effect: { everywhere: true, view: (r) => (isOwnError(r) ? withoutHsts(r) : r) },
  },
  'not-found.preflight': {
    severity: 'approximate',
    group: 'differs',
    title: 'Preflights of paths that no rule serves',
    documentation: 'the target answers them 404, as everything else there',
    effect: { route: () => changed(({ cors: _, ...route }) => route) },
  },
  'not-found.headers': {
    severity: 'approximate',
    group: 'differs',
    title: 'Headers of a 404',
    documentation: 'the target answers 404 without the headers of the rule',
    effect: { route: () => keepResponseHeaders((name) => name === 'strict-transport-security') },
  },
  'headers.empty': {
    severity: 'refused',
    group: 'refused',
    title: 'Empty header value',
    documentation: 'a header cannot be set to an empty value',
    parts: ['RequestHeaders.set', 'RequestHeaders.add', 'ResponseHeaders.set', 'ResponseHeaders.add'],
    effect: headerOps,
  },
  'headers.repeated': {
    severity: 'refused',
    group: 'refused',
    title: 'Repeated header',
    documentation: 'one value per header can be written',
    parts: ['RequestHeaders.set', 'RequestHeaders.add', 'ResponseHeaders.set', 'ResponseHeaders.add'],
    effect: headerOps,
  },
  'headers.size': {
    severity: 'refused',
    group: 'refused',
    title: 'Number of headers',
    documentation: 'more than 16 headers in one filter',
    parts: ['RequestHeaders.set', 'RequestHeaders.add', 'ResponseHeaders.set', 'ResponseHeaders.add'],
    effect: headerOps,
  },
  fault: {
    severity: 'refused',
    group: 'refused',
    title: 'Fault injection',
    documentation: 'delays and aborts are not injected',
    effect: { route: () => changed(({ fault: _, ...route }) => route) },
  },
  'route.injected-answer': {
    severity: 'approximate',
    group: 'carriage',
    title: 'Share of an invalid backend',
    documentation:
      'the share of requests that an invalid backend answers is an injected fault: same status, `FI` in access logs',
    parts: ['WeightedDestination.to'],
    effect: { route: () => answersAsFault(true) },
  },
  'route.weighted-answer': {
    severity: 'approximate',
    group: 'differs',
    title: 'Share of an invalid backend with fault injection',
    documentation: 'the share of requests that an invalid backend answers is lost',
    parts: ['WeightedDestination.to'],
    effect: { route: () => answersAsFault(false) },
  },
  'headers.renamed': {
    severity: 'refused',
    group: 'refused',
    title: 'Renamed or computed header',
    documentation:
      'a header that gets the value of one that the rule removes (the target removes first), or a part of the path',
    parts: ['RequestHeaders.set', 'RequestHeaders.add'],
    effect: {
      route: () =>
        changed(({ requestHeaders, ...route }) => {
          const ops = withoutUncomputed(requestHeaders);
          return { ...route, ...(ops ? { requestHeaders: ops } : {}) };
        }),
    },
  },
  'headers.computed': {
    severity: 'approximate',
    group: 'differs',
    title: 'Header that the target cannot set',
    documentation:
      'a value that the source computes (the original path or the removed prefix in `X-Replaced-Path`, `X-Forwarded-Prefix`), or a name that is none of a header',
    parts: ['RequestHeaders.set', 'RequestHeaders.add', 'ResponseHeaders.set', 'ResponseHeaders.add'],
    effect: { route: () => changed(withoutComputedHeaders) },
  },
  // Only 500 stands for an error of the gateway itself.
  'direct-response.status': {
    severity: 'approximate',
    group: 'differs',
    title: 'Status of a direct response',
    documentation: 'the gateway itself can answer 500 only (Gateway API)',
    parts: ['DirectResponse.status'],
    effect: {
      route: () =>
        changed((route) =>
          route.action.kind === 'direct-response' && route.action.status >= 400
            ? { ...route, action: { kind: 'direct-response', status: 500 } }
            : route,
        ),
    },
  },
  'direct-response.body': {
    severity: 'approximate',
    group: 'differs',
    title: 'Body of a direct response',
    documentation: 'the response has no body of yours',
    parts: ['DirectResponse.body'],
    effect: {
      route: () =>
        changed((route) => {
          if (route.action.kind !== 'direct-response') return route;
          const { body: _, ...action } = route.action;
          return { ...route, action };
        }),
    },
  },
  'cors.unmatchedPreflights': {
    severity: 'approximate',
    group: 'differs',
    title: 'Preflights of other origins',
    documentation: 'answered by the gateway, not forwarded',
    parts: ['CorsPolicy.unmatchedPreflights'],
    effect: {
      route: () =>
        changed((route) => (route.cors ? { ...route, cors: { ...route.cors, unmatchedPreflights: 'ignore' } } : route)),
    },
  },
  'cors.maxAge': {
    severity: 'approximate',
    group: 'differs',
    title: 'Default max age of CORS',
    documentation: '`access-control-max-age: 5` is sent where nothing is set',
    parts: ['CorsPolicy.maxAge'],
    effect: {
      route: () => changed((route) => (route.cors ? { ...route, cors: { maxAge: '5', ...route.cors } } : route)),
    },
  },
  // Istio reads `*` of the Gateway API so (dialects/gateway-api/features/cors.ts).
  'cors.anyOrigin': {
    severity: 'approximate',
    group: 'differs',
    title: 'CORS for any origin',
    documentation: 'Gateway API: `*` does not allow an `Origin` that is no URL (`null`)',
    parts: ['CorsPolicy.allowOrigins'],
    effect: {
      route: () =>
        changed((route) => {
          if (!route.cors) return route;
          const { cors } = route;
          const allowOrigins = cors.allowOrigins.map((o) => (o.kind === 'any' ? URL_ORIGIN : o));
          return { ...route, cors: { ...cors, allowOrigins } };
        }),
    },
  },
  // An origin that is not allowed any more: its answers do not name it.
  'cors.allowOrigins': {
    severity: 'refused',
    group: 'refused',
    title: 'Pattern of CORS origins',
    documentation: 'an origin that is not a name with an optional `*` is no longer allowed',
    parts: ['CorsPolicy.allowOrigins'],
    effect: {
      explains: ({ here, request, intended, after }) =>
        here &&
        'origin' in (request.headers ?? {}) &&
        after.headers?.['access-control-allow-origin'] === undefined &&
        looksAlike(withoutCors(intended), withoutCors(after)),
    },
  },
} as const satisfies Record<string, Feature>;
