// What a rule does to a request and its response: limits of bodies, headers, faults, redirects, rewrites, direct responses, CORS.

import {
  type Forward,
  literalText,
  type Route,
  type SimulationResult,
  withoutComputedHeaders,
  withoutUncomputed,
} from '../../model/index.js';
import { atLocation, looksAlike, type View, withHeaders } from '../answers.js';
import {
  answersAsFault,
  changed,
  keepResponseHeaders,
  keepTrailingSlash,
  onDestinations,
  oneValueEach,
  onForward,
  onHeaderOps,
  onRedirect,
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

const withoutSlashes: View = (r) => {
  const bare = atLocation(r, (location) => location.replaceAll('/', ''));
  return bare.upstream
    ? { ...bare, upstream: { ...bare.upstream, path: bare.upstream.path.replaceAll('/', '') } }
    : bare;
};
const bySlashes: Effect = { view: withoutSlashes };
const headerOps: Effect = { route: () => onHeaderOps(oneValueEach) };

const URL_ORIGIN = { kind: 'regex', pattern: '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$' } as const;
const withoutCors: View = (r) =>
  withHeaders(r, Object.fromEntries(Object.entries(r.headers ?? {}).filter(([n]) => !n.startsWith('access-control-'))));

function withoutHostRewrite(forward: Forward): Forward {
  if (!forward.rewrite) return forward;
  const { host: _, ...rewrite } = forward.rewrite;
  return { ...forward, rewrite };
}

function withoutComputedPath(forward: Forward): Forward {
  if (!forward.rewrite) return forward;
  const { path, ...rewrite } = forward.rewrite;
  return path?.kind === 'full' && literalText(path.to) === undefined ? { ...forward, rewrite } : forward;
}

const withoutPart =
  (part: 'method' | 'query') =>
  (forward: Forward): Forward => {
    if (!forward.rewrite) return forward;
    const { [part]: _, ...rewrite } = forward.rewrite;
    return { ...forward, rewrite };
  };

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
    title: 'Share of an invalid backend beside a fault',
    documentation: 'the share of requests that an invalid backend answers is lost',
    parts: ['WeightedDestination.to'],
    effect: { route: () => answersAsFault(false) },
  },
  'redirect.trailing-slash': {
    severity: 'approximate',
    group: 'differs',
    title: 'Slash at the end of a Location',
    documentation: 'the target keeps a slash at the end of the path',
    parts: ['Redirect.path'],
    effect: { route: ({ exactFor }) => keepTrailingSlash(exactFor ?? []) },
  },
  // Where a rule for one path says what the source says of every path.
  'redirect.slash-before-query': {
    severity: 'approximate',
    group: 'differs',
    title: 'Slash before the query of a Location',
    documentation: 'of the paths that rules name, the target takes the slash off before a query too',
    // One slash of the request line in all: that of the query stays then.
    effect: { view: (r) => atLocation(r, (location) => location.replace(/\/(?=\?)/, '').replace(/(\?.*)\/$/, '$1')) },
  },
  'redirect.relative': {
    severity: 'approximate',
    group: 'differs',
    title: 'Location without scheme and host',
    documentation: 'the target writes scheme and host into the Location',
    parts: ['Redirect.relative'],
    effect: { route: () => onRedirect(({ relative: _, ...action }, route) => [{ ...route, action }]) },
  },
  'redirect.strip-query': {
    severity: 'approximate',
    group: 'differs',
    title: 'Query of a Location',
    documentation: 'the target keeps the query',
    effect: { route: () => onRedirect(({ stripQuery: _, ...action }, route) => [{ ...route, action }]) },
  },
  'redirect.path.slashes': {
    severity: 'approximate',
    group: 'differs',
    title: 'Slashes of a redirected path',
    documentation: 'path elements are replaced, with one slash between them',
    parts: ['Redirect.path'],
    effect: bySlashes,
  },
  'rewrite.path.slashes': {
    severity: 'approximate',
    group: 'differs',
    title: 'Slashes of a rewritten path',
    documentation: 'path elements are replaced, with one slash between them',
    parts: ['Rewrite.path'],
    effect: bySlashes,
  },
  'rewrite.path.root': {
    severity: 'refused',
    group: 'refused',
    title: 'Rewrite of the root',
    documentation: 'Istio replaces the slash of a match of `/` as text',
    parts: ['Rewrite.path'],
    effect: bySlashes,
  },
  'rewrite.forwarded-host': {
    severity: 'approximate',
    group: 'carriage',
    title: 'Host from before a rewrite',
    documentation: 'Envoy Gateway adds it to `x-forwarded-host`',
    effect: { view: withoutForwardedHost },
  },
  'rewrite.host': {
    severity: 'refused',
    group: 'refused',
    title: 'Computed host',
    documentation: 'a Host header that is computed from the request',
    parts: ['Rewrite.host', 'WeightedDestination.hostRewrite'],
    effect: {
      route: () => (route) =>
        [onForward(withoutHostRewrite), onDestinations(({ hostRewrite: _, ...to }) => to)].reduce(
          (routes: readonly Route[], change) => routes.flatMap(change),
          [route],
        ),
    },
  },
  'rewrite.method': {
    severity: 'refused',
    group: 'refused',
    title: 'Changed method',
    documentation: 'the destination gets the method of the client',
    parts: ['Rewrite.method'],
    effect: { route: () => onForward(withoutPart('method')) },
  },
  'rewrite.query': {
    severity: 'refused',
    group: 'refused',
    title: 'Changed query parameters',
    documentation: 'the destination gets the query of the client',
    parts: ['Rewrite.query'],
    effect: { route: () => onForward(withoutPart('query')) },
  },
  'rewrite.path.computed': {
    severity: 'refused',
    group: 'refused',
    title: 'Computed path',
    documentation:
      'a path that is computed from the headers or parameters of the request: the destination gets that of the client',
    parts: ['Rewrite.path'],
    effect: { route: () => onForward(withoutComputedPath) },
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

function withoutForwardedHost(result: SimulationResult): SimulationResult {
  if (!result.upstream?.set?.['x-forwarded-host']) return result;
  const { set: all, ...upstream } = result.upstream;
  const { 'x-forwarded-host': _, ...set } = all ?? {};
  return { ...result, upstream: { ...upstream, ...(Object.keys(set).length > 0 ? { set } : {}) } };
}
