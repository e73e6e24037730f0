// URLRewrite, and what ReplacePrefixMatch does to a path (Gateway API spec, HTTPPathModifier with its table of examples;
// Istio: createRewriteFilter in pilot/pkg/config/kube/gateway/conversion.go and applyHTTPRouteDestination in
// pilot/pkg/networking/core/route/route.go, 2026-08-22).

import type { Json, Origin, PathRewrite, Rewrite } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import { has, objectAt, stringAt } from '../fields.js';
import type { Implementation } from '../implementations/implementation.js';
import type { Matched } from './http-match.js';

export function rewriteOf(
  filter: Json,
  matched: Matched,
  implementation: Implementation,
  origin: Origin,
): Rewrite | undefined {
  const host = stringAt(filter, 'hostname');
  const path = has(filter, 'path') ? pathOf(objectAt(filter, 'path'), matched, implementation) : undefined;
  if (!host && path === undefined) return undefined;
  return { ...(path && { path }), ...(host && { host }), origin };
}

const pathOf = (path: Json, matched: Matched, { rewriteFullPath, rewritePrefix }: Implementation): PathRewrite =>
  stringAt(path, 'type') === 'ReplaceFullPath'
    ? rewriteFullPath(stringAt(path, 'replaceFullPath') ?? '')
    : rewritePrefix(matched, stringAt(path, 'replacePrefixMatch') ?? '');

/**
 * Envoy's prefix_rewrite: the matched text makes place for `to`, with no slash added or taken. Behind a match of `/` the
 * slash itself is the matched text, so `/x` becomes `/npx`. What a match that is no prefix has matched is the whole path.
 */
export const replacePrefix = (matched: Matched, to: string): PathRewrite =>
  matched.prefix === undefined
    ? { kind: 'full', to: plainTemplate(to) }
    : { kind: 'prefix', from: matched.prefix === '' ? '/' : matched.prefix, to };

/** The prefix goes, and a slash stays where nothing else does. */
export const removePrefix = (prefix: string): PathRewrite => ({
  kind: 'regex',
  pattern: `^${quoteRegex(prefix)}(/?)(.*)`,
  substitution: '/\\2',
  all: true,
});

/** The prefix goes with all slashes behind it, and one slash stands in its place. Written as Envoy Gateway does: `^/x\/*`. */
export const removePrefixAndSlashes = (prefix: string): PathRewrite => ({
  kind: 'regex',
  pattern: `^${quoteRegex(prefix === '' ? '/' : prefix)}\\/*`,
  substitution: '/',
  all: true,
});

/** By path elements: slashes at the end of the prefix and of what replaces it do not count, and the result begins with one. */
export function specReplacePrefix(matched: Matched, to: string): PathRewrite {
  const trimmed = to.replace(/\/$/, '');
  const prefix = matched.prefix ?? '';
  return trimmed === '' ? removePrefix(prefix) : { kind: 'prefix', from: prefix, to: trimmed };
}
