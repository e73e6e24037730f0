// Rewrites and redirects of a path as HTTPPathModifier, for the match that the rule will have. Istio reads a rewrite's
// ReplacePrefixMatch without the slash at its end, and a redirect's as text (features/rewrite.ts, features/redirect.ts).

import { literalText, type Origin, type PathRewrite } from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import type { FeatureKey } from '../../dialect.js';
import type { AddItem } from '../../item-list.js';
import type { PathMatch } from './path-match.js';

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
  add: AddItem,
): PathModifier | undefined {
  const refuse = (message: string) => {
    add(`${use}.path`, message, origin);
    return undefined;
  };
  switch (path.kind) {
    case 'full': {
      const text = literalText(path.to);
      return text === undefined ? refuse(`the path ${path.to} is computed from the request`) : full(text);
    }
    case 'prefix':
      return (
        prefixModifier(path, match, use, (key, message) => add(key, message, origin)) ??
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

/** A prefix that is replaced, and the prefix that the rule matches: without a slash at its end. */
interface Replacing {
  readonly from: string;
  readonly to: string;
  readonly matched: string;
  readonly use: 'rewrite' | 'redirect';
}

interface Way {
  readonly fits: (replacing: Replacing) => boolean;
  /** The `replacePrefixMatch`. */
  readonly path: (replacing: Replacing) => string;
  /** What is not the same. */
  readonly loss?: (replacing: Replacing) => readonly [key: FeatureKey, message: string];
}

/** How a replaced prefix is written as ReplacePrefixMatch; the first that fits counts. */
const WAYS: readonly Way[] = [
  {
    // The rule may be narrower than the prefix that was replaced: the rest of its own prefix stays.
    fits: ({ from, matched }) => matched !== '/' && matched.startsWith(from) && matched.length > from.length,
    path: ({ from, to, matched }) => to + matched.slice(from.length),
  },
  {
    fits: ({ from, to, matched, use }) => matched === from && to !== '' && (use === 'redirect' || !to.endsWith('/')),
    path: ({ to }) => to,
  },
  {
    fits: ({ from, matched, use }) => matched === '/' && use === 'rewrite' && (from === '' || from === '/'),
    path: ({ to }) => to || '/',
    loss: ({ from, to }) => [
      'rewrite.path.root',
      `Istio replaces the slash of a match of "/" as text: /x does not become ${to}${from === '' ? '/' : ''}x`,
    ],
  },
  {
    // A prefix with a slash at its end, matched without it: /api/ → / is /api → "".
    fits: ({ from, to, matched, use }) => from === `${matched}/` && to.endsWith('/') && use === 'rewrite',
    path: ({ to }) => to,
  },
  {
    fits: ({ from, to, matched }) => from === `${matched}/` && to.endsWith('/') && to !== '/',
    path: ({ to }) => to.slice(0, -1),
  },
  {
    fits: ({ from, matched }) => matched === from,
    path: ({ to }) => to || '/',
    loss: ({ from, to, use }) => [
      `${use}.path.slashes`,
      `slashes are not doubled: ${from}/x becomes ${to.replace(/\/$/, '')}/x`,
    ],
  },
  {
    fits: ({ from, matched, use }) => from === `${matched}/` && use === 'rewrite',
    path: ({ to }) => to || '/',
    loss: ({ from, to, use }) => [
      `${use}.path.slashes`,
      `path elements are replaced: ${from}x becomes ${to}/x, not ${to}x`,
    ],
  },
];

/** Nothing where the match is not a prefix, or another one. */
function prefixModifier(
  { from, to }: Pick<Replacing, 'from' | 'to'>,
  match: PathMatch,
  use: Replacing['use'],
  note: (key: FeatureKey, message: string) => void,
): PathModifier | undefined {
  if (match.type === 'Exact')
    return match.value.startsWith(from) ? full(to + match.value.slice(from.length)) : undefined;
  if (match.type !== 'PathPrefix') return undefined;
  const replacing = { from, to, matched: match.value, use };
  const way = WAYS.find(({ fits }) => fits(replacing));
  if (way?.loss) note(...way.loss(replacing));
  return way && prefix(way.path(replacing));
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
