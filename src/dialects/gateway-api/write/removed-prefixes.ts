// `rewrite-target: /$2` behind `/app(/|$)(.*)`, as nearly every Ingress takes a prefix away: the Gateway API has no pattern for a rewrite,
// but ReplacePrefixMatch does the same. Only the case of the prefix is lost: nginx's patterns take any.

import type { PathRewrite, Route } from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import type { Report } from './report.js';

/** The routes, those that take a prefix away in the words in which Istio would (features/rewrite.ts). */
export const withRemovedPrefixes = (routes: readonly Route[], report: Report): readonly Route[] =>
  routes.map((route) => {
    const instead = plainPrefix(route);
    if (!instead) return route;
    const path = route.match.path as { readonly value: string };
    if (path.value.toLowerCase() !== path.value.toUpperCase())
      report.add(
        'match.path.case',
        `PathPrefix matches ${path.value} in this case only, the pattern in any case`,
        route.matchOrigin ?? route.origin,
        { route, instead },
      );
    return instead;
  });

function plainPrefix(route: Route): Route | undefined {
  const { match, action } = route;
  const { path } = match;
  if (action.kind !== 'forward' || path?.kind !== 'segment-prefix' || !path.ignoreCase) return undefined;
  const rewrite = action.rewrite?.path;
  if (rewrite?.kind !== 'regex' || !takesAway(rewrite, path.value)) return undefined;
  const { value } = path;
  const plain: PathRewrite = {
    kind: 'regex',
    pattern: `^${quoteRegex(value)}(/?)(.*)`,
    substitution: '/\\2',
    all: rewrite.all,
  };
  return {
    ...route,
    match: { ...match, path: { kind: 'segment-prefix', value } },
    action: { ...action, rewrite: { ...action.rewrite, path: plain } },
  };
}

/** `^(?i)/app(/|$)(.*)` → `/\2`. */
function takesAway({ pattern, substitution }: PathRewrite & { kind: 'regex' }, prefix: string): boolean {
  const form = /^\^\(\?i\)(.*)\(\/\|\$\)\(\.\*\)$/.exec(pattern);
  return form !== null && substitution === '/\\2' && form[1]!.replace(/\\(.)/g, '$1') === prefix;
}
