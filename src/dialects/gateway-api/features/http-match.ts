// One match of an HTTPRoute rule as predicates, and its rank among others. All defaults of the API server apply: a path
// is a PathPrefix of `/`, header and query matches are Exact.
// As Istio makes Envoy matchers of it: createURIMatch and its neighbours in pilot/pkg/config/kube/gateway/conversion.go,
// TranslateRouteMatch in pilot/pkg/networking/core/route/route.go (2026-08-22).

import {
  type HeaderMatcher,
  type Json,
  type Origin,
  originOf,
  type QueryMatcher,
  type Resource,
  type RouteMatch,
  type StringMatcher,
} from '../../../model/index.js';
import { at } from '../../../resources/fields.js';
import { has, listAt, objectAt, stringAt } from '../fields.js';
import type { ConfigError } from './config-error.js';
import type { Rank } from './precedence.js';

/** A match with its rank. `origin` is absent where the rule has no match at all. */
export interface RankedMatch {
  readonly match: RouteMatch;
  readonly rank: Rank;
  /** The prefix that a `ReplacePrefixMatch` replaces: `''` for `/`. Absent for other kinds of paths. */
  readonly prefix?: string;
  readonly origin?: Origin;
}

/** What of the path was matched: a prefix (`''` for `/`), or not a prefix. */
export type Matched = Pick<RankedMatch, 'prefix'>;

/** What a rule without any match says. */
export const MATCH_ALL: RankedMatch = { match: { headers: [], query: [] }, rank: null, prefix: '' };

export function httpMatch(route: Resource, rule: number, index: number, written: Json): RankedMatch | ConfigError {
  const origin = originOf(route, 'spec', 'rules', rule, 'matches', index);
  const path = pathOf(objectAt(written, 'path'));
  if (path === undefined) {
    const type = stringAt(objectAt(written, 'path'), 'type') ?? '';
    return { reason: 'InvalidConfiguration', message: `unknown path match type "${type}"`, origin };
  }
  const headers = headerMatchers(written, origin);
  const query = queryMatchers(written, origin);
  const method = stringAt(written, 'method');
  const byMethod: HeaderMatcher[] =
    method === undefined
      ? []
      : [{ name: ':method', value: { kind: 'exact', value: method }, origin: at(origin, 'method') }];
  return {
    match: { ...(path.matcher && { path: path.matcher }), headers: [...headers, ...byMethod], query },
    rank: {
      type: path.type,
      length: path.length,
      method: method !== undefined,
      headers: headers.length,
      query: query.length,
      exactHeaders: headers.filter(isExact).length,
      exactQuery: query.filter(isExact).length,
    },
    ...(path.prefix !== undefined && { prefix: path.prefix }),
    origin,
  };
}

const isExact = ({ value }: { readonly value: StringMatcher }) => value.kind === 'exact';

interface PathPredicate {
  readonly type: 'exact' | 'prefix' | 'regex';
  readonly length: number;
  readonly matcher?: StringMatcher;
  readonly prefix?: string;
}

function pathOf(path: Json): PathPredicate | undefined {
  const value = stringAt(path, 'value') ?? '/';
  switch (stringAt(path, 'type') ?? 'PathPrefix') {
    case 'Exact':
      return { type: 'exact', length: utf8Length(value), matcher: { kind: 'exact', value } };
    case 'PathPrefix': {
      // "When specified, a trailing `/` is ignored" (spec, PathMatchPathPrefix).
      const trimmed = value.replace(/\/$/, '');
      if (trimmed === '') return { type: 'prefix', length: 1, prefix: '', matcher: { kind: 'prefix', value: '/' } };
      return {
        type: 'prefix',
        length: utf8Length(trimmed),
        prefix: trimmed,
        matcher: { kind: 'segment-prefix', value: trimmed },
      };
    }
    case 'RegularExpression':
      return { type: 'regex', length: utf8Length(value), matcher: { kind: 'regex', pattern: value } };
    default:
      return undefined;
  }
}

/** Go's `len` of a string. */
const utf8Length = (text: string) => Buffer.byteLength(text, 'utf8');

/** `*` as a pattern is Istio's way to say "is there" (canBeConvertedToPresentMatch in route.go), not a pattern of RE2. */
const predicate = (written: Json): StringMatcher => {
  const value = stringAt(written, 'value') ?? '';
  if (stringAt(written, 'type') !== 'RegularExpression') return { kind: 'exact', value };
  return value === '*' ? { kind: 'any' } : { kind: 'regex', pattern: value };
};

/**
 * The API server refuses two entries of one spelling; of two spellings of one name Istio tests both. `Host` is what Envoy
 * calls `:authority` (source/common/http/header_map_impl.cc, StaticLookupTable<RequestHeaderMap>, v1.35).
 */
export const headerMatchers = (written: Json, origin: Origin): readonly HeaderMatcher[] =>
  listAt(written, 'headers').map((header, i) => ({
    name: headerName(stringAt(header, 'name') ?? ''),
    value: predicate(header),
    origin: at(origin, 'headers', i),
  }));

const headerName = (written: string): string => {
  const name = written.toLowerCase();
  return name === 'host' ? ':authority' : name;
};

const queryMatchers = (written: Json, origin: Origin): readonly QueryMatcher[] =>
  listAt(written, 'queryParams').map((query, i) => ({
    name: stringAt(query, 'name') ?? '',
    value: predicate(query),
    origin: at(origin, 'queryParams', i),
  }));

/**
 * The matches of a rule: `matches` left out is one for every path (the API server's default); written and empty it
 * stays empty, and takes everything after all that has a match.
 */
export const writtenMatches = (rule: Json): readonly (Json | null)[] => {
  const matches = listAt(rule, 'matches');
  if (matches.length > 0) return matches;
  return has(rule, 'matches') ? [null] : [{}];
};
