// A predicate on a string as the partition needs it: what it begins with, then (for a pattern) an automaton from there on. Patterns that
// differ in their beginnings and nothing else share the automaton.

import type { StringMatcher } from '../model/index.js';
import {
  acceptsText,
  alternate,
  type Budget,
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
  spend,
  star,
  TooLargeError,
} from '../regex/index.js';
import { labelsOf } from './any-case.js';
import { splitBeginning } from './split-beginning.js';
import type { Work } from './work.js';

export type StringTest =
  /** `always`, `never`: whatever the string. */
  | { readonly kind: 'always' | 'never' }
  | { readonly kind: 'exact' | 'prefix'; readonly literal: string }
  | AutomatonTest
  /** Too large to compute with. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface AutomatonTest {
  readonly kind: 'automaton';
  /** Every text that it takes begins with this, written so. */
  readonly literal: string;
  /** Every text that it takes begins with these labels (`any-case.ts`), which say more than `literal`; absent: `literal` says all. */
  readonly folded?: readonly number[];
  /** What takes the rest, behind `folded` or else `literal`, from `state` on. */
  readonly dfa: Dfa;
  readonly state: number;
  /** The automaton of whole texts. @throws TooLargeError */
  readonly whole: (budget: Budget) => Dfa;
}

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
  const { tests, rests } = memoryOf(alphabet);
  const key = textOf(matcher);
  let made = tests.get(key);
  if (work && made && work.run.paid.has(made.rest)) return made.test;
  if (work && work.left <= 0) return { kind: 'unknown', reason: `${shown(matcher)} was not analysed: ${OVERSPENT}` };
  if (!made) {
    if (tests.size >= MOST_REMEMBERED) tests.clear();
    tests.set(key, (made = compileTest(matcher, alphabet, rests)));
  }
  if (work && !work.run.paid.has(made.rest)) {
    work.run.paid.add(made.rest);
    work.left -= made.rest.steps;
  }
  return made.test;
}

interface Made {
  readonly test: StringTest;
  readonly rest: Rest;
}

/** The automaton behind a beginning, and what it took to make it; a text: why there is none. */
interface Rest {
  readonly dfa: Dfa | string;
  readonly steps: number;
}

/** Patterns are asked about again and again, in many rules and by every question of a run. */
interface Remembered {
  readonly tests: Map<string, Made>;
  readonly rests: Map<string, Rest>;
}

const remembered = new WeakMap<CharSet, Remembered>();
const MOST_REMEMBERED = 50_000;
const MOST_RESTS = 5_000;

function memoryOf(alphabet: CharSet): Remembered {
  let memory = remembered.get(alphabet);
  if (!memory) remembered.set(alphabet, (memory = { tests: new Map(), rests: new Map() }));
  return memory;
}

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

const NOTHING: Rest = { dfa: '', steps: 0 };

function compileTest(matcher: StringMatcher | AnyOf, alphabet: CharSet, rests: Map<string, Rest>): Made {
  let tree: Syntax;
  try {
    tree = treeOf(matcher, alphabet);
  } catch (error) {
    if (error instanceof RegexSyntaxError) return { test: { kind: 'never' }, rest: NOTHING };
    throw error;
  }
  const { text, folded, behind } = splitBeginning(tree, alphabet);
  const key = JSON.stringify(behind);
  let rest = rests.get(key);
  if (!rest) {
    if (rests.size >= MOST_RESTS) rests.clear();
    rests.set(key, (rest = compileRest(behind, alphabet)));
  }
  const { dfa } = rest;
  if (typeof dfa === 'string') return { test: { kind: 'unknown', reason: `${shown(matcher)} needs ${dfa}` }, rest };
  let known: { readonly dfa: Dfa; readonly steps: number } | undefined;
  const whole = (budget: Budget): Dfa => {
    const own = { left: MAX_DFA_STEPS };
    known ??= { dfa: compileDfa(treeOf(matcher, alphabet), alphabet, undefined, own), steps: MAX_DFA_STEPS - own.left };
    spend(budget, known.steps);
    return known.dfa;
  };
  const { prefix } = leadingLiteral(tree);
  const beginning = prefix.length > text.length && prefix.startsWith(text) ? prefix : text;
  if (folded) return { test: isDead(dfa, dfa.start) ? { kind: 'never' } : anyCase(prefix, folded, dfa, whole), rest };
  return { test: automatonTest(dfa, beginning, text.length, whole), rest };
}

function compileRest(behind: Syntax, alphabet: CharSet): Rest {
  const budget = { left: MAX_DFA_STEPS };
  const stepsSoFar = () => MAX_DFA_STEPS - budget.left;
  try {
    const dfa = compileDfa(behind, alphabet, undefined, budget);
    return { dfa, steps: stepsSoFar() };
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    return { dfa: error.message, steps: stepsSoFar() };
  }
}

function shown(matcher: StringMatcher | AnyOf): string {
  if (matcher.kind === 'any-of') return `a list of ${matcher.of.length} values`;
  const text = matcher.kind === 'regex' ? matcher.pattern : 'value' in matcher ? matcher.value : '';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const prefixTest = (value: string): StringTest =>
  value === '' ? { kind: 'always' } : { kind: 'prefix', literal: value };

const anyCase = (text: string, folded: readonly number[], dfa: Dfa, whole: AutomatonTest['whole']): AutomatonTest => ({
  kind: 'automaton',
  literal: text,
  folded,
  dfa,
  state: dfa.start,
  whole,
});

/** The simplest test for texts that begin with `beginning`; the automaton takes what stands behind the first `read` characters of it. */
function automatonTest(dfa: Dfa, beginning: string, read: number, whole: AutomatonTest['whole']): StringTest {
  const state = runDfa(dfa, beginning.slice(read));
  if (state < 0 || isDead(dfa, state)) return { kind: 'never' };
  if (dfa.universal[state] === 1) return prefixTest(beginning);
  if (dfa.accepting[state] === 1 && isLast(dfa, state)) return { kind: 'exact', literal: beginning };
  return { kind: 'automaton', literal: beginning, dfa, state, whole };
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
    case 'automaton': {
      const rest = behindBeginning(test, text);
      return rest !== undefined && acceptsText(test.dfa, rest, test.state);
    }
    default:
      return false;
  }
}

/** undefined: the text begins otherwise. */
function behindBeginning({ literal: plain, folded }: AutomatonTest, text: string): string | undefined {
  if (!text.startsWith(plain)) return undefined;
  if (!folded) return text.slice(plain.length);
  // Characters with labels are in the basic plane.
  for (const [i, label] of folded.entries()) {
    const code = text.charCodeAt(i);
    if (!labelsOf(code).includes(label)) return undefined;
  }
  return text.slice(folded.length);
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
