// Paths as the Gateway API matches them, and how two of them relate: does one take all that the other takes, is there a
// path that both take. Patterns are compared as automata; one that is too large counts as meeting everything.

import {
  acceptsText,
  compileDfa,
  type Dfa,
  findWord,
  isSubset,
  literalPrefix,
  meets,
  parseRegex,
} from '../../../regex/index.js';
import { quoteRegex } from '../../../regex/quote.js';

export interface PathMatch {
  readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression';
  /** Of a PathPrefix: `/`, or without a slash at the end. */
  readonly value: string;
}

export const ANY_PATH: PathMatch = { type: 'PathPrefix', value: '/' };

/** The pattern that takes the same paths. */
export function patternOf({ type, value }: PathMatch): string {
  if (type === 'RegularExpression') return value;
  if (type === 'Exact') return quoteRegex(value);
  return value === '/' ? '/.*' : `${quoteRegex(value)}(/.*)?`;
}

/** Visible characters without `?` and `#`: what a path can hold. */
const ALPHABET = [0x21, 0x22, 0x24, 0x3e, 0x40, 0x7e, 0x80, 0x10ffff];

const automata = new Map<string, Dfa | null>();

function automatonOf(path: PathMatch): Dfa | null {
  const pattern = patternOf(path);
  let found = automata.get(pattern);
  if (found === undefined) {
    try {
      found = compileDfa(parseRegex(pattern), ALPHABET);
    } catch {
      found = null;
    }
    automata.set(pattern, found);
  }
  return found;
}

/** A path that the automaton takes, found once: it settles most questions about two patterns. */
const examples = new WeakMap<Dfa, string | null>();

function exampleOf(dfa: Dfa): string | null {
  let word = examples.get(dfa);
  if (word === undefined) examples.set(dfa, (word = findWord([dfa], ([takes]) => takes!) ?? null));
  return word;
}

/** One example of `b` is taken by `a`. */
function takesExample(a: Dfa, b: Dfa): boolean {
  const word = exampleOf(b);
  return word !== null && acceptsText(a, word);
}

const isBelow = (prefix: string, path: string) => prefix === '/' || path === prefix || path.startsWith(`${prefix}/`);

/** Every path that `b` takes, `a` takes; false where that cannot be found out. */
export function pathCovers(a: PathMatch, b: PathMatch): boolean {
  if (a.type === b.type && a.value === b.value) return true;
  if (a.type === 'PathPrefix' && a.value === '/') return true;
  if (a.type === 'Exact') return false;
  if (a.type === 'PathPrefix' && b.type !== 'RegularExpression') return isBelow(a.value, b.value);
  if (!headsAgree(a, b)) return false;
  return remembered('covers', a, b, () => {
    const [da, db] = [automatonOf(a), automatonOf(b)];
    if (da === null || db === null) return false;
    return attempt(() => (takesExample(da, db) || exampleOf(db) === null) && isSubset(db, da), false);
  });
}

/** Some path is taken by both; true where that cannot be found out. */
export function pathsMeet(a: PathMatch, b: PathMatch): boolean {
  if (a.type !== 'RegularExpression' && b.type !== 'RegularExpression') return pathCovers(a, b) || pathCovers(b, a);
  if (!headsAgree(a, b)) return false;
  return remembered('meet', a, b, () => {
    const [da, db] = [automatonOf(a), automatonOf(b)];
    if (da === null || db === null) return true;
    if (b.type === 'Exact') return acceptsText(da, b.value);
    if (a.type === 'Exact') return acceptsText(db, a.value);
    return attempt(() => takesExample(da, db) || takesExample(db, da) || meets(da, db), true);
  });
}

/** With which text every path begins: most pairs are distinguished by it. */
const heads = new Map<string, string>();

function headOf(path: PathMatch): string {
  if (path.type !== 'RegularExpression') return path.value;
  let head = heads.get(path.value);
  if (head === undefined) {
    head = literalPrefix(path.value).prefix;
    heads.set(path.value, head);
  }
  return head;
}

function headsAgree(a: PathMatch, b: PathMatch): boolean {
  const [x, y] = [headOf(a), headOf(b)];
  return x.startsWith(y) || y.startsWith(x);
}

/** More than any one configuration asks for; then it begins anew. */
const MOST_ANSWERS = 200_000;
const answers = new Map<string, boolean>();

function remembered(question: string, a: PathMatch, b: PathMatch, answer: () => boolean): boolean {
  const key = JSON.stringify([question, patternOf(a), patternOf(b)]);
  let known = answers.get(key);
  if (known === undefined) {
    known = answer();
    if (answers.size >= MOST_ANSWERS) {
      answers.clear();
      automata.clear();
      heads.clear();
    }
    answers.set(key, known);
  }
  return known;
}

function attempt(question: () => boolean, unknown: boolean): boolean {
  try {
    return question();
  } catch {
    return unknown;
  }
}

/** May `value` be written as an Exact or PathPrefix (the CRD's CEL rules for HTTPPathMatch)? */
export const isPlainPath = (value: string): boolean =>
  value.length <= 1024 &&
  /^\/(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*$/.test(value) &&
  !/\/\/|\/\.\.?(\/|$)|%2f/i.test(value);
