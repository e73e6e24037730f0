// The `http` list of a VirtualService while it is written: no match stands there twice, matches of one rule that came apart when the
// dialect was read are together again, and nothing comes behind a rule for every request.

import type { Route } from '../../../model/index.js';
import type { HttpMatchRequest } from './match.js';

export interface HttpRule {
  readonly name?: string;
  readonly match?: readonly HttpMatchRequest[];
  readonly [field: string]: unknown;
}

export interface RuleList {
  readonly rules: readonly HttpRule[];
  /** The first route of each rule: where comments and names come from. */
  readonly routes: readonly Route[];
  /** A rule takes every request: none comes to those behind it. */
  readonly isFull: boolean;
  /** `matches`: empty for every request. False: earlier rules have all of them. */
  add(route: Route, matches: readonly HttpMatchRequest[], body: Readonly<Record<string, unknown>>): boolean;
}

interface State {
  readonly rules: HttpRule[];
  readonly routes: Route[];
  /** What each rule does, as text. */
  readonly bodies: string[];
  /** Each match that is written, as text. */
  readonly taken: Set<string>;
  isFull: boolean;
}

export function ruleList(): RuleList {
  const state: State = { rules: [], routes: [], bodies: [], taken: new Set(), isFull: false };
  return {
    rules: state.rules,
    routes: state.routes,
    get isFull() {
      return state.isFull;
    },
    add: (route, matches, body) => addRule(state, route, matches, body),
  };
}

function addRule(
  state: State,
  route: Route,
  all: readonly HttpMatchRequest[],
  body: Readonly<Record<string, unknown>>,
): boolean {
  const { rules, routes, bodies, taken } = state;
  const takesAll = all.length === 0;
  const wanted = takesAll && replacesRoot(body) ? [EVERY_PATH] : all;
  const matches = wanted.filter((m) => !isTaken(m, taken));
  if (!takesAll && matches.length === 0) return false;
  for (const m of matches) taken.add(JSON.stringify(m));
  const text = JSON.stringify([route.name, body]);
  const name = route.name ? { name: route.name } : {};
  // Together with others they read as the user wrote them.
  const twin = takesAll ? undefined : twinOf(text, matches, route, state);
  if (twin !== undefined) {
    rules[twin] = { ...name, match: [...(rules[twin]!.match ?? []), ...matches], ...body };
    return true;
  }
  bodies.push(text);
  rules.push({ ...name, ...(matches.length > 0 ? { match: matches } : {}), ...body });
  routes.push(route);
  state.isFull ||= takesAll;
  return true;
}

const EVERY_PATH: HttpMatchRequest = { uri: { prefix: '/' } };

/** A prefix that is replaced has to be named, also the one that every path has. */
const replacesRoot = ({ redirect }: { readonly redirect?: unknown }): boolean =>
  typeof redirect === 'object' && redirect !== null && 'prefixRewrite' in redirect;

/** An earlier rule has the same match, or takes the exact path whole: the twin of a segment prefix, which would only be noise. */
const isTaken = (m: HttpMatchRequest, taken: ReadonlySet<string>): boolean =>
  taken.has(JSON.stringify(m)) ||
  (m.uri !== undefined && 'exact' in m.uri && !m.ignoreUriCase && taken.has(JSON.stringify({ uri: m.uri })));

/** How many rules a match may pass to stand beside others that do the same. */
const REACH = 6;

/** The rule that the matches can join: it does the same, and no rule between them has a request of theirs. */
function twinOf(
  body: string,
  matches: readonly HttpMatchRequest[],
  { origin }: Route,
  { rules, routes, bodies }: Pick<State, 'rules' | 'routes' | 'bodies'>,
): number | undefined {
  for (let i = rules.length - 1; i >= Math.max(0, rules.length - REACH); i--) {
    const { match } = rules[i]!;
    if (!match) return undefined;
    if (bodies[i] === body && routes[i]?.origin === origin) return i;
    if (!match.every((a) => matches.every((b) => areApart(a, b)))) return undefined;
  }
  return undefined;
}

/** No request has both, as their methods and literal paths show. */
function areApart(a: HttpMatchRequest, b: HttpMatchRequest): boolean {
  const [x, y] = [a.method, b.method];
  if (x && y && 'exact' in x && 'exact' in y && x.exact !== y.exact) return true;
  if (!a.uri || !b.uri || a.ignoreUriCase || b.ignoreUriCase) return false;
  const text = (uri: NonNullable<HttpMatchRequest['uri']>): string | undefined =>
    'exact' in uri ? uri.exact : 'prefix' in uri ? uri.prefix : undefined;
  const [p, q] = [text(a.uri), text(b.uri)];
  if (p === undefined || q === undefined) return false;
  const isWithin = (inner: string, outer: string, uri: object) =>
    'exact' in uri ? inner === outer : inner.startsWith(outer);
  return !isWithin(p, q, b.uri) && !isWithin(q, p, a.uri);
}
