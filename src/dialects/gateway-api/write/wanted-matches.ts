// A match of the model as matches of an HTTPRoute rule. A route with a condition that the Gateway API cannot express is left
// out: without the condition it would get requests that it must not have.

import type { HeaderMatcher, QueryMatcher, Route, StringMatcher } from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import type { FeatureKey } from '../../dialect.js';
import { ANY_PATH, isPlainPath, type PathMatch } from './path-match.js';
import type { TargetMatch, ValueMatch } from './target-match.js';
import { conditionOn, excluded } from './value-condition.js';

/** A match of the model may also say what a request must not have (without-exceptions.ts turns that into other rules). */
export interface WantedMatch extends TargetMatch {
  /** Headers none of which may hold. */
  readonly without: readonly ValueMatch[];
  /** A path that the PathPrefix takes and the rule must not have: `/api` of `/api/`. */
  readonly except?: string;
}

/** Why a match cannot be expressed: the part, and what about it. */
export interface NotExpressible {
  readonly feature: FeatureKey;
  readonly message: string;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

/** Most headers, and most query parameters, of a match (CRD). */
const MOST_CONDITIONS = 16;

/**
 * No match: requests of this route cannot come here (another scheme). Several: one per method of a list.
 * `prefix`: the action replaces a prefix, so a prefix has to stay one; `loose` is called where that matches other paths too.
 */
export function targetMatches(
  route: Route,
  scheme: 'http' | 'https',
  prefix: boolean,
  loose: (message: string) => void,
): readonly WantedMatch[] | NotExpressible {
  const { match } = route;
  if (match.source?.length) return { feature: 'match.source', message: 'client addresses are not matched' };
  if (match.claims?.length) return { feature: 'match.claims', message: 'claims of a token are not matched' };
  const path = pathOf(match.path, prefix, loose);
  if ('feature' in path) return path;
  const conditions = headerConditions(match.headers, scheme);
  if (conditions === 'never') return [];
  if ('feature' in conditions) return conditions;
  const query = queryConditions(match.query);
  if ('feature' in query) return query;
  const { headers, without, methods } = conditions;
  if (headers.length > MOST_CONDITIONS || query.length > MOST_CONDITIONS)
    return { feature: 'match.size', message: 'more than 16 conditions' };
  const except = prefix && path.type === 'PathPrefix' && match.path?.kind === 'prefix' && exceptOf(match.path.value);
  const base = { path, headers, query, without, ...(except && { except }) };
  return methods === undefined ? [base] : methods.map((method) => ({ ...base, method }));
}

/** What a PathPrefix takes besides a prefix with a slash at its end. */
const exceptOf = (prefix: string): string | false => prefix.length > 1 && prefix.endsWith('/') && prefix.slice(0, -1);

interface HeaderConditions {
  readonly headers: readonly ValueMatch[];
  /** Headers none of which may hold. */
  readonly without: readonly ValueMatch[];
  /** Absent: any. */
  readonly methods?: readonly string[];
}

/** `'never'`: no request of this scheme passes. */
function headerConditions(
  matchers: readonly HeaderMatcher[],
  scheme: 'http' | 'https',
): HeaderConditions | NotExpressible | 'never' {
  const headers: ValueMatch[] = [];
  const without: ValueMatch[] = [];
  let methods: readonly string[] | undefined;
  for (const header of matchers) {
    if (header.name === ':scheme') {
      const here = schemeHolds(header, scheme);
      if (here === undefined) return inexpressibleHeader(header);
      if (!here) return 'never';
    } else if (header.name === ':method') {
      const list = methodsOf(header);
      if (list === undefined) return inexpressibleHeader(header);
      methods = methods === undefined ? list : methods.filter((m) => list.includes(m));
    } else {
      const problem = addHeader(header, headers, without);
      if (problem) return problem;
    }
  }
  return { headers, without, ...(methods && { methods }) };
}

function addHeader(header: HeaderMatcher, headers: ValueMatch[], without: ValueMatch[]): NotExpressible | undefined {
  // Envoy finds `:authority` under its old name too (features/http-match.ts).
  const name = header.name === ':authority' ? 'host' : header.name;
  const value = header.invert ? excluded(header) : conditionOn(header);
  if (value === undefined || name.startsWith(':')) return inexpressibleHeader(header);
  const same = header.invert ? undefined : headers.find((h) => h.name === name);
  if (!same) {
    (header.invert ? without : headers).push({ name, ...value });
    return undefined;
  }
  return same.type === value.type && same.value === value.value
    ? undefined
    : { feature: 'match.headers', message: `two conditions on header ${name}` };
}

function queryConditions(parameters: readonly QueryMatcher[]): readonly ValueMatch[] | NotExpressible {
  const query: ValueMatch[] = [];
  for (const parameter of parameters) {
    const { name } = parameter;
    const value = conditionOn(parameter);
    if (value === undefined || query.some((q) => q.name === name))
      return {
        feature: 'match.query',
        message: `the Gateway API cannot express the condition on query parameter ${name}`,
      };
    query.push({ name, ...value });
  }
  return query;
}

const inexpressibleHeader = ({ name, invert }: HeaderMatcher): NotExpressible => ({
  feature: invert ? 'match.headers.invert' : 'match.headers',
  message: invert
    ? `the Gateway API cannot express a negated condition on ${name}`
    : `the Gateway API cannot express the condition on ${name}`,
});

function pathOf(
  path: StringMatcher | undefined,
  prefix: boolean,
  loose: (message: string) => void,
): PathMatch | NotExpressible {
  const regex = (value: string): PathMatch | NotExpressible =>
    value.length > 1024
      ? { feature: 'match.path', message: 'a pattern of more than 1024 characters' }
      : { type: 'RegularExpression', value };
  if (path === undefined || path.kind === 'any') return ANY_PATH;
  if (path.kind === 'regex') return regex(path.pattern);
  const { kind, value } = path;
  if (kind === 'prefix' && (value === '/' || value === '')) return ANY_PATH;
  const plain = isPlainPath(value) && !path.ignoreCase;
  const fold = path.ignoreCase ? '(?i)' : '';
  switch (kind) {
    case 'exact':
      return plain ? { type: 'Exact', value } : regex(`${fold}${quoteRegex(value)}`);
    case 'segment-prefix':
      return plain ? { type: 'PathPrefix', value } : regex(`${fold}${quoteRegex(value)}(/.*)?`);
    case 'prefix': {
      const trimmed = value.replace(/\/$/, '');
      if (!prefix || !plain || trimmed === '') return regex(`${fold}${quoteRegex(value)}.*`);
      if (!value.endsWith('/')) loose(`PathPrefix ${value} takes path elements: not ${value}x, which the prefix takes`);
      return { type: 'PathPrefix', value: trimmed };
    }
    case 'suffix':
      return regex(`${fold}.*${quoteRegex(value)}`);
    case 'contains':
      return regex(`${fold}.*${quoteRegex(value)}.*`);
  }
}

function schemeHolds({ value, invert }: HeaderMatcher, scheme: string): boolean | undefined {
  if (value.kind === 'any') return !invert;
  if (value.kind !== 'exact') return undefined;
  return (value.value.toLowerCase() === scheme) !== (invert === true);
}

/** One method, or a pattern that is a list of methods. */
function methodsOf({ value, invert }: HeaderMatcher): readonly string[] | undefined {
  const list =
    value.kind === 'exact'
      ? [value.value]
      : value.kind === 'regex' && /^\(?[A-Z]+(\|[A-Z]+)*\)?$/.test(value.pattern)
        ? value.pattern.replace(/[()]/g, '').split('|')
        : undefined;
  if (list === undefined || !list.every((m) => METHODS.includes(m))) return undefined;
  return invert ? undefined : list;
}
