// A deterministic automaton over classes of characters: what the algebra computes with. Built by the subset
// construction with a cap on states; `^ $ \A \z \b \B` are resolved exactly by remembering what kind of character
// came before and looking at what comes next.

import { type Budget, spend } from './budget.js';
import { bestChar, type CharSet, hasChar, intersectChars, normalizeRanges } from './charset.js';
import { buildNfa, type Nfa, TooLargeError } from './nfa.js';
import type { Assertion, Syntax } from './syntax.js';
import { WORD } from './unicode.js';

export interface Dfa {
  /** Beginnings of intervals of code points, ascending, the first 0; the class of each in `classOf` (-1: not in the alphabet). */
  readonly starts: readonly number[];
  readonly classOf: readonly number[];
  /** Most readable member of each class. */
  readonly representatives: readonly number[];
  /** `next[state * classes + class]`; -1: nothing can match any more. */
  readonly next: Int32Array;
  readonly classes: number;
  readonly states: number;
  readonly accepting: Uint8Array;
  /** From here every word over the alphabet matches. */
  readonly universal: Uint8Array;
  readonly start: number;
}

export const MAX_DFA_STATES = 5_000;
/** Steps of one construction: members of state sets visited. */
export const MAX_DFA_STEPS = 4_000_000;

/** Kinds of characters that assertions can tell apart. */
const EDGE = 0;
const WORD_CHAR = 1;
const NEWLINE = 2;
const OTHER = 3;

/** @throws TooLargeError */
export function compileDfa(
  tree: Syntax,
  alphabet: CharSet,
  maxStates: number = MAX_DFA_STATES,
  budget: Budget = { left: MAX_DFA_STEPS },
): Dfa {
  const nfa = buildNfa(tree);
  const { starts, classOf, classCount, members } = alphabetClasses(nfa, alphabet);
  const representatives = members.map(bestChar);
  const kindOf = representatives.map((c) =>
    !nfa.hasAssertions ? OTHER : hasChar(WORD, c) ? WORD_CHAR : c === 10 ? NEWLINE : OTHER,
  );
  // Which classes a set holds, once per distinct set.
  const setClasses = new Map<CharSet, Uint8Array>();
  const classesOf = (set: CharSet): Uint8Array => {
    let bits = setClasses.get(set);
    if (!bits) {
      bits = Uint8Array.from(representatives, (c) => (hasChar(set, c) ? 1 : 0));
      setClasses.set(set, bits);
    }
    return bits;
  };

  const classBits = nfa.sets.map((set) => (set === undefined ? undefined : classesOf(set)));

  const mark = new Int32Array(nfa.kinds.length);
  let generation = 0;
  /** Character states (and whether the match state) reached without reading, between characters of kinds `before` and `after`. */
  const closure = (kernel: readonly number[], before: number, after: number): { chars: number[]; match: boolean } => {
    generation++;
    const chars: number[] = [];
    let match = false;
    const stack = [...kernel];
    let visited = kernel.length;
    while (stack.length > 0) {
      const s = stack.pop()!;
      if (mark[s] === generation) continue;
      mark[s] = generation;
      visited++;
      const kind = nfa.kinds[s]!;
      if (kind === 'match') match = true;
      else if (kind === 'char') chars.push(s);
      else if (kind === 'split') stack.push(nfa.a[s]!, nfa.b[s]!);
      else if (holds(nfa.assertions[s]!, before, after)) stack.push(nfa.a[s]!);
    }
    spend(budget, visited);
    return { chars, match };
  };

  const ids = new Map<string, number>();
  const kernels: { kernel: readonly number[]; before: number }[] = [];
  const idOf = (kernel: number[], before: number): number => {
    kernel.sort((x, y) => x - y);
    const key = `${before}:${kernel.join(',')}`;
    let id = ids.get(key);
    if (id === undefined) {
      if (kernels.length >= maxStates) throw new TooLargeError(`more than ${maxStates} states`);
      id = kernels.length;
      ids.set(key, id);
      kernels.push({ kernel, before });
    }
    return id;
  };

  const start = idOf([nfa.start], nfa.hasAssertions ? EDGE : OTHER);
  const rows: Int32Array[] = [];
  const accepts: number[] = [];
  for (let id = 0; id < kernels.length; id++) {
    const { kernel, before } = kernels[id]!;
    const row = new Int32Array(classCount).fill(-1);
    const perKind = new Map<number, { chars: number[]; match: boolean }>();
    const at = (after: number) => {
      const key = nfa.hasAssertions ? after : OTHER;
      let found = perKind.get(key);
      if (!found) {
        found = closure(kernel, before, key);
        perKind.set(key, found);
      }
      return found;
    };
    accepts.push(at(EDGE).match ? 1 : 0);
    for (let c = 0; c < classCount; c++) {
      const target: number[] = [];
      const { chars } = at(kindOf[c]!);
      spend(budget, chars.length);
      generation++;
      for (const s of chars) {
        const to = nfa.a[s]!;
        if (mark[to] === generation || classBits[s]?.[c] !== 1) continue;
        mark[to] = generation;
        target.push(to);
      }
      if (target.length > 0) row[c] = idOf(target, nfa.hasAssertions ? kindOf[c]! : OTHER);
    }
    rows.push(row);
  }

  const next = new Int32Array(rows.length * classCount);
  rows.forEach((row, i) => {
    next.set(row, i * classCount);
  });
  return finishDfa({
    starts,
    classOf,
    representatives,
    next,
    classes: classCount,
    states: rows.length,
    accepting: Uint8Array.from(accepts),
    start,
  });
}

/** Drops transitions into states from which nothing matches and marks those from which everything does. */
export function finishDfa(dfa: Omit<Dfa, 'universal'>): Dfa {
  const { next, classes, states, accepting } = dfa;
  const back: number[][] = Array.from({ length: states }, () => []);
  for (let s = 0; s < states; s++)
    for (let c = 0; c < classes; c++) if (next[s * classes + c]! >= 0) back[next[s * classes + c]!]!.push(s);
  const reaching = (from: (s: number) => boolean): Uint8Array => {
    const seen = new Uint8Array(states);
    const stack: number[] = [];
    for (let s = 0; s < states; s++)
      if (from(s)) {
        seen[s] = 1;
        stack.push(s);
      }
    while (stack.length > 0)
      for (const p of back[stack.pop()!]!)
        if (seen[p] === 0) {
          seen[p] = 1;
          stack.push(p);
        }
    return seen;
  };
  const alive = reaching((s) => accepting[s] === 1);
  for (let i = 0; i < next.length; i++) if (next[i]! >= 0 && alive[next[i]!] === 0) next[i] = -1;
  const canFail = reaching((s) => {
    if (accepting[s] === 0) return true;
    for (let c = 0; c < classes; c++) if (next[s * classes + c] === -1) return true;
    return false;
  });
  return { ...dfa, universal: canFail.map((x) => 1 - x) };
}

/** The class of a character, -1 where it is outside the alphabet. */
export function classOfChar(dfa: Dfa, c: number): number {
  let lo = 0;
  let hi = dfa.starts.length - 1;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (dfa.starts[mid]! <= c) lo = mid;
    else hi = mid - 1;
  }
  return dfa.classOf[lo]!;
}

/** The state after `text`, -1 where nothing can match any more. */
export function runDfa(dfa: Dfa, text: string, from: number = dfa.start): number {
  let state = from;
  for (const ch of text) {
    if (state < 0) return -1;
    const c = classOfChar(dfa, ch.codePointAt(0)!);
    state = c < 0 ? -1 : dfa.next[state * dfa.classes + c]!;
  }
  return state;
}

export function acceptsText(dfa: Dfa, text: string, from: number = dfa.start): boolean {
  const state = runDfa(dfa, text, from);
  return state >= 0 && dfa.accepting[state] === 1;
}

function holds(assertion: Assertion, before: number, after: number): boolean {
  switch (assertion) {
    case 'begin-text':
      return before === EDGE;
    case 'end-text':
      return after === EDGE;
    case 'begin-line':
      return before === EDGE || before === NEWLINE;
    case 'end-line':
      return after === EDGE || after === NEWLINE;
    case 'word-boundary':
      return (before === WORD_CHAR) !== (after === WORD_CHAR);
    case 'no-word-boundary':
      return (before === WORD_CHAR) === (after === WORD_CHAR);
  }
}

function alphabetClasses(nfa: Nfa, alphabet: CharSet) {
  const distinct = new Set<CharSet>([alphabet]);
  const byText = new Map<string, CharSet>();
  for (const set of nfa.sets)
    if (set !== undefined) {
      const text = set.join();
      if (!byText.has(text)) {
        byText.set(text, set);
        distinct.add(set);
      }
    }
  const sets = [...distinct];
  if (nfa.hasAssertions) sets.push(WORD, [10, 10]);
  return partitionChars(sets);
}

/** Cuts the first set (the alphabet) into the classes that the others can tell apart. */
function partitionChars(sets: readonly CharSet[]) {
  const cuts = new Set<number>([0]);
  for (const set of sets)
    for (let i = 0; i < set.length; i += 2) {
      cuts.add(set[i]!);
      cuts.add(set[i + 1]! + 1);
    }
  const starts = [...cuts].filter((c) => c <= 0x10ffff).sort((x, y) => x - y);
  const positions = sets.map(() => 0);
  const ids = new Map<string, number>();
  const ranges: number[][] = [];
  const classOf: number[] = [];
  starts.forEach((lo, i) => {
    let signature = '';
    sets.forEach((set, k) => {
      while (positions[k]! < set.length && set[positions[k]! + 1]! < lo) positions[k]! += 2;
      signature += positions[k]! < set.length && set[positions[k]!]! <= lo ? '1' : '0';
    });
    if (signature[0] === '0') {
      classOf.push(-1);
      return;
    }
    let id = ids.get(signature);
    if (id === undefined) {
      id = ids.size;
      ids.set(signature, id);
      ranges.push([]);
    }
    classOf.push(id);
    ranges[id]!.push(lo, (starts[i + 1] ?? 0x110000) - 1);
  });
  return {
    starts,
    classOf,
    classCount: ranges.length,
    members: ranges.map((r) => intersectChars(normalizeRanges(r), sets[0]!)),
  };
}
