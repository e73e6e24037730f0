// A match of the model as HTTPMatchRequests of a VirtualService (any of the list may match), or what cannot be expressed.

import { type HeaderMatcher, own, put, type RouteMatch, type StringMatcher, table } from '../../../model/index.js';
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
    if (header.name === ':scheme' && known.scheme) {
      const verdict = decideKnown(header, known.scheme);
      if (verdict === false) return 'never';
      if (verdict === true) continue;
    }
    const problem = addHeader(rest, header);
    if (problem) return { matches: [], impossible: problem };
  }
  for (const q of match.query) {
    if (q.invert) return { matches: [], impossible: `Istio has no negated query parameter match (${q.name})` };
    rest.queryParams ??= {};
    if (own(rest.queryParams, q.name))
      return { matches: [], impossible: `Istio allows one match per query parameter (${q.name})` };
    put(rest.queryParams, q.name, stringMatch(q.value));
  }
  for (const c of match.claims ?? []) {
    const name = `@request.auth.claims${c.claim.some((s) => s.includes('.')) ? c.claim.map((s) => `[${s}]`).join('') : c.claim.map((s) => `.${s}`).join('')}`;
    const group = c.invert ? (rest.withoutHeaders ??= {}) : (rest.headers ??= {});
    if (own(group, name)) return { matches: [], impossible: `Istio allows one match per claim (${name})` };
    put(group, name, stringMatch(c.value));
  }
  if (match.source?.length)
    return { matches: [], impossible: 'a VirtualService at a gateway cannot match the client address' };
  const uris = writePath(match.path);
  if (uris.length === 0) return { matches: Object.keys(rest).length > 0 ? [rest] : [] };
  return { matches: uris.map((uri) => ({ ...uri, ...rest })) };
}

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

function decideKnown(header: HeaderMatcher, value: string): boolean | undefined {
  const v = header.value;
  const bare =
    v.kind === 'any'
      ? true
      : v.kind === 'exact'
        ? v.value === value
        : v.kind === 'prefix'
          ? value.startsWith(v.value)
          : undefined;
  return bare === undefined ? undefined : bare !== (header.invert ?? false);
}

/** Adds one header predicate; says why where Istio cannot. */
function addHeader(rest: HttpMatchRequest, header: HeaderMatcher): string | undefined {
  const pseudo = PSEUDO.get(header.name);
  const value = stringMatch(header.value);
  if (header.invert) {
    // withoutHeaders: the test is negated and an absent header counts as empty (translateHeaderMatch in route.go, Istio 2026-08);
    // without a value it is "absent". That differs from the model's `absent` only for tests that the empty string passes.
    if (header.missing === 'no-match' || (header.missing === undefined && header.value.kind !== 'any'))
      return `Istio cannot express that a header must be present but differ (${header.name})`;
    const group = (rest.withoutHeaders ??= {});
    const other = own(group, header.name);
    const joined = other ? alternatives(other, header.value) : value;
    if (!joined) return `Istio cannot express two conditions on the absence of ${header.name}`;
    put(group, header.name, joined);
    return undefined;
  }
  if (header.missing === 'empty') return `Istio cannot express that a header may be absent (${header.name})`;
  if (pseudo && rest[pseudo] === undefined) {
    rest[pseudo] = Object.keys(value).length > 0 ? value : { regex: '.*' };
    return undefined;
  }
  const group = (rest.headers ??= {});
  const earlier = own(group, header.name);
  if (earlier === undefined || Object.keys(earlier).length === 0) {
    put(group, header.name, value);
    return undefined;
  }
  if (Object.keys(value).length === 0 || JSON.stringify(earlier) === JSON.stringify(value)) return undefined;
  return `Istio allows one match per header (${header.name})`;
}

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
