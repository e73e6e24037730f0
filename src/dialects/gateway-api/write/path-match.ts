// Paths as the Gateway API matches them, and how two of them relate: does one take all that the other takes, is there a
// path that both take. Patterns are compared as automata; one that is too large counts as meeting everything.

import {
  acceptsText,
  compileDfa,
  type Dfa,
  findWord,
  isSubset,
  literalPrefix,
  literalSuffix,
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
  if (!endsAgree(a, b)) return false;
  return remembered('covers', a, b, () => {
    const [da, db] = [automatonOf(a), automatonOf(b)];
    if (da === null || db === null) return false;
    return attempt(() => (takesExample(da, db) || exampleOf(db) === null) && isSubset(db, da), false);
  });
}

/** Some path is taken by both; true where that cannot be found out. */
export function pathsMeet(a: PathMatch, b: PathMatch): boolean {
  if (a.type !== 'RegularExpression' && b.type !== 'RegularExpression') return pathCovers(a, b) || pathCovers(b, a);
  if (!endsAgree(a, b)) return false;
  return remembered('meet', a, b, () => {
    const [da, db] = [automatonOf(a), automatonOf(b)];
    if (da === null || db === null) return true;
    if (b.type === 'Exact') return acceptsText(da, b.value);
    if (a.type === 'Exact') return acceptsText(db, a.value);
    return attempt(() => takesExample(da, db) || takesExample(db, da) || meets(da, db), true);
  });
}

/** With which text every path begins, and with which it ends: most pairs are distinguished by it. */
interface Ends {
  readonly head: string;
  readonly tail: string;
}

const ends = new Map<string, Ends>();

function endsOf(path: PathMatch): Ends {
  if (path.type !== 'RegularExpression') return { head: path.value, tail: path.type === 'Exact' ? path.value : '' };
  let found = ends.get(path.value);
  if (found === undefined) {
    found = { head: literalPrefix(path.value).prefix, tail: literalSuffix(path.value) };
    ends.set(path.value, found);
  }
  return found;
}

/** Both may take one path, as far as its beginning and its end go. */
function endsAgree(a: PathMatch, b: PathMatch): boolean {
  const [x, y] = [endsOf(a), endsOf(b)];
  return (
    (x.head.startsWith(y.head) || y.head.startsWith(x.head)) && (x.tail.endsWith(y.tail) || y.tail.endsWith(x.tail))
  );
}

/** More than any one configuration asks for; then it begins anew. */
const MOST_ANSWERS = 200_000;
const answers = new Map<string, boolean>();
const numbers = new Map<string, number>();

/** Of the pattern that takes the same paths. */
function numberOf(path: PathMatch): number {
  const pattern = patternOf(path);
  let number = numbers.get(pattern);
  if (number === undefined) numbers.set(pattern, (number = numbers.size));
  return number;
}

function remembered(question: string, a: PathMatch, b: PathMatch, answer: () => boolean): boolean {
  if (answers.size >= MOST_ANSWERS) {
    answers.clear();
    automata.clear();
    ends.clear();
    numbers.clear();
  }
  const key = `${question} ${numberOf(a)} ${numberOf(b)}`;
  let known = answers.get(key);
  if (known === undefined) answers.set(key, (known = answer()));
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
