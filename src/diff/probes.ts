// Requests like a witness that would show a difference in what depends on the request: headers that a rule changes,
// origins that CORS knows, other ends of the path.

import {
  type CorsPolicy,
  type GatewayRequest,
  type HeaderOps,
  put,
  type Route,
  type StringMatcher,
} from '../model/index.js';
import { ANY_CHAR, compileDfa, findWord, RegexSyntaxError, TooLargeError } from '../regex/index.js';
import { treeOf } from '../space/index.js';

/** The witness itself comes first. */
export function* probes(request: GatewayRequest, routes: readonly (Route | undefined)[]): Generator<GatewayRequest> {
  yield request;
  const names = new Set(routes.flatMap((r) => (r ? changedHeaders(r) : [])));
  const extra: Record<string, string> = {};
  for (const name of names) if (!hasHeader(request, name)) put(extra, name, 'x');
  const full = { ...request, headers: { ...extra, ...request.headers } };
  if (names.size > 0) yield full;
  // A rule may ask for an Origin itself: only with the witness's own is it the same rule.
  const own = [request.headers?.origin ?? []].flat();
  for (const origin of new Set(routes.flatMap((r) => (r?.cors ? [...own, ...origins(r.cors)] : [])))) {
    const headers = { ...full.headers, origin };
    yield { ...full, headers };
    yield { ...full, method: 'OPTIONS', headers: { ...headers, 'access-control-request-method': 'GET' } };
  }
  const [path = '', ...query] = full.path.split('?');
  const tail = query.length > 0 ? `?${query.join('?')}` : '';
  for (const end of ['/', 'x', '/x', '/x/y', '/X/', '//', '/x.y']) yield { ...full, path: path + end + tail };
  const more = `${full.path}${tail ? '&' : '?'}x=`;
  yield { ...full, path: `${more}1` };
  if (routes.some(takesSlash)) yield { ...full, path: `${more}/` };
  yield { ...full, host: full.host.includes(':') ? full.host : `${full.host}:8080` };
}

/** A redirect that takes a slash off the end of the request line, whatever stands before it. */
const takesSlash = (route: Route | undefined): boolean =>
  route?.action.kind === 'redirect' && route.action.path?.kind === 'strip-trailing-slash';

const hasHeader = (request: GatewayRequest, name: string): boolean =>
  Object.keys(request.headers ?? {}).some((n) => n.toLowerCase() === name);

const READ = /%(?:REQ|REQUEST_HEADER)\(([A-Za-z0-9_-]+)/g;

const changed = new WeakMap<Route, readonly string[]>();

/** Told once for each route. */
function changedHeaders(route: Route): readonly string[] {
  let names = changed.get(route);
  if (!names) changed.set(route, (names = headersThatChange(route)));
  return names;
}

function headersThatChange({ requestHeaders, responseHeaders, action }: Route): string[] {
  const ops = [
    requestHeaders,
    responseHeaders,
    ...(action.kind === 'forward' ? action.destinations.flatMap((d) => [d.requestHeaders, d.responseHeaders]) : []),
  ];
  const named = ops.flatMap((o) => (o ? namesOf(o) : []));
  const read = [...JSON.stringify([action, ops].map(withoutOrigin)).matchAll(READ)].map((m) => m[1]!.toLowerCase());
  return [...named, ...read].filter((n) => n !== 'host' && !n.startsWith(':'));
}

const withoutOrigin = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (k, v: unknown) => (k === 'origin' ? undefined : v)));

const namesOf = (ops: HeaderOps): string[] => [
  ...(ops.remove ?? []),
  ...(ops.set ?? []).map(([n]) => n.toLowerCase()),
  ...(ops.add ?? []).map(([n]) => n.toLowerCase()),
];

/** One origin that each matcher allows, and one that probably none does. */
function origins({ allowOrigins }: CorsPolicy): string[] {
  return [...allowOrigins.flatMap((m) => exampleOf(m) ?? []), 'https://origin.example'];
}

function exampleOf(matcher: StringMatcher): string | undefined {
  if (matcher.kind === 'any') return 'https://any.example';
  if (matcher.kind === 'exact' || matcher.kind === 'prefix') return matcher.value;
  try {
    return findWord([compileDfa(treeOf(matcher, ANY_CHAR), ANY_CHAR)], ([x]) => x!);
  } catch (error) {
    if (error instanceof RegexSyntaxError || error instanceof TooLargeError) return undefined;
    throw error;
  }
}
