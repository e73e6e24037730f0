// Patterns of generated files differ in the text at their beginning and share the rest: what is worked out of the rest is worked out once.

import { parseRegex, RegexSyntaxError } from './parse.js';
import type { Syntax } from './syntax.js';

/** A pattern whose matches are `head` followed by a match of `tail`. */
export interface SplitPattern {
  /** Plain text; empty where there is none, or where `tail` is a list of alternatives. */
  readonly head: string;
  readonly tail: Tail;
}

export interface Tail {
  readonly pattern: string;
  /** Undefined where the pattern, head or not, is no RE2. */
  readonly tree: Syntax | undefined;
}

const known = new Map<string, Tail>();
/** Bounds the memory; a run with more kinds of tails works them out again. */
const MOST_REMEMBERED = 5_000;

/** Letters, digits and what separates them in paths: nothing of these means anything to RE2 outside of brackets. */
const isPlain = (c: number): boolean =>
  (c >= 0x61 && c <= 0x7a) || (c >= 0x2f && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || c === 0x2d || c === 0x5f;

/** `*`, `+`, `?`, `{`: they belong to the character before. */
const isRepeat = (c: number): boolean => c === 0x2a || c === 0x2b || c === 0x3f || c === 0x7b;

/** Where the head ends. Its last character stays in the tail, where an assertion can look back at it. */
function endOfHead(pattern: string): number {
  let end = 0;
  while (end < pattern.length && isPlain(pattern.charCodeAt(end))) end++;
  return Math.max(0, isRepeat(pattern.charCodeAt(end)) ? end - 2 : end - 1);
}

export function splitPattern(pattern: string): SplitPattern {
  const end = endOfHead(pattern);
  const tail = tailOf(pattern.slice(end));
  return tail.tree?.kind === 'alternate' && end > 0
    ? { head: '', tail: tailOf(pattern) }
    : { head: pattern.slice(0, end), tail };
}

function tailOf(pattern: string): Tail {
  let tail = known.get(pattern);
  if (!tail) {
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(pattern, (tail = { pattern, tree: treeOrNone(pattern) }));
  }
  return tail;
}

function treeOrNone(pattern: string): Syntax | undefined {
  try {
    return parseRegex(pattern);
  } catch (error) {
    if (error instanceof RegexSyntaxError) return undefined;
    throw error;
  }
}

/** What `read` says of a tail, remembered with it. */
export function onceForTail<T>(read: (tail: Tail) => T): (tail: Tail) => T {
  const answers = new WeakMap<Tail, { readonly answer: T }>();
  return (tail) => {
    let found = answers.get(tail);
    if (!found) answers.set(tail, (found = { answer: read(tail) }));
    return found.answer;
  };
}
