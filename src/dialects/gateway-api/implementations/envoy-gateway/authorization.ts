// SecurityPolicy.spec.authorization (internal/xds/translator/authorization.go, v1.9.1): rules in order, the first whose tests all hold
// decides, else the default. Envoy's RBAC filter knows the route by then, so a refusal is a rule in front of it for the same requests.

import {
  append,
  type CorsPolicy,
  type HeaderMatcher,
  type JsonObject,
  type Origin,
  type Route,
  type RouteMatch,
  type SourceMatcher,
} from '../../../../model/index.js';
import { quoteRegex } from '../../../../regex/quote.js';
import { at } from '../../../../resources/fields.js';
import { has, listAt, objectAt, stringAt, stringsAt } from '../../fields.js';

const REFUSED = { kind: 'direct-response', status: 403, body: 'RBAC: access denied' } as const;

/** What of a rule no route can test. */
export const isBeyondRoutes = (authorization: JsonObject): boolean =>
  listAt(authorization, 'rules').some((rule) => {
    const principal = objectAt(rule, 'principal');
    return (
      has(rule, 'cel') ||
      has(objectAt(rule, 'operation'), 'path') ||
      has(principal, 'jwt') ||
      has(principal, 'clientIPGeoLocations')
    );
  });

/** `route` behind the rules of `authorization`. `origin`: of that field. */
export function authorized(route: Route, authorization: JsonObject, origin: Origin): readonly Route[] {
  const refused = (match: RouteMatch, place: Origin): readonly Route[] =>
    toldOrigins(route, {
      ...refusable(route),
      match,
      action: { ...REFUSED, why: `${place.resource.kind} ${place.resource.name} refuses the client` },
      origin: place,
    });
  const steps = stepsOf(authorization, origin);
  const routes = steps.every((s) => !s.allows || s.headers.length === 0)
    ? refusalsFirst(route, steps, refused)
    : inOrder(route, steps, refused);
  return withPreflights(route, routes);
}

interface Step extends Tests {
  readonly allows: boolean;
  readonly origin: Origin;
}

/** Up to the first that decides about everybody: the default at last. */
function stepsOf(authorization: JsonObject, origin: Origin): readonly Step[] {
  const steps: Step[] = [];
  for (const [i, rule] of listAt(authorization, 'rules').entries()) {
    const place = at(origin, 'rules', i);
    const tests = testsOf(objectAt({ rule }, 'rule'), place);
    steps.push({ ...tests, allows: stringAt(rule, 'action') !== 'Deny', origin: place });
    if (isForAll(tests)) return steps;
  }
  return [...steps, { headers: [], allows: stringAt(authorization, 'defaultAction') === 'Allow', origin }];
}

const isForAll = ({ source, headers }: Tests): boolean => source === undefined && headers.length === 0;

type Refused = (match: RouteMatch, place: Origin) => readonly Route[];

/** Who is allowed is known by the address alone: whoever is refused and was not allowed before, then the rule itself. */
function refusalsFirst(route: Route, steps: readonly Step[], refused: Refused): readonly Route[] {
  const allowed: SourceMatcher[] = [];
  const found: Route[] = [];
  for (const step of steps) {
    if (!step.allows)
      append(found, refused(narrowed(route.match, step, allowed.length > 0 ? [notAnyOf(allowed)] : []), step.origin));
    else if (step.source) allowed.push(step.source);
  }
  return steps.at(-1)?.allows === false && allowed.length === 0 ? found : [...found, route];
}

const notAnyOf = (sources: readonly SourceMatcher[]): SourceMatcher => ({
  ...sources[0]!,
  cidrs: sources.flatMap((s) => s.cidrs),
  invert: true,
});

/** Whoever is allowed has a copy of the rule. */
const inOrder = (route: Route, steps: readonly Step[], refused: Refused): readonly Route[] =>
  steps.flatMap((step) => {
    if (isForAll(step)) return step.allows ? [route] : refused(route.match, step.origin);
    const match = narrowed(route.match, step);
    return step.allows ? [{ ...route, match }] : refused(match, step.origin);
  });

/** What a refusal has of its rule: the headers of a redirect or an answer are not among it (asked of Envoy 1.40). */
const refusable = ({ cors: _, matchOrigin: __, responseHeaders, ...route }: Route): Omit<Route, 'cors'> =>
  route.action.kind === 'forward' && responseHeaders ? { ...route, responseHeaders } : route;

/** Preflights are answered before anybody is refused, whatever their origin. */
function withPreflights(route: Route, routes: readonly Route[]): readonly Route[] {
  if (!hasCors(route) || routes.every((r) => r.action === route.action)) return routes;
  const asked: HeaderMatcher[] = [
    { name: ':method', value: { kind: 'exact', value: 'OPTIONS' } },
    { name: 'origin', value: { kind: 'any' } },
    { name: 'access-control-request-method', value: { kind: 'regex', pattern: '.+' } },
  ];
  return [{ ...route, match: { ...route.match, headers: [...route.match.headers, ...asked] } }, ...routes];
}

const hasCors = (route: Route): route is Route & { readonly cors: CorsPolicy } =>
  route.cors !== undefined && route.action.kind === 'forward';

/** A refusal has the headers of CORS too, for an origin that is allowed. */
function toldOrigins(route: Route, refused: Route): readonly Route[] {
  if (!hasCors(route)) return [refused];
  const { allowOrigins, allowCredentials, exposeHeaders } = route.cors;
  const told = allowOrigins.map((value): Route => {
    const headers: readonly HeaderMatcher[] = [...refused.match.headers, { name: 'origin', value }];
    const set = [
      ...(refused.responseHeaders?.set ?? []),
      ['access-control-allow-origin', '%REQ(origin)%'] as const,
      ...(allowCredentials ? [['access-control-allow-credentials', 'true'] as const] : []),
      ...(exposeHeaders ? [['access-control-expose-headers', exposeHeaders] as const] : []),
    ];
    return { ...refused, match: { ...refused.match, headers }, responseHeaders: { ...refused.responseHeaders, set } };
  });
  return [...told, refused];
}

interface Tests {
  readonly source?: SourceMatcher;
  readonly headers: readonly HeaderMatcher[];
}

function testsOf(rule: JsonObject, origin: Origin): Tests {
  const principal = objectAt(rule, 'principal');
  const cidrs = stringsAt(principal, 'clientCIDRs');
  const methods = stringsAt(objectAt(rule, 'operation'), 'methods');
  const headers: HeaderMatcher[] = listAt(principal, 'headers').map((header, i) => ({
    name: (stringAt(header, 'name') ?? '').toLowerCase(),
    value: oneOf(stringsAt(header, 'values')),
    origin: at(origin, 'principal', 'headers', i),
  }));
  if (methods.length > 0)
    append(headers, [{ name: ':method', value: oneOf(methods), origin: at(origin, 'operation', 'methods') }]);
  return {
    ...(cidrs.length > 0 && { source: { cidrs, address: 'client', origin: at(origin, 'principal', 'clientCIDRs') } }),
    headers,
  };
}

const oneOf = (values: readonly string[]): HeaderMatcher['value'] =>
  values.length === 1
    ? { kind: 'exact', value: values[0]! }
    : { kind: 'regex', pattern: values.map((v) => quoteRegex(v)).join('|') };

const narrowed = (match: RouteMatch, { source, headers }: Tests, others: readonly SourceMatcher[] = []): RouteMatch => {
  const sources = [...(match.source ?? []), ...(source ? [source] : []), ...others];
  return {
    ...match,
    headers: [...match.headers, ...headers],
    ...(sources.length > 0 ? { source: sources } : {}),
  };
};
