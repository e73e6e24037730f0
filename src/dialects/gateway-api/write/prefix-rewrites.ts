// `rewrite-target: /$2` behind `/app(/|$)(.*)`, or `/v1/$1` behind `/api/(.*)`, as nearly every Ingress takes a prefix away or puts
// another in its place: the Gateway API has no pattern for a rewrite, but ReplacePrefixMatch does the same for whole path elements.
// Lost are the case of the prefix (nginx's patterns take any) and what only begins with its text.

import type { PathRewrite, Route, StringMatcher } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import type { Report } from './report.js';

/**
 * The routes, those that replace a prefix in the words in which Istio would (features/rewrite.ts). Their action is another one, by which
 * nobody finds the route again: `replaced` learns of each which one it stands for.
 */
export const withPrefixRewrites = (
  routes: readonly Route[],
  report: Report,
  replaced: Map<Route, Route>,
): readonly Route[] =>
  routes.flatMap((route) => {
    const { match, action } = route;
    const path = action.kind === 'forward' ? action.rewrite?.path : undefined;
    if (action.kind !== 'forward' || path?.kind !== 'regex') return [route];
    const found = replacedPrefix(path, match.path);
    if (!found) return [route];
    const { prefix, to, tail } = found;
    const instead: Route = {
      ...route,
      match: { ...match, path: { kind: tail.kind, value: prefix + tail.slash } },
      action: { ...action, rewrite: { ...action.rewrite, path: plainRewrite(prefix, to, path.all) } },
    };
    replaced.set(instead, route);
    const origin = route.matchOrigin ?? route.origin;
    if (hasCase(prefix)) {
      const message = `PathPrefix matches ${prefix} in this case only, the pattern in any case`;
      report.add('match.path.case', message, origin, { route, instead });
    }
    if (to === '' || !tail.takesSlash || tail.slash !== '') return [instead];
    // The prefix itself, which a ReplacePrefixMatch would leave without the slash.
    const itself: Route = {
      ...instead,
      match: { ...match, path: { kind: 'exact', value: prefix } },
      action: { ...action, rewrite: { ...action.rewrite, path: { kind: 'full', to: plainTemplate(`${to}/`) } } },
    };
    replaced.set(itself, route);
    return [itself, instead];
  });

/** What stands behind the prefix in a pattern, and what the match of the model is then. */
interface Tail {
  readonly kind: 'prefix' | 'segment-prefix';
  /** The match is the prefix with this behind it. */
  readonly slash: '' | '/';
  /** The group that holds the rest of the path. */
  readonly group: 1 | 2;
  /** The slash behind the prefix is no part of that group. */
  readonly takesSlash: boolean;
}

const TAILS: ReadonlyMap<string, Tail> = new Map([
  ['/(.*)', { kind: 'prefix', slash: '/', group: 1, takesSlash: true }],
  ['/?(.*)', { kind: 'prefix', slash: '', group: 1, takesSlash: true }],
  ['(.*)', { kind: 'prefix', slash: '', group: 1, takesSlash: false }],
  ['(/|$)(.*)', { kind: 'segment-prefix', slash: '', group: 2, takesSlash: true }],
  ['(/.*)?', { kind: 'segment-prefix', slash: '', group: 1, takesSlash: false }],
]);

const FORM = /^\^\(\?i\)(\/.*?)(\/\(\.\*\)|\/\?\(\.\*\)|\(\/\|\$\)\(\.\*\)|\(\.\*\)|\(\/\.\*\)\?)\$?$/s;

/** `to`: without a slash at its end; empty where the prefix is taken away. */
function replacedPrefix(
  { pattern, substitution }: PathRewrite & { kind: 'regex' },
  match: StringMatcher | undefined,
): { readonly prefix: string; readonly to: string; readonly tail: Tail } | undefined {
  const [, quoted = '', rest = ''] = FORM.exec(pattern) ?? [];
  const tail = TAILS.get(rest);
  const prefix = quoted.replace(/\\(.)/g, '$1');
  if (!tail || quoteRegex(prefix) !== quoted || prefix.endsWith('/')) return undefined;
  if (match?.kind !== tail.kind || match.value !== prefix + tail.slash || !match.ignoreCase) return undefined;
  // Without letters nothing tells of the text that a PathPrefix does not take.
  if (tail.kind === 'prefix' && !hasCase(prefix)) return undefined;
  const end = `${tail.takesSlash ? '/' : ''}\\${tail.group}`;
  if (!substitution.endsWith(end)) return undefined;
  const to = substitution.slice(0, -end.length);
  const isWritable = (tail.takesSlash && to === '') || (to.startsWith('/') && !to.endsWith('/'));
  return isWritable && !to.includes('\\') ? { prefix, to, tail } : undefined;
}

const hasCase = (text: string): boolean => text.toLowerCase() !== text.toUpperCase();

const plainRewrite = (prefix: string, to: string, all: boolean): PathRewrite =>
  to === ''
    ? { kind: 'regex', pattern: `^${quoteRegex(prefix)}(/?)(.*)`, substitution: '/\\2', all }
    : { kind: 'prefix', from: prefix, to };
