// Redirects whose Location depends on the path in a way that Istio's fields cannot say for every path at once, split into rules for which they can.
//
// A redirect that takes one slash off the end of the path (ingress-nginx's ssl redirect, Q10): Istio's redirects cannot. Where the path is
// known the Location is known too; for the rest the redirect keeps the slash, and the report says so.

import type { Redirect, Route, StringMatcher } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';

/** The routes that take the place of `route`, in order: exact paths first. */
export function splitRedirect(route: Route): Route[] {
  const { action } = route;
  if (action.kind === 'redirect' && action.path?.kind === 'prefix') return splitPrefix(route, action, action.path.to);
  if (action.kind !== 'redirect' || action.path?.kind !== 'strip-trailing-slash') return [route];
  // The host as the client spelled it, unless the redirect goes to another one: Location keeps upper case in both engines.
  const name = action.host ?? '%REQ(:authority)%';
  const exact = unslashedPaths(route).map((path): Route => {
    const noQuery = { name: ':path', value: { kind: 'exact', value: path } } as const;
    return {
      ...route,
      match: { ...route.match, path: { kind: 'exact', value: path }, headers: [...route.match.headers, noQuery] },
      action: { kind: 'redirect', status: action.status, location: `${action.scheme}://${name}${path.slice(0, -1)}` },
    };
  });
  return action.scheme ? [...exact, route] : [route];
}

/** Istio's prefixRewrite needs a string prefix: a segment prefix is the path itself, and the prefix with its slash. */
function splitPrefix(route: Route, action: Redirect, to: string): Route[] {
  const { path } = route.match;
  if (path?.kind !== 'segment-prefix' || path.ignoreCase || path.value === '' || to === '') return [route];
  const below = `${path.value}/`;
  return [
    {
      ...route,
      match: { ...route.match, path: { kind: 'exact', value: path.value } },
      action: { ...action, path: { kind: 'full', to: plainTemplate(to) } },
    },
    {
      ...route,
      match: { ...route.match, path: { kind: 'prefix', value: below } },
      action: { ...action, path: { kind: 'prefix', from: below, to: `${to}/` } },
    },
  ];
}

/** Paths whose slash such a redirect of the target takes off too, without a query: they have rules of their own. */
export const unslashedPaths = ({ action, match }: Route): string[] =>
  action.kind === 'redirect' && action.scheme ? literalPaths(match.path) : [];

/** Paths that end in a slash and are likely asked for: the root, and the prefix itself. */
function literalPaths(path: StringMatcher | undefined): string[] {
  if (!path || path.kind === 'any') return ['/'];
  if (path.kind === 'regex') return [];
  return [...new Set([path.value, path.value.endsWith('/') ? path.value : `${path.value}/`])].filter(
    (p) => p.endsWith('/') && (path.kind !== 'exact' || p === path.value),
  );
}
