// Patterns of Kong as matchers of the model: PCRE in the flavour `traditional`, Rust's regular expressions in the others
// (kong/router/traditional.lua, transform.lua; the crate regex has no look-around and no back-references).

import type { StringMatcher } from '../../model/index.js';
import { PcreError, quoted, translatePcre } from '../pcre.js';

export const ANYTHING = '(?s:.*)';

/** Anything may follow, unless the pattern says that it ends. */
const openEnd = (pattern: string): string =>
  /(^|[^\\])(\\\\)*\$$/.test(pattern) ? pattern.slice(0, -1) : pattern + ANYTHING;

/**
 * A path that begins with the pattern. `floats`: the beginning holds for the first alternative only, as `^a|b` does.
 * @throws PcreError
 */
export function pathMatcher(pattern: string, floats: boolean): StringMatcher {
  const written = pattern.replace(/^\^/, '');
  const { alternatives, literal } = translatePcre(written);
  if (literal !== undefined) return { kind: 'prefix', value: literal };
  const exact = written.endsWith('$') ? translateExact(written.slice(0, -1)) : undefined;
  if (exact !== undefined) return { kind: 'exact', value: exact };
  const parts = alternatives.map((part, i) => (floats && i > 0 ? ANYTHING : '') + openEnd(part));
  return { kind: 'regex', pattern: parts.length > 1 ? `(?:${parts.join('|')})` : parts[0]! };
}

function translateExact(pattern: string): string | undefined {
  try {
    return translatePcre(pattern).literal;
  } catch (error) {
    if (error instanceof PcreError) return undefined;
    throw error;
  }
}

/** A value in which the pattern is found. @throws PcreError */
export function foundIn(pattern: string, ignoreCase: boolean): string {
  const { alternatives } = translatePcre(pattern);
  const parts = alternatives.map((part) => (part.startsWith('^') ? openEnd(part.slice(1)) : ANYTHING + openEnd(part)));
  return `${ignoreCase ? '(?i)' : ''}(?:${parts.join('|')})`;
}

/** The text itself, as a part of a pattern. */
export const literally = (text: string): string => [...text].map(quoted).join('');
