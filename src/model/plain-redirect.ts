// Redirects that are simpler than they are written. A pattern that does no more than put another beginning in place of a prefix: `^(?i)/old/(.*)` → `/new/\1`.

import type { PathRewrite, Redirect } from './action.js';
import type { Route } from './gateway.js';

const UNQUOTED = '[^\\\\^$.|?*+()[\\]{}]';
const FORM = new RegExp(`^\\^(?:\\(\\?i\\))?((?:${UNQUOTED}|\\\\[^A-Za-z0-9])*)\\(\\.\\*\\)\\$?$`);

/** `same`: the path stays; undefined: the pattern does something else. It begins at the start, so that it takes a path once. */
function prefixOfRedirect(path: PathRewrite | undefined): (PathRewrite & { kind: 'prefix' }) | 'same' | undefined {
  if (path?.kind !== 'regex') return undefined;
  const from = FORM.exec(path.pattern)?.[1]?.replace(/\\(.)/g, '$1');
  const to = /^([^\\]*)\\1$/.exec(path.substitution)?.[1];
  if (from === undefined || to === undefined || !from.startsWith('/') || !to.startsWith('/')) return undefined;
  return from === to ? 'same' : { kind: 'prefix', from, to };
}

/** The same redirect with a prefix or no path of its own, where that is what its pattern does. */
export function plainRedirect(route: Route): Route {
  if (route.action.kind !== 'redirect') return route;
  const plain = prefixOfRedirect(route.action.path);
  if (plain === undefined) return route;
  const { path: _, ...rest } = route.action;
  return { ...route, action: plain === 'same' ? rest : { ...rest, path: plain } };
}

/** The whole Location, where nothing of the request's own path comes to it: a template, or a path without scheme and host. */
export const wholeLocation = ({ location, relative, path, stripQuery }: Redirect): string | undefined =>
  location ?? (relative && stripQuery && path?.kind === 'full' ? path.to : undefined);
