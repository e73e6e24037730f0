// Compiles a predicate on a string. Case is ignored for ASCII letters only, as absl::EqualsIgnoreCase does.

import type { StringMatcher } from '../model/index.js';
import { literalPrefix, requiredText } from '../regex/literal.js';
import { BadPatternError, type CompiledRegex, compileRegex } from '../regex/match.js';

export type StringTest = (text: string) => boolean;

export function compileStringMatcher(matcher: StringMatcher): StringTest {
  if (matcher.kind === 'any') return () => true;
  if (matcher.kind === 'regex') return compilePattern(matcher.pattern);
  if (!matcher.ignoreCase) return compileLiteral(matcher.kind, matcher.value);
  const test = compileLiteral(matcher.kind, asciiLower(matcher.value));
  return (text) => test(asciiLower(text));
}

function compileLiteral(kind: Exclude<StringMatcher['kind'], 'regex' | 'any'>, value: string): StringTest {
  switch (kind) {
    case 'exact':
      return (text) => text === value;
    case 'prefix':
      return (text) => text.startsWith(value);
    case 'suffix':
      return (text) => text.endsWith(value);
    case 'contains':
      return (text) => text.includes(value);
    case 'segment-prefix': {
      const below = `${value}/`;
      return (text) => text === value || text.startsWith(below);
    }
  }
}

/** Compiled when first used: a run that asks about one request does not pay for every pattern. A bad pattern matches nothing. */
function compilePattern(pattern: string): StringTest {
  const { prefix, whole } = literalPrefix(pattern);
  if (whole) return (text) => text === prefix;
  const head = literalThenAnything(pattern);
  if (head !== undefined) return (text) => text.startsWith(head) && !text.includes('\n');
  let regex: CompiledRegex | null | undefined;
  let required = '';
  return (text) => {
    if (regex === undefined) {
      regex = compileOrNull(pattern);
      required = requiredText(pattern);
    }
    // Of many patterns few have their text in a request: looking for it costs a hundredth of a match.
    return regex !== null && text.includes(required) && regex.fullMatch(text);
  };
}

/** The literal text of a pattern that is `literal.*`: no program is needed for it. */
function literalThenAnything(pattern: string): string | undefined {
  if (!pattern.endsWith('.*') || pattern.includes('\\Q')) return undefined;
  const { prefix, whole } = literalPrefix(pattern.slice(0, -2));
  return whole ? prefix : undefined;
}

/** Null for a pattern that RE2 refuses. */
export function compileOrNull(pattern: string): CompiledRegex | null {
  try {
    return compileRegex(pattern);
  } catch (error) {
    if (error instanceof BadPatternError) return null;
    throw error;
  }
}

const UPPER = /[A-Z]/;
const ALL_UPPER = /[A-Z]+/g;
export const asciiLower = (text: string): string =>
  UPPER.test(text) ? text.replace(ALL_UPPER, (letters) => letters.toLowerCase()) : text;

/** `prefix /status`, for traces. */
export function describeMatcher(matcher: StringMatcher): string {
  if (matcher.kind === 'any') return 'anything';
  if (matcher.kind === 'regex') return `regex ${matcher.pattern}`;
  const kind = matcher.kind === 'segment-prefix' ? 'path prefix' : matcher.kind;
  return `${kind} ${JSON.stringify(matcher.value).slice(1, -1)}${matcher.ignoreCase ? ' (any case)' : ''}`;
}
