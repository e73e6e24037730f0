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
  MAX_DFA_STEPS,
  OVERSPENT,
  parseRegex,
  RegexSyntaxError,
  runDfa,
  type Syntax,
  setOf,
  star,
  TooLargeError,
} from '../regex/index.js';
import type { Work } from './work.js';

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

/**
 * `alphabet`: the characters that the dimension can hold. A pattern that RE2 refuses matches nothing, as in simulate.
 * `work` pays for the automaton: once in a run, whether it is made or remembered, so that an answer does not depend on
 * what was asked before.
 */
export function stringTest(matcher: StringMatcher | AnyOf, alphabet: CharSet, work?: Work): StringTest {
  const plain = plainTest(matcher);
  if (plain) return plain;
  let byText = compiled.get(alphabet);
  if (!byText) compiled.set(alphabet, (byText = new Map()));
  const key = textOf(matcher);
  let made = byText.get(key);
  if (work && made && work.run.paid.has(made)) return made.test;
  if (work && work.left <= 0) return { kind: 'unknown', reason: `${shown(matcher)} was not analysed: ${OVERSPENT}` };
  if (!made) {
    if (byText.size >= MOST_REMEMBERED) byText.clear();
    byText.set(key, (made = compileTest(matcher, alphabet)));
  }
  if (work) {
    work.run.paid.add(made);
    work.left -= made.steps;
  }
  return made.test;
}

interface Made {
  readonly test: StringTest;
  readonly steps: number;
}

/** Patterns are asked about again and again, in many rules and by every question of a run. */
const compiled = new WeakMap<CharSet, Map<string, Made>>();
const MOST_REMEMBERED = 5_000;

const texts = new WeakMap<StringMatcher | AnyOf, string>();

function textOf(matcher: StringMatcher | AnyOf): string {
  let text = texts.get(matcher);
  if (text === undefined) texts.set(matcher, (text = JSON.stringify(matcher)));
  return text;
}

/** What needs no automaton. */
function plainTest(matcher: StringMatcher | AnyOf): StringTest | undefined {
  if (matcher.kind === 'any') return { kind: 'always' };
  if (matcher.kind === 'any-of') return matcher.of.some((m) => m.kind === 'any') ? { kind: 'always' } : undefined;
  if (matcher.kind === 'regex' || matcher.ignoreCase === true) return undefined;
  if (matcher.kind === 'exact') return { kind: 'exact', literal: matcher.value };
  return matcher.kind === 'prefix' ? prefixTest(matcher.value) : undefined;
}

function compileTest(matcher: StringMatcher | AnyOf, alphabet: CharSet): Made {
  const budget = { left: MAX_DFA_STEPS };
  const done = (test: StringTest): Made => ({ test, steps: MAX_DFA_STEPS - budget.left });
  try {
    const tree = treeOf(matcher, alphabet);
    return done(automatonTest(compileDfa(tree, alphabet, undefined, budget), leadingLiteral(tree).prefix));
  } catch (error) {
    if (error instanceof RegexSyntaxError) return done({ kind: 'never' });
    if (!(error instanceof TooLargeError)) throw error;
    return done({ kind: 'unknown', reason: `${shown(matcher)} needs ${error.message}` });
  }
}

function shown(matcher: StringMatcher | AnyOf): string {
  if (matcher.kind === 'any-of') return `a list of ${matcher.of.length} values`;
  const text = matcher.kind === 'regex' ? matcher.pattern : 'value' in matcher ? matcher.value : '';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const prefixTest = (value: string): StringTest =>
  value === '' ? { kind: 'always' } : { kind: 'prefix', literal: value };

/** The simplest test that is the language of an automaton whose words all begin with `beginning`. */
function automatonTest(dfa: Dfa, beginning: string): StringTest {
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
