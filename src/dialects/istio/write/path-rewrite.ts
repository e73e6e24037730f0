// Rewrites of a path as `rewrite` of a VirtualService.

import type { PathRewrite, Route } from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';

type Fields = Record<string, unknown>;

/**
 * Istio's `rewrite.uri` replaces the matched prefix, or the whole path of an exact or regex match, so it is used
 * where that is the meaning; everything else is a regex rewrite.
 */
export function writePathRewrite(rewrite: PathRewrite, route: Route): Fields | undefined {
  const { path } = route.match;
  switch (rewrite.kind) {
    case 'prefix':
      if (rewrite.to !== '' && path?.kind === 'prefix' && path.value === rewrite.from) return { uri: rewrite.to };
      if (rewrite.to !== '' && !path && rewrite.from === '/') return { uri: rewrite.to };
      return regexRewrite(
        `^${path && 'ignoreCase' in path && path.ignoreCase ? '(?i)' : ''}${quoteRegex(rewrite.from)}`,
        escapeSubstitution(rewrite.to),
      );
    case 'full':
      if (path && (path.kind === 'exact' || path.kind === 'regex') && rewrite.to !== '')
        return { uri: literal(rewrite.to) };
      return regexRewrite('^(?s:.*)$', escapeSubstitution(literal(rewrite.to)));
    case 'regex':
      return regexRewrite(rewrite.pattern, rewrite.substitution);
    case 'strip-trailing-slash':
      return regexRewrite('^(.+)/$', '\\1');
  }
}

/** Istio takes no empty `rewrite` (validateURIRegexRewrite): what follows the match is said instead, it stays. */
const regexRewrite = (match: string, rewrite: string): Fields => ({
  uriRegexRewrite:
    rewrite === '' ? { match: `${match}((?s:.*))$`, rewrite: `\\${groups(match) + 1}` } : { match, rewrite },
});

/** How many capturing groups a pattern has. */
const groups = (pattern: string): number =>
  [...pattern.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)|\(\?P?</g)].filter(([m]) => m.startsWith('(')).length;

/** Istio's own fields know no operators: the template's `%%` is one percent sign. */
export const literal = (template: string) => template.replaceAll('%%', '%');
const escapeSubstitution = (text: string) => text.replace(/\\/g, '\\\\');
