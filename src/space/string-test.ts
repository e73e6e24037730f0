// A predicate on a string as the partition needs it: a literal, then (for a pattern) an automaton from there on.

import type { StringMatcher } from '../model/index.js';
import {
  acceptsText,
  alternate,
  type CharSet,
  compileDfa,
  concat,
  type Dfa,
  EMPTY,
  foldAscii,
  leadingLiteral,
  literal,
  parseRegex,
  RegexSyntaxError,
  runDfa,
  type Syntax,
  setOf,
  star,
  TooLargeError,
} from '../regex/index.js';

export type StringTest =
  /** `always`, `never`: whatever the string. */
  | { readonly kind: 'always' | 'never' }
  | { readonly kind: 'exact' | 'prefix'; readonly literal: string }
  /** The string begins with `literal`, and the automaton accepts it; `state` is the one after `literal`. */
  | { readonly kind: 'automaton'; readonly literal: string; readonly dfa: Dfa; readonly state: number }
  /** Too large to compute with. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Any of several matchers. */
export interface AnyOf {
  readonly kind: 'any-of';
  readonly of: readonly StringMatcher[];
}

/** `alphabet`: the characters that the dimension can hold. A pattern that RE2 refuses matches nothing, as in simulate. */
export function stringTest(matcher: StringMatcher | AnyOf, alphabet: CharSet): StringTest {
  let known = compiled.get(matcher);
  if (!known) {
    known = new Map();
    compiled.set(matcher, known);
  }
  let test = known.get(alphabet);
  if (!test) {
    test = compileTest(matcher, alphabet);
    known.set(alphabet, test);
  }
  return test;
}

/** Patterns are asked about again and again; they live as long as their model. */
const compiled = new WeakMap<StringMatcher | AnyOf, Map<CharSet, StringTest>>();

function compileTest(matcher: StringMatcher | AnyOf, alphabet: CharSet): StringTest {
  if (matcher.kind === 'any') return { kind: 'always' };
  if (matcher.kind === 'any-of' && matcher.of.some((m) => m.kind === 'any')) return { kind: 'always' };
  if (matcher.kind !== 'regex' && matcher.kind !== 'any-of' && matcher.ignoreCase !== true) {
    if (matcher.kind === 'exact') return { kind: 'exact', literal: matcher.value };
    if (matcher.kind === 'prefix') return prefixTest(matcher.value);
  }
  try {
    const tree = treeOf(matcher, alphabet);
    return automatonTest(compileDfa(tree, alphabet), leadingLiteral(tree).prefix);
  } catch (error) {
    if (error instanceof RegexSyntaxError) return { kind: 'never' };
    if (!(error instanceof TooLargeError)) throw error;
    const text =
      matcher.kind === 'any-of'
        ? `a list of ${matcher.of.length} values`
        : matcher.kind === 'regex'
          ? matcher.pattern
          : matcher.value;
    return { kind: 'unknown', reason: `${text.length > 80 ? `${text.slice(0, 80)}…` : text} needs ${error.message}` };
  }
}

const prefixTest = (value: string): StringTest =>
  value === '' ? { kind: 'always' } : { kind: 'prefix', literal: value };

/** The simplest test that is the language of an automaton whose words all begin with `beginning`. */
export function automatonTest(dfa: Dfa, beginning: string): StringTest {
  const state = runDfa(dfa, beginning);
  if (state < 0 || isDead(dfa, state)) return { kind: 'never' };
  if (dfa.universal[state] === 1) return prefixTest(beginning);
  if (dfa.accepting[state] === 1 && isLast(dfa, state)) return { kind: 'exact', literal: beginning };
  return { kind: 'automaton', literal: beginning, dfa, state };
}

function isLast(dfa: Dfa, state: number): boolean {
  for (let c = 0; c < dfa.classes; c++) if (dfa.next[state * dfa.classes + c] !== -1) return false;
  return true;
}

const isDead = (dfa: Dfa, state: number): boolean => dfa.accepting[state] === 0 && isLast(dfa, state);

/** Whether a test holds for one text. `unknown` does not. */
export function testHolds(test: StringTest, text: string): boolean {
  switch (test.kind) {
    case 'always':
      return true;
    case 'exact':
      return text === test.literal;
    case 'prefix':
      return text.startsWith(test.literal);
    case 'automaton':
      return acceptsText(test.dfa, text);
    default:
      return false;
  }
}

/** The language of a matcher as a tree. @throws RegexSyntaxError */
export function treeOf(matcher: StringMatcher | AnyOf, alphabet: CharSet): Syntax {
  if (matcher.kind === 'any-of') return treeOfAny(matcher.of, alphabet);
  const anything = star(setOf(alphabet));
  if (matcher.kind === 'any') return anything;
  if (matcher.kind === 'regex') return parseRegex(matcher.pattern);
  const text = literal(matcher.value, matcher.ignoreCase ? foldAscii : undefined);
  switch (matcher.kind) {
    case 'exact':
      return text;
    case 'prefix':
      return concat([text, anything]);
    case 'suffix':
      return concat([anything, text]);
    case 'contains':
      return concat([anything, text, anything]);
    case 'segment-prefix':
      return concat([text, alternate([EMPTY, concat([literal('/'), anything])])]);
  }
}

/** A pattern that RE2 refuses adds nothing. */
function treeOfAny(matchers: readonly StringMatcher[], alphabet: CharSet): Syntax {
  const trees = matchers.flatMap((m) => {
    try {
      return [treeOf(m, alphabet)];
    } catch (error) {
      if (error instanceof RegexSyntaxError) return [];
      throw error;
    }
  });
  return trees.length === 0 ? setOf([]) : alternate(trees);
}
