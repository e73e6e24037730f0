// A redirect that takes one slash off the end of the path (ingress-nginx's redirects to https, and between a name and its `www`): no field
// of the Gateway API does. Where the path is known, so is the Location: paths that the rules of the host name, and those above, have a rule, as
// far as the redirect alone answers them with a slash at the end. A rule cannot ask for "no query", before which the slash would stay.

import type { Redirect, Route } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { isPlainPath } from './path-match.js';

/** Paths of rules, as they are written. `host`: of the redirect's target; absent: of the host itself. */
export type PathsOf = (host: string | undefined) => readonly string[];

export interface WithSlashes {
  readonly routes: readonly Route[];
  /** For which paths a redirect takes the slash off. */
  readonly unslashed: ReadonlyMap<Route, readonly string[]>;
}

/** `replaced` learns of each rule with another action which one it stands for. */
export function withTrailingSlashes(
  given: readonly Route[],
  pathsOf: PathsOf,
  replaced: Map<Route, Route>,
): WithSlashes {
  const known = knownPaths(given, pathsOf);
  if (known.size === 0) return { routes: given, unslashed: known };
  const unslashed = new Map<Route, readonly string[]>(known);
  const routes = given.flatMap((route) => {
    const paths = known.get(route);
    if (!paths) return [route];
    const exact = paths.map((path) => {
      const match: Route['match'] = { ...route.match, path: { kind: 'exact', value: path } };
      const rule = { ...route, match, action: redirectTo(path.slice(0, -1), route.action) };
      replaced.set(rule, route);
      unslashed.set(rule, [path]);
      return rule;
    });
    return route.match.path?.kind === 'exact' ? exact : [...exact, route];
  });
  return { routes, unslashed };
}

const redirectTo = (path: string, action: Route['action']): Route['action'] =>
  action.kind === 'redirect' ? { ...action, path: { kind: 'full', to: plainTemplate(path) } } : action;

/** The paths whose slash a redirect can be said to take off: it is the first rule that may answer them. */
function knownPaths(routes: readonly Route[], pathsOf: PathsOf): Map<Route, string[]> {
  const found = new Map<Route, string[]>();
  const hosts = new Set(routes.flatMap(({ action }) => (takesSlash(action) ? [action.host] : [])));
  if (hosts.size === 0) return found;
  const firstFor = firstTaker(routes);
  for (const host of hosts)
    for (const path of slashedPaths(pathsOf(host))) {
      const route = firstFor(path);
      if (!route || !takesSlash(route.action) || route.action.host !== host || isConditional(route)) continue;
      const paths = found.get(route);
      if (paths) paths.push(path);
      else found.set(route, [path]);
    }
  return found;
}

const takesSlash = (action: Route['action']): action is Redirect =>
  action.kind === 'redirect' && action.path?.kind === 'strip-trailing-slash';

/** A condition on the host is one that every rule of a wildcard has. */
const isConditional = ({ match }: Route): boolean =>
  match.query.length > 0 || match.headers.some(({ name }) => name !== ':scheme' && name !== ':authority');

/** The paths and the directories above them. The root has no slash to lose: a Location without a path is the root (RFC 9110, 4.2.3). */
function slashedPaths(paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths.filter(isPlainPath)) {
    const slashed = path.endsWith('/') ? path : `${path}/`;
    for (let end = slashed.length; end > 1; end = slashed.lastIndexOf('/', end - 2) + 1)
      found.add(slashed.slice(0, end));
  }
  return [...found].filter(isPlainPath);
}

/** Which rule may answer a path first; of a pattern nobody looks which it takes, unless it is a redirect that does the same. */
function firstTaker(routes: readonly Route[]): (path: string) => Route | undefined {
  // Beside them, what takes any case, in lower case.
  const exact = [new Map<string, number>(), new Map<string, number>()] as const;
  const prefix = [new Map<string, number>(), new Map<string, number>()] as const;
  let any = routes.length;
  for (const [i, { match, action }] of routes.entries()) {
    const { path } = match;
    if (path?.kind === 'exact' || path?.kind === 'prefix' || path?.kind === 'segment-prefix') {
      const text = path.kind === 'segment-prefix' ? path.value.replace(/\/?$/, '/') : path.value;
      const map = (path.kind === 'exact' ? exact : prefix)[path.ignoreCase ? 1 : 0];
      const key = path.ignoreCase ? text.toLowerCase() : text;
      if (!map.has(key)) map.set(key, i);
    } else if (!path || path.kind === 'any' || !takesSlash(action)) any = Math.min(any, i);
  }
  return (path) => {
    let first = any;
    for (const [i, text] of [path, path.toLowerCase()].entries()) {
      first = Math.min(first, exact[i]?.get(text) ?? first);
      for (let end = 0; end <= text.length; end++) first = Math.min(first, prefix[i]?.get(text.slice(0, end)) ?? first);
    }
    return routes[first];
  };
}
