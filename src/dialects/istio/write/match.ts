// A match of the model as HTTPMatchRequests of a VirtualService (any of the list may match), or what cannot be expressed.

import {
  type HeaderMatcher,
  own,
  put,
  questionWords,
  type RouteMatch,
  type StringMatcher,
  table,
} from '../../../model/index.js';
import { asRegex, type StringMatch, stringMatch } from './string-match.js';

export interface HttpMatchRequest {
  /** Of the gateway. */
  port?: number;
  uri?: StringMatch;
  ignoreUriCase?: true;
  method?: StringMatch;
  authority?: StringMatch;
  scheme?: StringMatch;
  headers?: Record<string, StringMatch>;
  withoutHeaders?: Record<string, StringMatch>;
  queryParams?: Record<string, StringMatch>;
}

export interface WrittenMatch {
  /** Empty: matches everything. Several: each with its own way to the same predicate. */
  readonly matches: readonly HttpMatchRequest[];
  /** Why it cannot be expressed; the route is then left out. */
  readonly impossible?: string;
}

const PSEUDO = table<'method' | 'authority' | 'scheme'>({
  ':method': 'method',
  ':authority': 'authority',
  ':scheme': 'scheme',
});

/** What is known of every request of the listener: predicates on it are decided here. */
export interface Known {
  readonly scheme?: 'http' | 'https';
}

/** `'never'`: no request of this listener can match. */
export function writeMatch(match: RouteMatch, known: Known): WrittenMatch | 'never' {
  const rest: HttpMatchRequest = {};
  for (const header of match.headers) {
    const verdict = header.name === ':scheme' && known.scheme ? decideKnown(header, known.scheme) : undefined;
    if (verdict === false) return 'never';
    const problem = verdict === true ? undefined : addHeader(rest, header);
    if (problem) return { matches: [], impossible: problem };
  }
  const problem = addQuery(rest, match.query) ?? addClaims(rest, match.claims) ?? sourceProblem(match);
  if (problem) return { matches: [], impossible: problem };
  const uris = writePath(match.path);
  if (uris.length === 0) return { matches: Object.keys(rest).length > 0 ? [rest] : [] };
  return { matches: uris.map((uri) => ({ ...uri, ...rest })) };
}

const sourceProblem = ({ source }: RouteMatch): string | undefined =>
  source?.length ? 'a VirtualService at a gateway cannot match the client address' : undefined;

/** Exact and prefix are Istio's own; a segment prefix is the path itself or what is below it, said as two matches. */
export function writePath(path: StringMatcher | undefined): HttpMatchRequest[] {
  if (!path || path.kind === 'any') return [];
  const ignore = 'ignoreCase' in path && path.ignoreCase ? ({ ignoreUriCase: true } as const) : {};
  if (path.kind === 'exact' && path.value !== '') return [{ uri: { exact: path.value }, ...ignore }];
  if (path.kind === 'prefix')
    return path.value === '' || path.value === '/' ? [] : [{ uri: { prefix: path.value }, ...ignore }];
  if (path.kind === 'segment-prefix') {
    if (path.value === '' || path.value === '/') return [];
    return [
      { uri: { exact: path.value }, ...ignore },
      { uri: { prefix: `${path.value}/` }, ...ignore },
    ];
  }
  return [{ uri: { regex: asRegex(path) } }];
}

/** Whether a header of this value passes; undefined: not known without compiling the test. */
function decideKnown({ value: test, invert }: HeaderMatcher, value: string): boolean | undefined {
  const passes = bareTest(test, value);
  return passes === undefined ? undefined : passes !== (invert ?? false);
}

function bareTest(test: StringMatcher, value: string): boolean | undefined {
  switch (test.kind) {
    case 'any':
      return true;
    case 'exact':
      return test.value === value;
    case 'prefix':
      return value.startsWith(test.value);
    default:
      return undefined;
  }
}

/** Adds one header predicate; says why where Istio cannot. */
function addHeader(rest: HttpMatchRequest, header: HeaderMatcher): string | undefined {
  const question = questionWords(header.name);
  if (question !== undefined) return `Istio cannot test the ${question}`;
  if (header.invert) return addExcluded(rest, header);
  const { name, missing } = header;
  if (missing === 'empty') return `Istio cannot express that a header may be absent (${name})`;
  const value = stringMatch(header.value);
  const isEmpty = Object.keys(value).length === 0;
  const pseudo = PSEUDO.get(name);
  if (pseudo && rest[pseudo] === undefined) {
    rest[pseudo] = isEmpty ? { regex: '.*' } : value;
    return undefined;
  }
  const group = (rest.headers ??= {});
  const earlier = own(group, name);
  if (earlier === undefined || Object.keys(earlier).length === 0) {
    put(group, name, value);
    return undefined;
  }
  if (isEmpty || JSON.stringify(earlier) === JSON.stringify(value)) return undefined;
  return `Istio allows one match per header (${name})`;
}

/**
 * withoutHeaders: the test is negated and an absent header counts as empty (translateHeaderMatch in route.go, Istio 2026-08); without a
 * value it is "absent". That differs from the model's `absent` only for tests that the empty string passes.
 */
function addExcluded(rest: HttpMatchRequest, { name, value, missing }: HeaderMatcher): string | undefined {
  if (missing === 'no-match' || (missing === undefined && value.kind !== 'any'))
    return `Istio cannot express that a header must be present but differ (${name})`;
  const group = (rest.withoutHeaders ??= {});
  const other = own(group, name);
  const joined = other ? alternatives(other, value) : stringMatch(value);
  if (!joined) return `Istio cannot express two conditions on the absence of ${name}`;
  put(group, name, joined);
  return undefined;
}

function addQuery(rest: HttpMatchRequest, query: RouteMatch['query']): string | undefined {
  for (const { name, value, invert } of query) {
    if (invert) return `Istio has no negated query parameter match (${name})`;
    rest.queryParams ??= {};
    if (own(rest.queryParams, name)) return `Istio allows one match per query parameter (${name})`;
    put(rest.queryParams, name, stringMatch(value));
  }
  return undefined;
}

/** Claims of a token are headers with a name of Istio's own. */
function addClaims(rest: HttpMatchRequest, claims: RouteMatch['claims'] = []): string | undefined {
  for (const { claim, value, invert } of claims) {
    const name = `@request.auth.claims${claimPath(claim)}`;
    const group = invert ? (rest.withoutHeaders ??= {}) : (rest.headers ??= {});
    if (own(group, name)) return `Istio allows one match per claim (${name})`;
    put(group, name, stringMatch(value));
  }
  return undefined;
}

/** `.realm.roles`, in brackets where a part has a dot. */
const claimPath = (claim: readonly string[]): string =>
  claim.map(claim.some((part) => part.includes('.')) ? (part) => `[${part}]` : (part) => `.${part}`).join('');

/** Not a and not b is not (a or b). */
function alternatives(earlier: StringMatch, value: StringMatcher): StringMatch | undefined {
  if (Object.keys(earlier).length === 0 || value.kind === 'any') return {};
  const first =
    'regex' in earlier
      ? earlier.regex
      : 'exact' in earlier
        ? asRegex({ kind: 'exact', value: earlier.exact! })
        : asRegex({ kind: 'prefix', value: earlier.prefix! });
  return { regex: `(?:${first})|(?:${asRegex(value)})` };
}
