// Matches of both kinds of routes (makeRouteMatch in pkg/plugins/runtime/gateway/gateway_route_generator.go and
// meshhttproute/plugin/v1alpha1/gateway_routes.go, v2.13.9).

import {
  type HeaderMatcher,
  type Json,
  type JsonObject,
  type Origin,
  type QueryMatcher,
  type StringMatcher,
  table,
} from '../../model/index.js';
import { quoteRegex } from '../../regex/quote.js';
import { at, objectOf, objectsOf, stringOf } from '../../resources/fields.js';
import type { Match } from './rule.js';

const ANY_PATH = { kind: 'prefix', value: '/' } as const;
const PATHS = table<Match['path']['kind']>({ EXACT: 'exact', PREFIX: 'prefix', PATHPREFIX: 'prefix', REGEX: 'regex' });

/** An entry of `matches` of a MeshGatewayRoute. What is not said is EXACT: the first value of protobuf's enum. */
export function gatewayRouteMatch(written: JsonObject, origin: Origin): Match {
  const path = objectOf(written.path);
  const kind = PATHS.get(wordOf(path?.match));
  const headers = objectsOf(written.headers).map((h, i) => header(h, wordOf(h.match), at(origin, 'headers', i)));
  const queries = written.queryParameters ?? written.query_parameters;
  return {
    path: path ? { kind: kind ?? 'exact', value: stringOf(path.value) ?? '' } : ANY_PATH,
    ...methodOf(written),
    headers,
    countedHeaders: headers.length,
    query: objectsOf(queries).map((q, i) => query(q, wordOf(q.match), at(origin, 'queryParameters', i))),
    origin,
  };
}

/** An entry of `matches` of a MeshHTTPRoute. */
export function meshRouteMatch(written: JsonObject, origin: Origin): Match {
  const path = objectOf(written.path);
  const kind = PATHS.get(wordOf(path?.type));
  const headers = objectsOf(written.headers);
  return {
    path: path && kind ? { kind, value: stringOf(path.value) ?? '' } : ANY_PATH,
    ...methodOf(written),
    headers: headers.map((h, i) => header(h, wordOf(h.type), at(origin, 'headers', i))),
    countedHeaders: headers.filter((h) => wordOf(h.type) !== 'PREFIX').length,
    query: meshRouteQuery(objectsOf(written.queryParams), origin),
    origin,
  };
}

/** NONE is no method. */
function methodOf(written: JsonObject): { readonly method?: string } {
  const method = stringOf(written.method);
  return method && method !== 'NONE' ? { method } : {};
}

/** Both spellings of one word: `REGEX` and `RegularExpression`, `PRESENT` and `Present`. */
const wordOf = (written: Json | undefined): string => {
  const word = (stringOf(written) ?? 'EXACT').toUpperCase();
  return word === 'REGULAREXPRESSION' ? 'REGEX' : word;
};

function header(written: JsonObject, word: string, origin: Origin): HeaderMatcher {
  const name = (stringOf(written.name) ?? '').toLowerCase();
  const value = stringOf(written.value) ?? '';
  if (word === 'ABSENT') return { name, value: { kind: 'any' }, invert: true, missing: 'absent', origin };
  return { name, value: word === 'PRESENT' ? { kind: 'any' } : textMatcher(word, value), origin };
}

const textMatcher = (word: string, value: string): StringMatcher =>
  word === 'REGEX' ? { kind: 'regex', pattern: value } : { kind: word === 'PREFIX' ? 'prefix' : 'exact', value };

const query = (written: JsonObject, word: string, origin: Origin): QueryMatcher => ({
  name: stringOf(written.name) ?? '',
  value: textMatcher(word, stringOf(written.value) ?? ''),
  origin,
});

/**
 * A pattern takes the place of the patterns before it, and the exact parameters before it count as patterns too: the list of patterns is
 * begun anew from the list of exact ones (`match.RegexQuery = append(match.ExactQuery, …)` in gateway_routes.go).
 */
function meshRouteQuery(written: readonly JsonObject[], origin: Origin): readonly QueryMatcher[] {
  const exact: QueryMatcher[] = [];
  let patterns: readonly QueryMatcher[] = [];
  for (const [i, q] of written.entries()) {
    const place = at(origin, 'queryParams', i);
    if (wordOf(q.type) === 'REGEX') patterns = [...exact.flatMap(asPattern), query(q, 'REGEX', place)];
    else exact.push(query(q, 'EXACT', place));
  }
  return [...exact, ...patterns];
}

/** Nothing where the text as a pattern says no more than the text. */
const asPattern = (matcher: QueryMatcher): readonly QueryMatcher[] => {
  const { value } = matcher;
  return value.kind === 'exact' && quoteRegex(value.value) !== value.value
    ? [{ ...matcher, value: { kind: 'regex', pattern: value.value } }]
    : [];
};
