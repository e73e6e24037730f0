// Routes that Istio writes and Envoy refuses, with the route table that they are in: what the gateway then answers is what it answered
// before, or nothing. No answer of that table is certain. The limits are those of Envoy's protos (api/envoy/config/route/v3/
// route_components.proto, config/core/v3/base.proto, type/matcher/v3/regex.proto; Envoy 1.40) that neither the CRDs nor Istio's webhook
// have; each was asked (`npm run real -- istio ask`, fixtures/recorded and test/refused-routes.test.ts).

import {
  type Action,
  type Delivery,
  type EffectiveGateway,
  type FilterChain,
  type HeaderOps,
  type Origin,
  type PathRewrite,
  type Route,
  type StringMatcher,
  table,
  type Unsupported,
} from '../../model/index.js';
import {
  BadPatternError,
  compileRegex,
  leastProgramSize,
  parseRegex,
  RegexSyntaxError,
  TooLargeError,
} from '../../regex/index.js';
import { at } from '../../resources/fields.js';
import { operatorProblem } from './envoy-operators.js';

/** What Envoy does not take of a route. */
export interface RouteProblem {
  readonly kind: 'path' | 'pattern' | 'operator' | 'text' | 'status' | 'query' | 'delivery' | 'action';
  /** Without a full stop. */
  readonly text: string;
  /** Of the value of a header, which in a VirtualService has a check of its own. */
  readonly isHeaderValue?: true;
  readonly origin: Origin;
}

/** With the kind of the problem behind it, the feature of an unknown. */
export const REFUSED_ROUTE = 'route.refused.';

/** What goes with one route of a chain, in words: plain HTTP servers of a port have one table, each TLS server has its own. */
export const tableOf = ({ tls }: FilterChain): string =>
  tls ? 'the routes of its server' : 'the routes of the whole port';

/** One unknown for each object and route table: one problem is enough for all that it reaches; lint names each. */
export function refusedRoutes({ listeners }: Pick<EffectiveGateway, 'listeners'>): Unsupported[] {
  const found = new Map<string, Unsupported & { readonly reach: { readonly ports: number[] } }>();
  for (const { port, filterChains } of listeners)
    for (const chain of filterChains)
      for (const problem of problemsIn(chain)) {
        const { kind, text, origin } = problem;
        const table = tableOf(chain);
        const key = `${origin.resource.order} ${table}`;
        const known = found.get(key);
        if (known && !known.reach.ports.includes(port)) known.reach.ports.push(port);
        if (known) continue;
        found.set(key, {
          feature: `${REFUSED_ROUTE}${kind}`,
          detail: `${text}: Envoy refuses ${table}, which keep their last good state; a restarted gateway serves none.`,
          effect: 'routing',
          reach: { ports: [port] },
          origin,
        });
      }
  return [...found.values()];
}

function* problemsIn(chain: FilterChain): Generator<RouteProblem> {
  if (chain.kind !== 'http') return;
  for (const { routes } of chain.virtualHosts) for (const route of routes) yield* routeProblems(route);
}

const NONE: readonly RouteProblem[] = [];
/** What Envoy does not take of a route. Cheaper to look for than to remember. */
export function routeProblems(route: Route): readonly RouteProblem[] {
  let problems = NONE;
  for (const check of CHECKS) {
    const found = check(route);
    if (found.length > 0) problems = [...problems, ...found];
  }
  return problems;
}

const matchPlace = (route: Route): Origin => route.matchOrigin ?? route.origin;

/** `path_separated_prefix`. */
const SEGMENTS = /^[^?#]+[^?#/]$/;

function ofPath(route: Route): readonly RouteProblem[] {
  const { path } = route.match;
  if (path?.kind !== 'segment-prefix' || SEGMENTS.test(path.value)) return NONE;
  // Istio writes `/` as a plain prefix, so that of an Ingress it is what is left of two slashes.
  if (path.value === '/' && route.origin.resource.kind !== 'Ingress') return NONE;
  const why = /[?#]/.test(path.value) ? 'holds "?" or "#", which no path has' : 'ends with more than one slash';
  return [{ kind: 'path', text: `the prefix ${JSON.stringify(path.value)} ${why}`, origin: matchPlace(route) }];
}

const LONGEST_PARAMETER = 1024;

const ofQuery = (route: Route): readonly RouteProblem[] =>
  route.match.query.flatMap(({ name, origin }) => {
    const problem =
      name === ''
        ? 'a query parameter has no name'
        : Buffer.byteLength(name) > LONGEST_PARAMETER
          ? `the name of a query parameter is longer than ${LONGEST_PARAMETER} bytes`
          : undefined;
    return problem ? [{ kind: 'query', text: problem, origin: origin ?? matchPlace(route) }] : [];
  });

/** Where the pattern of a path stands in a match. */
const PATTERN_OF_PATH = table<readonly string[]>({
  HTTPRoute: ['path', 'value'],
  GRPCRoute: ['method'],
  VirtualService: ['uri'],
});

const isPattern = ({ value }: { readonly value: StringMatcher }): boolean => value.kind === 'regex';

/** Most routes have none, and there are many routes. */
const hasPattern = ({ match: { path, headers, query, claims }, cors, action }: Route): boolean =>
  path?.kind === 'regex' ||
  headers.some(isPattern) ||
  query.some(isPattern) ||
  claims?.some(isPattern) === true ||
  cors !== undefined ||
  (action.kind === 'forward' && action.rewrite?.path?.kind === 'regex');

function ofPatterns(route: Route): readonly RouteProblem[] {
  if (!hasPattern(route)) return NONE;
  const { resource } = route.origin;
  const here = matchPlace(route);
  return patternsOf(route).flatMap(([value, origin = here]) => {
    const problem = value?.kind === 'regex' ? patternProblem(value.pattern, resource.kind) : undefined;
    return problem === undefined ? [] : [{ kind: 'pattern', text: problem, origin }];
  });
}

function patternsOf({ match, cors, action, origin, matchOrigin = origin }: Route) {
  const { path, headers, query, claims = [] } = match;
  const place = PATTERN_OF_PATH.get(origin.resource.kind) ?? [];
  const rewrite = action.kind === 'forward' ? action.rewrite : undefined;
  return [
    [path, at(matchOrigin, ...place)] as const,
    ...[...headers, ...query].map((m) => [m.value, m.origin && at(m.origin, ...valuePlace(origin))] as const),
    ...claims.map((claim) => [claim.value, claim.origin] as const),
    [rewrite?.path, rewrite?.origin ?? origin] as const,
    ...(cors?.allowOrigins ?? []).map((value) => [value, cors?.origin] as const),
  ];
}

/** Matches of a VirtualService are maps. */
const valuePlace = ({ resource }: Origin): readonly string[] => (resource.kind === 'VirtualService' ? [] : ['value']);

const patterns = new Map<string, string | undefined>();

/** `kind`: of the object; the webhook has looked at the syntax of those in a VirtualService. */
function patternProblem(pattern: string, kind: string): string | undefined {
  if (kind === 'VirtualService' && !pattern.includes('{')) return undefined;
  if (patterns.has(pattern)) return patterns.get(pattern);
  const problem = pattern === '' ? 'a pattern is empty' : notRe2(pattern);
  if (patterns.size > 10_000) patterns.clear();
  patterns.set(pattern, problem);
  return problem;
}

/** `re2.max_program_size.error_level` of Istio's bootstrap. */
const LARGEST_PROGRAM = 32_768;

function notRe2(pattern: string): string | undefined {
  const shown = JSON.stringify(pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern);
  try {
    compileRegex(pattern);
    const size = pattern.includes('{') ? leastProgramSize(parseRegex(pattern)) : 0;
    return size > LARGEST_PROGRAM
      ? `${shown} is larger than Envoy takes (at least ${size} instructions of RE2, of ${LARGEST_PROGRAM})`
      : undefined;
  } catch (error) {
    if (error instanceof BadPatternError) return `${shown} is ${error.message}`;
    if (error instanceof RegexSyntaxError || error instanceof TooLargeError) return undefined;
    throw error;
  }
}

function ofHeaders(route: Route): readonly RouteProblem[] {
  const { action, requestHeaders, responseHeaders } = route;
  const isForDestinations =
    action.kind === 'forward' && action.destinations.some((d) => d.requestHeaders ?? d.responseHeaders);
  if (!requestHeaders && !responseHeaders && !isForDestinations) return NONE;
  const all = action.kind === 'forward' ? [route, ...action.destinations] : [{ requestHeaders, responseHeaders }];
  return all.flatMap(({ requestHeaders: request, responseHeaders: response }) => [
    ...ofOps(request, route),
    ...ofOps(response, route),
  ]);
}

const LONGEST_HEADER = 16_384;
/** Envoy's HTTP_HEADER_NAME and HTTP_HEADER_VALUE, not strict. */
const LINE_END = /[\0\n\r]/;

function ofOps(ops: HeaderOps | undefined, route: Route): readonly RouteProblem[] {
  if (!ops) return NONE;
  const origin = ops.origin ?? route.origin;
  const removed = (ops.remove ?? [])
    .filter((name) => LINE_END.test(name))
    .map((name): RouteProblem => ({ kind: 'text', text: withLineEnd('the name of a header', name), origin }));
  const written = (['set', 'add'] as const).flatMap((op) =>
    (ops[op] ?? []).flatMap(([name, value]) => {
      // Operations of a VirtualService are maps, and Istio's webhook looks at them.
      const isMap = origin.resource.kind === 'VirtualService';
      const problem = headerProblem(name, value, isMap);
      return problem ? [{ ...problem, origin: isMap ? at(origin, op, name) : origin }] : [];
    }),
  );
  return [...removed, ...written];
}

function headerProblem(name: string, value: string, isValidated: boolean): Omit<RouteProblem, 'origin'> | undefined {
  if (LINE_END.test(name)) return { kind: 'text', text: withLineEnd('the name of a header', name) };
  if (LINE_END.test(value))
    return { kind: 'text', text: withLineEnd(`the value of ${name}`, value), isHeaderValue: true };
  if (Buffer.byteLength(name) > LONGEST_HEADER || Buffer.byteLength(value) > LONGEST_HEADER)
    return { kind: 'text', text: `a header is longer than ${LONGEST_HEADER} bytes` };
  const operator = operatorProblem(value, isValidated);
  return operator === undefined ? undefined : { kind: 'operator', text: operator };
}

const withLineEnd = (what: string, text: string): string =>
  `${what} holds a line break or NUL: ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}`;

/** Texts of a rewrite and a redirect. */
const ofAction = ({ action, origin }: Route): readonly RouteProblem[] =>
  textsOf(action).flatMap(([what, text]) =>
    text !== undefined && LINE_END.test(text) ? [{ kind: 'text', text: withLineEnd(what, text), origin }] : [],
  );

type Texts = readonly (readonly [what: string, text: string | undefined])[];
const NO_TEXTS: Texts = [];

function textsOf(action: Action): Texts {
  if (action.kind === 'redirect')
    return [
      ['the host of a redirect', action.host],
      ['the path of a redirect', pathText(action.path)],
    ];
  if (action.kind !== 'forward') return NO_TEXTS;
  if (!action.rewrite && !action.destinations.some((d) => d.hostRewrite !== undefined)) return NO_TEXTS;
  return [
    ['the path of a rewrite', pathText(action.rewrite?.path)],
    ['the host of a rewrite', action.rewrite?.host],
    ...action.destinations.map((d) => ['the host of a rewrite', d.hostRewrite] as const),
  ];
}

function pathText(path: PathRewrite | undefined): string | undefined {
  if (path?.kind === 'prefix' || path?.kind === 'full') return path.to;
  return path?.kind === 'regex' ? path.substitution : undefined;
}

/** Hash policies and retries. */
function ofDelivery({ action, origin }: Route): readonly RouteProblem[] {
  const delivery = action.kind === 'forward' ? action.delivery : undefined;
  if (!delivery?.hash && delivery?.retries?.backoffMs !== 0) return NONE;
  const texts = (delivery.hash ?? []).flatMap((hash) => hashProblem(hash) ?? []);
  if (delivery.retries?.backoffMs === 0) texts.push('the back-off of retries is zero');
  return texts.map((text) => ({ kind: 'delivery', text, origin }));
}

function hashProblem({
  by,
  name = '',
  ttlMs = 0,
  attributes = {},
}: NonNullable<Delivery['hash']>[number]): string | undefined {
  if (by === 'header' && LINE_END.test(name)) return withLineEnd('the header of a hash policy', name);
  if (by !== 'source-ip' && name === '') return `a hash policy by ${by} has no name`;
  if (ttlMs < 0) return `the ttl of the session cookie ${name} is negative`;
  const text = Object.entries(attributes)
    .flat()
    .find((part) => LINE_END.test(part));
  return text === undefined ? undefined : withLineEnd('an attribute of a session cookie', text);
}

/** Of answers that the gateway gives itself. */
function ofStatus({ action, fault, origin }: Route): readonly RouteProblem[] {
  const own = action.kind === 'direct-response' ? [action.status] : [];
  const aborted = fault?.abort && !fault.abort.grpc ? [fault.abort.status] : [];
  return [...own, ...aborted]
    .filter((status) => status < 200 || status > 599)
    .map((status) => ({ kind: 'status', text: `the status ${status} is none of 200 to 599`, origin }));
}

/** A redirect of a status that Envoy does not have becomes a route without an action, destinations without weights an empty list of clusters. */
const ofNoAction = ({ action, origin }: Route): readonly RouteProblem[] =>
  action.kind === 'none' ? [{ kind: 'action', text: action.reason, origin }] : NONE;

const CHECKS: readonly ((route: Route) => readonly RouteProblem[])[] = [
  ofPath,
  ofQuery,
  ofPatterns,
  ofHeaders,
  ofAction,
  ofDelivery,
  ofStatus,
  ofNoAction,
];
