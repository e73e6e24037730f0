// Predicates as Envoy's matchers (envoy.config.route.v3 RouteMatch, envoy.type.matcher.v3 StringMatcher).

import {
  type HeaderMatcher,
  type QueryMatcher,
  questionWords,
  type RouteMatch,
  type StringMatcher,
} from '../../model/index.js';
import { quoteRegex } from '../../regex/quote.js';

type Fields = Record<string, unknown>;

/** `exact`, `prefix`, `suffix`, `contains` or `safe_regex`; `any` is a regex that takes everything. */
export function stringMatcher(m: StringMatcher): Fields {
  if (m.kind === 'any') return { safe_regex: { regex: '(?s).*' } };
  if (m.kind === 'regex') return { safe_regex: { regex: m.pattern } };
  if (m.kind === 'segment-prefix')
    return { safe_regex: { regex: `(?s${m.ignoreCase ? 'i' : ''})${quoteRegex(m.value)}(/.*)?` } };
  return { [m.kind]: m.value, ...(m.ignoreCase ? { ignore_case: true } : {}) };
}

/** The part of a RouteMatch that names the path. */
function pathSpecifier(path: StringMatcher | undefined): Fields {
  if (!path || path.kind === 'any') return { prefix: '/' };
  const sensitive = 'ignoreCase' in path && path.ignoreCase ? { case_sensitive: false } : {};
  switch (path.kind) {
    case 'exact':
      return { path: path.value, ...sensitive };
    case 'prefix':
      return { prefix: path.value, ...sensitive };
    case 'segment-prefix':
      return path.value === '' || path.value === '/'
        ? { prefix: '/' }
        : { path_separated_prefix: path.value, ...sensitive };
    case 'regex':
      return { safe_regex: { regex: path.pattern } };
    default:
      return {
        safe_regex: {
          regex: path.kind === 'suffix' ? `(?s).*${quoteRegex(path.value)}` : `(?s).*${quoteRegex(path.value)}.*`,
        },
      };
  }
}

const headerMatcher = (h: HeaderMatcher): Fields => ({
  name: h.name,
  ...(h.value.kind === 'any' ? { present_match: true } : { string_match: stringMatcher(h.value) }),
  ...(h.invert ? { invert_match: true } : {}),
  // `absent` differs from `empty` only for tests that the empty string passes, which no dialect writes.
  ...(h.value.kind !== 'any' && (h.missing === 'empty' || (h.missing === 'absent' && h.invert))
    ? { treat_missing_header_as_empty: true }
    : {}),
});

const queryMatcher = (q: QueryMatcher): Fields => ({
  name: q.name,
  ...(q.value.kind === 'any' ? { present_match: true } : { string_match: stringMatcher(q.value) }),
});

/** A RouteMatch, or what Envoy's cannot say. */
export function routeMatch(match: RouteMatch): Fields | { readonly impossible: string } {
  if (match.source?.length) return { impossible: 'a route of Envoy cannot match the client address' };
  const question = match.headers.map(({ name }) => questionWords(name)).find((words) => words !== undefined);
  if (question !== undefined) return { impossible: `a route of Envoy cannot test the ${question}` };
  if (match.query.some((q) => q.invert)) return { impossible: 'a route of Envoy cannot negate a query parameter' };
  return {
    ...pathSpecifier(match.path),
    ...(match.headers.length > 0 ? { headers: match.headers.map(headerMatcher) } : {}),
    ...(match.query.length > 0 ? { query_parameters: match.query.map(queryMatcher) } : {}),
    ...(match.claims?.length
      ? {
          dynamic_metadata: match.claims.map((c) => ({
            filter: 'envoy.filters.http.jwt_authn',
            path: ['payload', ...c.claim].map((key) => ({ key })),
            value: {
              or_match: {
                value_matchers: [
                  { string_match: stringMatcher(c.value) },
                  { list_match: { one_of: { string_match: stringMatcher(c.value) } } },
                ],
              },
            },
            ...(c.invert ? { invert: true } : {}),
          })),
        }
      : {}),
  };
}
