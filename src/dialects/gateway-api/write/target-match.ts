// A match of the model as matches of an HTTPRoute rule. A route with a condition that the Gateway API cannot express is left
// out: without the condition it would get requests that it must not have.

import type { HeaderMatcher, QueryMatcher, Route, StringMatcher } from '../../../model/index.js';
import { compileRegex } from '../../../regex/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import type { FeatureKey } from '../../dialect.js';
import type { Rank } from '../features/precedence.js';
import { ANY_PATH, isPlainPath, type PathMatch, pathCovers, pathsMeet } from './path-match.js';

export interface ValueMatch {
  readonly name: string;
  readonly type: 'Exact' | 'RegularExpression';
  readonly value: string;
}

export interface TargetMatch {
  readonly path: PathMatch;
  readonly method?: string;
  readonly headers: readonly ValueMatch[];
  readonly query: readonly ValueMatch[];
}

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
  const except = prefix && path.type === 'PathPrefix' && match.path?.kind === 'prefix' && exceptOf(match.path.value);
  const headers: ValueMatch[] = [];
  const without: ValueMatch[] = [];
  let methods: readonly string[] | undefined;
  for (const header of match.headers) {
    if (header.name === ':scheme') {
      const here = schemeHolds(header, scheme);
      if (here === undefined) return inexpressibleHeader(header);
      if (!here) return [];
    } else if (header.name === ':method') {
      const list = methodsOf(header);
      if (list === undefined) return inexpressibleHeader(header);
      methods = methods === undefined ? list : methods.filter((m) => list.includes(m));
    } else {
      // Envoy finds `:authority` under its old name too (features/http-match.ts).
      const name = header.name === ':authority' ? 'host' : header.name;
      const value = header.invert ? excluded(header) : conditionOn(header);
      if (value === undefined || name.startsWith(':')) return inexpressibleHeader(header);
      if (header.invert) {
        without.push({ name, ...value });
        continue;
      }
      const same = headers.find((h) => h.name === name);
      if (same && same.type === value.type && same.value === value.value) continue;
      if (same) return { feature: 'match.headers', message: `two conditions on header ${name}` };
      headers.push({ name, ...value });
    }
  }
  const query: ValueMatch[] = [];
  for (const parameter of match.query) {
    const value = conditionOn(parameter);
    if (value === undefined || query.some((q) => q.name === parameter.name)) {
      return {
        feature: 'match.query',
        message: `the Gateway API cannot express the condition on query parameter ${parameter.name}`,
      };
    }
    query.push({ name: parameter.name, ...value });
  }
  if (headers.length > 16 || query.length > 16) return { feature: 'match.size', message: 'more than 16 conditions' };
  const base = { path, headers, query, without, ...(except && { except }) };
  return methods === undefined ? [base] : methods.map((method) => ({ ...base, method }));
}

/** What a PathPrefix takes besides a prefix with a slash at its end. */
const exceptOf = (prefix: string): string | false => prefix.length > 1 && prefix.endsWith('/') && prefix.slice(0, -1);

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

/** The condition that must not hold, where a header that is absent counts as not holding it. */
function excluded({ invert: _, missing, ...bare }: HeaderMatcher): Pick<ValueMatch, 'type' | 'value'> | undefined {
  if (missing !== 'empty' && missing !== 'absent') return undefined;
  if (missing === 'empty' && takesEmpty(bare.value)) return undefined;
  return conditionOn(bare);
}

/** Does the test hold for an empty text? */
function takesEmpty(test: StringMatcher): boolean {
  if (test.kind === 'any') return true;
  if (test.kind !== 'regex') return test.value === '';
  try {
    return compileRegex(test.pattern).fullMatch('');
  } catch {
    return false;
  }
}

function conditionOn(matcher: HeaderMatcher | QueryMatcher): Pick<ValueMatch, 'type' | 'value'> | undefined {
  if (matcher.invert || ('missing' in matcher && matcher.missing === 'empty')) return undefined;
  const { value: test } = matcher;
  const regex = (value: string) => ({ type: 'RegularExpression' as const, value });
  if (test.kind === 'any') return regex('.*');
  if (test.kind === 'regex') return regex(test.pattern === '' ? '^$' : test.pattern);
  const fold = test.ignoreCase ? '(?i)' : '';
  const text = quoteRegex(test.value);
  switch (test.kind) {
    case 'exact':
      if (test.ignoreCase || test.value === '') return regex(test.value === '' ? '^$' : fold + text);
      return { type: 'Exact', value: test.value };
    case 'prefix':
      return regex(`${fold}${text}.*`);
    case 'suffix':
      return regex(`${fold}.*${text}`);
    case 'contains':
      return regex(`${fold}.*${text}.*`);
    case 'segment-prefix':
      return regex(`${fold}${text}(/.*)?`);
  }
}

/** Its place in the order that Istio and the specification give. */
export const rankOf = ({ path, method, headers, query }: TargetMatch): NonNullable<Rank> => ({
  type: path.type === 'Exact' ? 'exact' : path.type === 'PathPrefix' ? 'prefix' : 'regex',
  length: Buffer.byteLength(path.value),
  method: method !== undefined,
  headers: headers.length,
  query: query.length,
});

const sameValue = (a: ValueMatch, b: ValueMatch) => a.name === b.name && a.type === b.type && a.value === b.value;
const within = (a: readonly ValueMatch[], b: readonly ValueMatch[]) => a.every((x) => b.some((y) => sameValue(x, y)));
const exclude = (a: readonly ValueMatch[], b: readonly ValueMatch[]) =>
  a.some((x) => b.some((y) => x.name === y.name && !sameValue(x, y) && isNeverBoth(x, y)));

/** No value is taken by both. Of patterns only the one host is looked into: others are rarely exclusive. */
const isNeverBoth = (x: ValueMatch, y: ValueMatch): boolean =>
  (x.type === 'Exact' && y.type === 'Exact') ||
  (x.name === 'host' &&
    x.type === y.type &&
    !pathsMeet({ type: x.type, value: x.value }, { type: y.type, value: y.value }));

/** Every request that `b` takes, `a` takes. */
export const covers = (a: TargetMatch, b: TargetMatch): boolean =>
  (a.method === undefined || a.method === b.method) &&
  within(a.headers, b.headers) &&
  within(a.query, b.query) &&
  pathCovers(a.path, b.path);

/** Some request may be taken by both. */
export const meet = (a: TargetMatch, b: TargetMatch): boolean =>
  (a.method === undefined || b.method === undefined || a.method === b.method) &&
  !exclude(a.headers, b.headers) &&
  !exclude(a.query, b.query) &&
  pathsMeet(a.path, b.path);

/** The match of what both take, where one match can say it. */
export function both(a: TargetMatch, b: TargetMatch): TargetMatch | undefined {
  const path = pathCovers(a.path, b.path) ? b.path : pathCovers(b.path, a.path) ? a.path : undefined;
  const headers = union(a.headers, b.headers);
  const query = union(a.query, b.query);
  const method = a.method ?? b.method;
  if (path === undefined || headers === undefined || query === undefined) return undefined;
  if (headers.length > 16 || query.length > 16) return undefined;
  return { path, ...(method !== undefined && { method }), headers, query };
}

/** All conditions; two different ones on one name cannot stand together. */
function union(a: readonly ValueMatch[], b: readonly ValueMatch[]): readonly ValueMatch[] | undefined {
  const more = b.filter((y) => !a.some((x) => sameValue(x, y)));
  return more.some((y) => a.some((x) => x.name === y.name)) ? undefined : [...a, ...more];
}

export const isSameMatch = (a: TargetMatch, b: TargetMatch): boolean => covers(a, b) && covers(b, a);
