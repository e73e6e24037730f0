// The ways of requests through the plugins of a route: each plugin splits what is still on its way by what it looks at. Branches are in
// the order in which they are asked; those of one plugin together take everything.

import type {
  Condition,
  DirectResponse,
  HeaderMatcher,
  Origin,
  PathRewrite,
  QueryMatcher,
  QueryOps,
  Redirect,
  SourceMatcher,
  StringMatcher,
} from '../../../model/index.js';
import { compileRegex } from '../../../regex/match.js';
import type { KongConsumer, KongPlugin } from '../entities.js';

/** Header name → text, none: removed. */
export type Edit =
  | { readonly op: 'set' | 'add'; readonly name: string; readonly value: string }
  | { readonly op: 'remove'; readonly name: string };

export interface Branch {
  readonly headers: readonly HeaderMatcher[];
  readonly query: readonly QueryMatcher[];
  readonly source: readonly SourceMatcher[];
  /** Headers that are not there, because an earlier branch takes the requests that have them: nothing has to be tested. */
  readonly without: readonly string[];
  readonly consumer?: KongConsumer;
  /** The consumer showed a credential (the anonymous one has none). */
  readonly credential?: true;
  readonly request: readonly Edit[];
  readonly response: readonly Edit[];
  readonly queryOps?: QueryOps;
  readonly method?: string;
  /** The whole path, in place of what the route makes of it. */
  readonly uri?: PathRewrite;
  readonly host?: string;
  readonly maxBytes?: { readonly bytes: number; readonly origin: Origin };
  readonly conditions: readonly Condition[];
  /** It was answered here; what follows only changes the answer. */
  readonly done?: { readonly action: DirectResponse | Redirect; readonly origin: Origin };
  /** A preflight that was answered, or is left to the destination: no more headers of CORS. */
  readonly skipCors?: true;
  /** Which configuration of which plugin had its turn: for the way back. */
  readonly passed: readonly KongPlugin[];
  /** Something about it is not computed. */
  readonly unknown?: readonly { readonly feature: string; readonly detail: string; readonly origin: Origin }[];
}

export const START: Branch = {
  headers: [],
  query: [],
  source: [],
  without: [],
  request: [],
  response: [],
  conditions: [],
  passed: [],
};

const PRESENT: StringMatcher = { kind: 'any' };

/** The header is there. */
export const present = (name: string): HeaderMatcher => ({ name, value: PRESENT });
/** It is not. */
export const absent = (name: string): HeaderMatcher => ({ name, value: PRESENT, invert: true, missing: 'absent' });

const isPresent = (m: HeaderMatcher): boolean => !m.invert;
const isAbsent = (m: HeaderMatcher): boolean => m.invert === true && m.missing === 'absent' && m.value.kind === 'any';

/**
 * The branch for requests with this header only; undefined: there are none. Requests without a header are those that an earlier branch
 * for requests with it has left.
 */
export function withHeader(branch: Branch, matcher: HeaderMatcher): Branch | undefined {
  if (branch.without.includes(matcher.name) && isPresent(matcher)) return undefined;
  const same = branch.headers.filter(({ name }) => name === matcher.name);
  if (same.some((m) => contradict(m, matcher))) return undefined;
  if (same.some((m) => implies(m, matcher))) return branch;
  if (isAbsent(matcher)) return { ...branch, without: [...branch.without, matcher.name] };
  // One test of a header where one says all: targets may have no room for two.
  const others = branch.headers.filter((m) => m.name !== matcher.name || !implies(matcher, m));
  return { ...branch, headers: [...others, matcher] };
}

function contradict(a: HeaderMatcher, b: HeaderMatcher): boolean {
  if ((isAbsent(a) && isPresent(b)) || (isPresent(a) && isAbsent(b))) return true;
  return (
    isPresent(a) &&
    isPresent(b) &&
    a.value.kind === 'exact' &&
    b.value.kind === 'exact' &&
    a.value.value !== b.value.value
  );
}

/** Whatever matches `a` matches `b`. */
const implies = (a: HeaderMatcher, b: HeaderMatcher): boolean =>
  JSON.stringify(a) === JSON.stringify(b) ||
  (isPresent(a) && isPresent(b) && (b.value.kind === 'any' || (isNotEmpty(b) && !takesEmpty(a.value))));

/** The header is there and holds something. */
export const NOT_EMPTY: StringMatcher = { kind: 'regex', pattern: '(?s:.+)' };
const isNotEmpty = ({ value }: HeaderMatcher): boolean => value.kind === 'regex' && value.pattern === NOT_EMPTY.pattern;

function takesEmpty(value: StringMatcher): boolean {
  if (value.kind === 'exact') return value.value === '';
  return value.kind !== 'regex' || compileRegex(value.pattern).fullMatch('');
}

/** The same for a parameter: without it are those that an earlier branch has left. */
export const withQueryParameter = (branch: Branch, matcher: QueryMatcher): Branch =>
  matcher.invert ? branch : { ...branch, query: [...branch.query, matcher] };

/** An error of Kong: its message as JSON; the real answer has the id of the request beside it. */
export const message = (status: number, text: string): DirectResponse => ({
  kind: 'direct-response',
  status,
  body: JSON.stringify({ message: text }),
});

export const answered = (branch: Branch, action: DirectResponse | Redirect, origin: Origin): Branch => ({
  ...branch,
  done: { action, origin },
});
