// What a loss does to a route, in the words of the model: the route as the target has it. A change that has nothing to do with a route
// leaves it as it is.

import type {
  Forward,
  HeaderOps,
  PathRewrite,
  Redirect,
  Route,
  StringMatcher,
  WeightedDestination,
} from '../model/index.js';

/** The routes that stand in the target in place of one of the source; none: it is left out. */
export type RouteChange = (route: Route) => readonly Route[];

/** A change that keeps the route. */
export const changed =
  (change: (route: Route) => Route): RouteChange =>
  (route) => [change(route)];

export const leftOut: RouteChange = () => [];

/** Changes what is forwarded, leaves the rest. */
export const onForward = (change: (forward: Forward) => Forward): RouteChange =>
  changed((route) => (route.action.kind === 'forward' ? { ...route, action: change(route.action) } : route));

export const onDestinations = (change: (to: WeightedDestination) => WeightedDestination): RouteChange =>
  onForward((forward) => ({ ...forward, destinations: forward.destinations.map(change) }));

export const onRedirect =
  (change: (redirect: Redirect, route: Route) => readonly Route[]): RouteChange =>
  (route) =>
    route.action.kind === 'redirect' ? change(route.action, route) : [route];

/** Headers of the answer that `keep` takes. */
export const keepResponseHeaders = (keep: (name: string) => boolean): RouteChange =>
  changed((route) => {
    if (!route.responseHeaders) return route;
    const { responseHeaders, ...rest } = route;
    const ops = filtered(responseHeaders, keep);
    return ops ? { ...rest, responseHeaders: ops } : rest;
  });

function filtered(ops: HeaderOps, keep: (name: string) => boolean): HeaderOps | undefined {
  const { set, add, remove, ...rest } = ops;
  const kept = (list: HeaderOps['set']) => list?.filter(([name]) => keep(name));
  const lists = {
    ...(kept(set)?.length ? { set: kept(set)! } : {}),
    ...(kept(add)?.length ? { add: kept(add)! } : {}),
    ...(remove?.length ? { remove } : {}),
  };
  return Object.keys(lists).length > 0 ? { ...rest, ...lists } : undefined;
}

/** Header operations of the rule and of its destinations, both ways. */
export const onHeaderOps = (change: (ops: HeaderOps) => HeaderOps): RouteChange => {
  const both = <T extends Pick<Route, 'requestHeaders' | 'responseHeaders'>>(of: T): T => ({
    ...of,
    ...(of.requestHeaders ? { requestHeaders: change(of.requestHeaders) } : {}),
    ...(of.responseHeaders ? { responseHeaders: change(of.responseHeaders) } : {}),
  });
  return (route) => onDestinations(both)(both(route));
};

/** One value per header, the first; no empty one; no more than sixteen. */
export function oneValueEach(ops: HeaderOps): HeaderOps {
  const seen = new Set<string>();
  const first = (list: HeaderOps['set']) =>
    list
      ?.filter(([name, value]) => {
        const known = seen.has(name.toLowerCase());
        if (value !== '') seen.add(name.toLowerCase());
        return value !== '' && !known;
      })
      .slice(0, 16);
  const { set, add, ...rest } = ops;
  const [sets, adds] = [first(set), first(add)];
  return { ...rest, ...(sets?.length ? { set: sets } : {}), ...(adds?.length ? { add: adds } : {}) };
}

/** A slash at the end of the path stays, but for these paths (without a query). */
export const keepTrailingSlash = (exactFor: readonly string[]): RouteChange =>
  onRedirect((redirect, route) => {
    if (redirect.path?.kind !== 'strip-trailing-slash') return [route];
    const { path: _, ...action } = redirect;
    const exact = exactFor.map((path): Route => {
      const only = { name: ':path', value: { kind: 'exact', value: path } } as const;
      const headers = [...route.match.headers, only];
      return { ...route, match: { ...route.match, path: { kind: 'exact', value: path }, headers } };
    });
    return [...exact, { ...route, action }];
  });

/** The share of requests that an invalid reference answers becomes a fault with that share; without `fault` it is lost. */
export const answersAsFault = (fault: boolean): RouteChange =>
  changed((route) => {
    const { action } = route;
    if (action.kind !== 'forward') return route;
    const total = action.destinations.reduce((sum, d) => sum + d.weight, 0);
    const failing = action.destinations.filter((d) => 'status' in d.to);
    const destinations = action.destinations.filter((d) => !('status' in d.to));
    const [first] = failing;
    if (!first || destinations.length === 0 || total === 0) return route;
    const percent = Math.round((1e6 * failing.reduce((sum, d) => sum + d.weight, 0)) / total) / 1e4;
    const status = 'status' in first.to ? first.to.status : 500;
    return {
      ...route,
      action: { ...action, destinations },
      ...(fault ? { fault: { ...route.fault, abort: { status, percent } } } : {}),
    };
  });

/** The prefix as whole elements of the path: `/api` and what is below it. */
export const asElements: RouteChange = changed((route) => {
  const { path } = route.match;
  if (path?.kind !== 'prefix') return route;
  const value = path.value.replace(/\/$/, '');
  const elements: StringMatcher = { kind: 'segment-prefix', value, ...(path.ignoreCase ? { ignoreCase: true } : {}) };
  return { ...route, match: { ...route.match, path: elements }, action: replacingElements(route.action) };
});

/** `/api/` that becomes `/v1/` is `/api` that becomes `/v1`, where the path may end there too. */
function replacingElements(action: Route['action']): Route['action'] {
  const whole = (path: PathRewrite): PathRewrite =>
    path.kind === 'prefix' && path.from.endsWith('/') && path.to.endsWith('/') && path.to !== '/'
      ? { ...path, from: path.from.slice(0, -1), to: path.to.slice(0, -1) }
      : path;
  if (action.kind === 'redirect' && action.path) return { ...action, path: whole(action.path) };
  if (action.kind !== 'forward' || !action.rewrite?.path) return action;
  return { ...action, rewrite: { ...action.rewrite, path: whole(action.rewrite.path) } };
}
