// Rewrites and redirects of a path as HTTPPathModifier, for the match that the rule will have. Istio reads a rewrite's
// ReplacePrefixMatch without the slash at its end, and a redirect's as text (features/rewrite.ts, features/redirect.ts).

import type { Origin, PathRewrite } from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import { literalText } from './literal-text.js';
import type { PathMatch } from './path-match.js';
import type { Report } from './report.js';

export type PathModifier =
  | { readonly type: 'ReplaceFullPath'; readonly replaceFullPath: string }
  | { readonly type: 'ReplacePrefixMatch'; readonly replacePrefixMatch: string };

const full = (path: string): PathModifier => ({ type: 'ReplaceFullPath', replaceFullPath: path });
const prefix = (path: string): PathModifier => ({ type: 'ReplacePrefixMatch', replacePrefixMatch: path });

/** Nothing where it cannot be expressed: the report then says so. */
export function pathModifier(
  path: PathRewrite,
  match: PathMatch,
  use: 'rewrite' | 'redirect',
  origin: Origin,
  report: Report,
): PathModifier | undefined {
  const refuse = (message: string) => {
    report.add(`${use}.path`, message, origin);
    return undefined;
  };
  switch (path.kind) {
    case 'full': {
      const text = literalText(path.to);
      return text === undefined ? refuse(`the path ${path.to} is computed from the request`) : full(text);
    }
    case 'prefix':
      return (
        prefixModifier(path.from, path.to, match, use, origin, report) ??
        refuse('a prefix is replaced, but the match is not a prefix')
      );
    case 'regex': {
      const removed = removedPrefix(path, match);
      if (removed !== undefined) return removed;
      // What Istio writes for a full path that holds a backslash.
      if (path.pattern === '/.*' && path.all) return full(path.substitution);
      return refuse(`the path is rewritten by the pattern ${path.pattern}`);
    }
    case 'strip-trailing-slash':
      return refuse('a trailing slash of the path is removed');
  }
}

function prefixModifier(
  from: string,
  to: string,
  match: PathMatch,
  use: 'rewrite' | 'redirect',
  origin: Origin,
  report: Report,
) {
  if (match.type === 'Exact')
    return match.value.startsWith(from) ? full(to + match.value.slice(from.length)) : undefined;
  if (match.type !== 'PathPrefix') return undefined;
  const loose = (message: string) => report.add(`${use}.path.slashes`, message, origin);
  const matched = match.value;
  // The rule may be narrower than the prefix that was replaced: the rest of its own prefix stays.
  if (matched !== '/' && matched.startsWith(from) && matched.length > from.length) {
    return prefix(to + matched.slice(from.length));
  }
  if (matched === from && use === 'redirect' && to !== '') return prefix(to);
  if (matched === from && to !== '' && !to.endsWith('/')) return prefix(to);
  if (matched === '/' && use === 'rewrite' && (from === '' || from === '/')) {
    const message = `Istio replaces the slash of a match of "/" as text: /x does not become ${to}${from === '' ? '/' : ''}x`;
    report.add('rewrite.path.root', message, origin);
    return prefix(to || '/');
  }
  // A prefix with a slash at its end, matched without it: /api/ → / is /api → "".
  if (from === `${matched}/` && to.endsWith('/') && use === 'rewrite') return prefix(to);
  if (from === `${matched}/` && to.endsWith('/') && to !== '/') return prefix(to.slice(0, -1));
  if (matched === from) {
    loose(`slashes are not doubled: ${from}/x becomes ${to.replace(/\/$/, '')}/x`);
    return prefix(to === '' ? '/' : to);
  }
  if (from === `${matched}/` && use === 'rewrite') {
    loose(`path elements are replaced: ${from}x becomes ${to}/x, not ${to}x`);
    return prefix(to === '' ? '/' : to);
  }
  return undefined;
}

/** The pattern by which Istio takes a prefix away, recognised. */
function removedPrefix(path: PathRewrite & { kind: 'regex' }, match: PathMatch): PathModifier | undefined {
  const matched = match.value === '/' ? '' : match.value;
  const form = /^\^(.*)\(\/\?\)\(\.\*\)$/.exec(path.pattern);
  if (!form || path.substitution !== '/\\2') return undefined;
  if (match.type === 'PathPrefix') {
    if (form[1] === quoteRegex(matched)) return prefix('/');
    const at = prefixOf(form[1] ?? '', matched);
    return at === undefined ? undefined : prefix(`/${matched.slice(at).replace(/^\//, '')}`);
  }
  const at = match.type === 'Exact' ? prefixOf(form[1] ?? '', match.value) : undefined;
  return at === undefined ? undefined : full(`/${match.value.slice(at).replace(/^\//, '')}`);
}

/** Length of the beginning of `path` that the quoted text is. */
function prefixOf(quoted: string, path: string): number | undefined {
  const text = quoted.replace(/\\(.)/g, '$1');
  return quoteRegex(text) === quoted && path.startsWith(text) ? text.length : undefined;
}
