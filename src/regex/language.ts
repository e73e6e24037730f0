// Questions about several automata at once: a word that some match and others do not, and the automaton of a
// combination. Every answer is exact or `too-large`.

import { type Budget, spend } from './budget.js';

import { charRank, textOf } from './charset.js';

import { classOfChar, type Dfa, finishDfa } from './dfa.js';
import { TooLargeError } from './nfa.js';

/** Whether a word belongs, given which of the automata match it. */
export type Combination = (accepts: readonly boolean[]) => boolean;

const MAX_PRODUCT_STATES = 50_000;

/**
 * A shortest word (of these the most readable) that the combination takes; undefined: there is none.
 * @throws TooLargeError past `maxStates` states of the product.
 */
export function findWord(
  dfas: readonly Dfa[],
  belongs: Combination,
  maxStates: number = MAX_PRODUCT_STATES,
  budget?: Budget,
): string | undefined {
  const product = explore(dfas, maxStates, (accepts) => belongs(accepts), budget);
  if (product.found === undefined) return undefined;
  const chars: number[] = [];
  for (let s = product.found; product.parents[s]! >= 0; s = product.parents[s]!) chars.push(product.via[s]!);
  return textOf(chars.reverse());
}

/** The automaton of a combination. @throws TooLargeError */
export function combine(dfas: readonly Dfa[], belongs: Combination, maxStates: number = MAX_PRODUCT_STATES): Dfa {
  const product = explore(dfas, maxStates);
  const { starts, classOf, representatives } = product.alphabet;
  const classes = representatives.length;
  const states = product.tuples.length;
  const next = new Int32Array(states * classes);
  product.rows.forEach((row, i) => {
    next.set(row, i * classes);
  });
  const accepting = Uint8Array.from(product.tuples, (t) => (belongs(acceptsOf(dfas, t)) ? 1 : 0));
  return finishDfa({ starts, classOf, representatives, next, classes, states, accepting, start: 0 });
}

export const isEmpty = (a: Dfa): boolean => findWord([a], ([x]) => x!) === undefined;
export const isSubset = (a: Dfa, b: Dfa): boolean => findWord([a, b], ([x, y]) => x! && !y!) === undefined;
export const isSame = (a: Dfa, b: Dfa): boolean => findWord([a, b], ([x, y]) => x !== y) === undefined;
export const meets = (a: Dfa, b: Dfa): boolean => findWord([a, b], ([x, y]) => x! && y!) !== undefined;
export const intersect = (a: Dfa, b: Dfa): Dfa => combine([a, b], ([x, y]) => x! && y!);

const acceptsOf = (dfas: readonly Dfa[], tuple: readonly number[]): boolean[] =>
  tuple.map((s, i) => s >= 0 && dfas[i]!.accepting[s] === 1);

function explore(dfas: readonly Dfa[], maxStates: number, stopAt?: Combination, budget?: Budget) {
  const alphabet = commonAlphabet(dfas);
  const classes = alphabet.representatives.length;
  const order = [...alphabet.representatives.keys()].sort(
    (x, y) => charRank(alphabet.representatives[x]!) - charRank(alphabet.representatives[y]!),
  );
  const ids = new Map<string, number>();
  const tuples: number[][] = [];
  const parents: number[] = [];
  const via: number[] = [];
  const rows: Int32Array[] = [];
  let found: number | undefined;
  const idOf = (tuple: number[], parent: number, char: number): number => {
    const key = tuple.join();
    let id = ids.get(key);
    if (id === undefined) {
      if (tuples.length >= maxStates) throw new TooLargeError(`more than ${maxStates} states`);
      id = tuples.length;
      ids.set(key, id);
      tuples.push(tuple);
      parents.push(parent);
      via.push(char);
      if (found === undefined && stopAt?.(acceptsOf(dfas, tuple))) found = id;
    }
    return id;
  };
  idOf(
    dfas.map((d) => d.start),
    -1,
    -1,
  );
  for (let id = 0; id < tuples.length && found === undefined; id++) {
    if (budget) spend(budget, classes * dfas.length);
    const row = new Int32Array(classes).fill(-1);
    for (const c of order) {
      const target = tuples[id]!.map((s, i) => {
        const own = alphabet.own[i]![c]!;
        return s < 0 || own < 0 ? -1 : dfas[i]!.next[s * dfas[i]!.classes + own]!;
      });
      row[c] = idOf(target, id, alphabet.representatives[c]!);
      if (found !== undefined) break;
    }
    rows.push(row);
  }
  return { alphabet, tuples, parents, via, rows, found };
}

/** Classes that all automata agree on, and for each automaton its own class of each. */
function commonAlphabet(dfas: readonly Dfa[]) {
  const starts = [...new Set(dfas.flatMap((d) => [...d.starts]))].sort((a, b) => a - b);
  const ids = new Map<string, number>();
  const classOf: number[] = [];
  const representatives: number[] = [];
  const own: number[][] = dfas.map(() => []);
  starts.forEach((lo, i) => {
    const mine = dfas.map((d) => classOfChar(d, lo));
    if (mine.every((c) => c < 0)) {
      classOf.push(-1);
      return;
    }
    const key = mine.join();
    let id = ids.get(key);
    const char = bestIn(lo, (starts[i + 1] ?? 0x110000) - 1);
    if (id === undefined) {
      id = ids.size;
      ids.set(key, id);
      representatives.push(char);
      mine.forEach((c, k) => {
        own[k]!.push(c);
      });
    } else if (charRank(char) < charRank(representatives[id]!)) representatives[id] = char;
    classOf.push(id);
  });
  return { starts, classOf, representatives, own };
}

function bestIn(lo: number, hi: number): number {
  let best = lo;
  for (let c = Math.max(lo, 0x20); c <= Math.min(hi, 0x7e); c++) if (charRank(c) < charRank(best)) best = c;
  return best;
}
