// What a match of a VirtualService tests: TranslateRouteMatch in pilot/pkg/networking/core/route/route.go,
// claims after pkg/jwt/routing.go.

import type { ClaimMatcher, HeaderMatcher, QueryMatcher, RouteMatch, StringMatcher } from '../../../model/index.js';
import type { MatchConfig, NamedMatch, StringMatch, VirtualServiceConfig } from '../config.js';

/** A rule without matches, and a match without uri. */
const ANY_PATH: StringMatcher = { kind: 'prefix', value: '/' };
export const ANY: RouteMatch = { path: ANY_PATH, headers: [], query: [] };

export function routeMatch(match: MatchConfig | undefined, semantics: VirtualServiceConfig['semantics']): RouteMatch {
  if (!match) return ANY;
  const headers: HeaderMatcher[] = [];
  const claims: ClaimMatcher[] = [];
  for (const test of match.headers) {
    const claim = claimPath(test.name);
    if (claim) claims.push({ claim, value: stringMatcher(test), origin: test.origin });
    else headers.push(headerMatcher(test.name, test));
  }
  for (const test of match.withoutHeaders) {
    const claim = claimPath(test.name);
    if (claim) claims.push({ claim, value: stringMatcher(test), invert: true, origin: test.origin });
    else headers.push(withoutHeader(test));
  }
  if (match.method) headers.push(headerMatcher(':method', match.method));
  if (match.authority) headers.push(headerMatcher(':authority', match.authority));
  if (match.scheme) headers.push(headerMatcher(':scheme', match.scheme));
  const query: QueryMatcher[] = [];
  for (const test of match.queryParams)
    query.push({ name: test.name, value: stringMatcher(test), origin: test.origin });
  return {
    path: pathMatcher(match, semantics),
    headers,
    query,
    ...(claims.length > 0 ? { claims } : {}),
  };
}

function pathMatcher(match: MatchConfig, semantics: VirtualServiceConfig['semantics']): StringMatcher {
  const { uri } = match;
  if (!uri || uri.kind === 'unset') return ANY_PATH;
  if (uri.kind === 'regex') return { kind: 'regex', pattern: uri.value };
  const ignoreCase = match.ignoreUriCase ? { ignoreCase: true } : {};
  if (semantics === 'ingress' && uri.kind === 'prefix' && uri.value !== '/') {
    // One slash goes, no more: `/foo//` would become an illegal matcher in Envoy.
    return { kind: 'segment-prefix', value: uri.value.replace(/\/$/, '') };
  }
  return { kind: uri.kind, value: uri.value, ...ignoreCase };
}

/** `regex: "*"` is no pattern but means "present": canBeConvertedToPresentMatch. */
const isPresence = (test: StringMatch): boolean =>
  test.kind === 'unset' || (test.kind === 'regex' && test.value === '*');

function stringMatcher(test: StringMatch): StringMatcher {
  if (test.kind === 'unset' || isPresence(test)) return { kind: 'any' };
  return test.kind === 'regex' ? { kind: 'regex', pattern: test.value } : { kind: test.kind, value: test.value };
}

const headerMatcher = (name: string, test: StringMatch): HeaderMatcher => ({
  name: name.toLowerCase(),
  value: stringMatcher(test),
  origin: test.origin,
});

/** Inverted, and an absent header counts as an empty one, except for the test of presence. */
const withoutHeader = (test: NamedMatch): HeaderMatcher => ({
  ...headerMatcher(test.name, test),
  invert: true,
  missing: isPresence(test) ? 'absent' : 'empty',
});

const CLAIMS = '@request.auth.claims';

/** `@request.auth.claims.group.id` and `@request.auth.claims[group][id]` are paths into the token; else a header. */
function claimPath(header: string): string[] | undefined {
  if (!header.toLowerCase().startsWith(CLAIMS)) return undefined;
  const rest = header.slice(CLAIMS.length);
  if (rest.startsWith('.') && rest.length > 1) return rest.slice(1).split('.');
  if (rest.startsWith('[') && rest.endsWith(']') && rest.length > 2) return rest.slice(1, -1).split('][');
  return undefined;
}

/** Nothing but the path is tested, and the path is any: IsCatchAllRoute. */
export function isCatchAll({ path, headers, query, claims }: RouteMatch): boolean {
  if (headers.length > 0 || query.length > 0 || claims) return false;
  if (path?.kind === 'regex') return path.pattern === '.*';
  return (path?.kind === 'prefix' || path?.kind === 'segment-prefix') && path.value === '/';
}
