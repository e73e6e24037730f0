// Client addresses that rules turn away with 403: no route of Envoy can match an address, the RBAC filter can. A check stands before
// the rules that it guards, so each of these gets it as its own configuration of the filter.

import type { HeaderMatcher, Route, SourceMatcher } from '../../model/index.js';

type Fields = Record<string, unknown>;

export const RBAC = 'envoy.filters.http.rbac';
const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.';

export interface Guarded {
  readonly route: Route;
  /** Whom the rule turns away. */
  readonly checks: readonly (readonly SourceMatcher[])[];
}

export interface Checked {
  readonly guarded: readonly Guarded[];
  /** Checks that no rule can carry. */
  readonly lost: readonly Route[];
  /** Those of which only the headers of the answer are lost. */
  readonly bare: readonly Route[];
  /** Those whose answer gets headers of the rule that carries them. */
  readonly dressed: readonly Route[];
}

/** The rules without their checks. */
export function withAddressChecks(routes: readonly Route[]): Checked {
  let checks: Route[] = [];
  const lost = new Set<Route>();
  const bare: Route[] = [];
  const dressed = new Set<Route>();
  const guarded: Guarded[] = [];
  for (const route of routes) {
    if (!route.match.source?.length) {
      const mine = checks.filter((c) => reaches(c, route));
      // A rule of which the check takes a part only: which part, the filter does not see.
      for (const c of checks) if (!mine.includes(c) && mayMeet(c, route)) lost.add(c);
      for (const c of mine) if (headersOf(c) !== headersOf(route)) dressed.add(c);
      guarded.push({ route, checks: mine.map((c) => c.match.source ?? []) });
      // Behind a rule that takes all that the check looks at, nobody meets it.
      checks = checks.filter((c) => !takesAllOf(route, c));
    } else if (isRefusal(route)) checks.push(route);
    else if (routes.some((r) => isRefusal(r) && isTwin(r, route))) bare.push(route);
    else lost.add(route);
  }
  return { guarded, lost: [...lost], bare, dressed: [...dressed].filter((c) => !lost.has(c)) };
}

const headersOf = ({ responseHeaders }: Route): string => {
  const { origin: _, ...ops } = responseHeaders ?? {};
  return JSON.stringify(ops);
};

const takesAllOf = (route: Route, check: Route): boolean =>
  route.match.query.length + (route.match.claims?.length ?? 0) === 0 &&
  text(route) === text(check) &&
  hasAll(check, route);

/** `a` asks for all that `b` asks of headers. */
const hasAll = (a: Route, b: Route): boolean => {
  const own = new Set(a.match.headers.map(asked));
  return b.match.headers.every((header) => own.has(asked(header)));
};
const asked = ({ origin: _, ...header }: HeaderMatcher): string => JSON.stringify(header);

/** Of addresses; at most the host is tested beside them (single-label-wildcard.ts). */
const isRefusal = ({ action, match }: Route): boolean =>
  action.kind === 'direct-response' &&
  action.status === 403 &&
  match.query.length === 0 &&
  match.headers.every(({ name }) => name === ':authority');

/** The same check for all requests, so that a condition on headers only changes the headers of its answer (CORS on a 403). */
const isTwin = (check: Route, route: Route): boolean =>
  route.action.kind === 'direct-response' &&
  route.action.status === 403 &&
  text(check) === text(route) &&
  JSON.stringify(check.match.source?.map(plain)) === JSON.stringify(route.match.source?.map(plain));

const plain = ({ cidrs, address, invert }: SourceMatcher) => ({ cidrs, address, invert });

const text = (route: Route): string => JSON.stringify(route.match.path ?? { kind: 'any' });

/** Every request of `route` is one that the check looks at. */
const reaches = (check: Route, route: Route): boolean => {
  const path = check.match.path;
  return hasAll(route, check) && (!path || path.kind === 'any' || text(check) === text(route));
};

/** Paths that are certainly apart: two literals of which neither begins the other. */
function mayMeet(check: Route, route: Route): boolean {
  if (areOtherHosts(check, route)) return false;
  const [a, b] = [check.match.path, route.match.path];
  if (!a || !b || a.kind === 'any' || b.kind === 'any' || a.kind === 'regex' || b.kind === 'regex') return true;
  return a.value.startsWith(b.value) || b.value.startsWith(a.value);
}

const ONE_LABEL = '(?i)[^.:]+';
const DEEPER = '(?i)[^:]*\\.[^.:]+';

/** One is for hosts of one label below a name, the other for deeper ones. */
function areOtherHosts(a: Route, b: Route): boolean {
  const [x, y] = [a, b].map(({ match }) =>
    match.headers.flatMap(({ name, value }) =>
      name === ':authority' && value.kind === 'regex' ? [value.pattern] : [],
    ),
  );
  const rest = (patterns: readonly string[] | undefined, beginning: string) =>
    (patterns ?? []).flatMap((p) => (p.startsWith(beginning) ? [p.slice(beginning.length)] : []));
  const meets = (one: readonly string[], deeper: readonly string[]) => one.some((text) => deeper.includes(text));
  return meets(rest(x, ONE_LABEL), rest(y, DEEPER)) || meets(rest(y, ONE_LABEL), rest(x, DEEPER));
}

/** `typed_per_filter_config` of a rule. */
export function perRoute(checks: Guarded['checks']): Fields {
  if (checks.length === 0) return {};
  const policies = Object.fromEntries(
    checks.map((sources, i) => [
      `addresses-${i}`,
      { permissions: [{ any: true }], principals: [{ and_ids: { ids: sources.map(principal) } }] },
    ]),
  );
  return { [RBAC]: { '@type': `${TYPE}RBACPerRoute`, rbac: { rules: { action: 'DENY', policies } } } };
}

/** The filter in the chain, which does nothing by itself. */
export const rbacFilter: Fields = { name: RBAC, typed_config: { '@type': `${TYPE}RBAC` } };

function principal({ cidrs, address, invert }: SourceMatcher): Fields {
  const key = address === 'client' ? 'remote_ip' : 'direct_remote_ip';
  const ids = cidrs.map((cidr) => {
    const [prefix, length] = cidr.split('/');
    return { [key]: { address_prefix: prefix, prefix_len: Number(length ?? (prefix?.includes(':') ? 128 : 32)) } };
  });
  const any = { or_ids: { ids } };
  return invert ? { not_id: any } : any;
}
