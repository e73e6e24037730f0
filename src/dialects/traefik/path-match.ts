// Two tests of a path as one, where one pattern can say it.

import type { StringMatcher } from '../../model/index.js';
import { compileRegex } from '../../regex/match.js';
import { quoteRegex } from '../../regex/quote.js';

const ALL: StringMatcher = { kind: 'any' };

/** What holds where both hold, `not`: the second is negated. `none`: no path; undefined: no single test. */
export function intersected(
  first: StringMatcher | undefined,
  second: StringMatcher,
  not: boolean,
): StringMatcher | 'none' | undefined {
  const known = first ?? ALL;
  if (known.kind === 'exact') return holds(second, known.value) === not ? 'none' : known;
  if (second.kind === 'any') return not ? 'none' : known;
  if (!not) {
    if (second.kind === 'exact') return holds(known, second.value) ? second : 'none';
    if (known.kind === 'any' || (known.kind === 'prefix' && known.value === '/' && second.kind === 'prefix'))
      return second;
    if (known.kind === 'prefix' && second.kind === 'prefix') return longer(known, second);
    if (second.kind === 'prefix' && second.value === '/') return known;
    return undefined;
  }
  return without(known, second);
}

function longer(
  a: StringMatcher & { readonly value: string },
  b: StringMatcher & { readonly value: string },
): StringMatcher | 'none' {
  if (a.value.startsWith(b.value)) return a;
  return b.value.startsWith(a.value) ? b : 'none';
}

function holds(matcher: StringMatcher, path: string): boolean {
  switch (matcher.kind) {
    case 'any':
      return true;
    case 'regex':
      return compileRegex(matcher.pattern).fullMatch(path);
    case 'exact':
      return path === matcher.value;
    case 'prefix':
      return path.startsWith(matcher.value);
    default:
      return false;
  }
}

/** Longer texts are not laid out letter by letter. */
const MAX_LITERAL = 60;

/** Paths of `known` (any, or those with a prefix) that are not taken by a literal. */
function without(known: StringMatcher, excluded: StringMatcher): StringMatcher | 'none' | undefined {
  if (excluded.kind !== 'prefix' && excluded.kind !== 'exact') return undefined;
  const base = known.kind === 'any' ? '' : known.kind === 'prefix' ? known.value : undefined;
  if (base === undefined) return undefined;
  const { value } = excluded;
  if (!value.startsWith(base)) return excluded.kind === 'prefix' && base.startsWith(value) ? 'none' : known;
  const rest = value.slice(base.length);
  if (rest === '')
    return excluded.kind === 'prefix' ? 'none' : { kind: 'regex', pattern: `${quoteRegex(base)}(?s:.+)` };
  if (rest.length > MAX_LITERAL || !/^[\u0020-\u007e]*$/.test(rest)) return undefined;
  return { kind: 'regex', pattern: quoteRegex(base) + notBegun(rest, excluded.kind === 'exact') };
}

/** Texts that do not begin with `text` (`exact`: that are not it): letter by letter. */
function notBegun(text: string, exact: boolean): string {
  let pattern = exact ? '(?s:.+)' : '';
  for (const c of [...text].reverse()) {
    const other = `[^${/[\\\]^-]/.test(c) ? `\\${c}` : c}](?s:.*)`;
    pattern = `(?:|${other}${pattern === '' ? '' : `|${quoteRegex(c)}${pattern}`})`;
  }
  return pattern;
}
