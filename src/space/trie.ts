// The beginnings of tests as a tree: of characters, or of labels where letters may have either case (`any-case.ts`).

import type { Demand } from './demand.js';
import type { StringTest } from './string-test.js';

export interface Trie {
  readonly size: number;
  /** Character or label. */
  readonly char: readonly number[];
  readonly parent: readonly number[];
  readonly firstChild: readonly number[];
  readonly nextSibling: readonly number[];
  /** Tests whose literal ends at a node. */
  readonly exact: readonly (readonly number[] | undefined)[];
  readonly prefix: readonly (readonly number[] | undefined)[];
  readonly automata: readonly (readonly number[] | undefined)[];
  /** Nearest node above (or the node itself) where prefix tests begin to hold; else the root. */
  readonly event: readonly number[];
  /** `need[side][node]`: the first rule that needs a test at or below the node. */
  readonly need: readonly Float64Array[];
}

/** Of tests whose beginning is a plain text. */
export const plainTrie = (tests: readonly StringTest[], demand: Demand): Trie =>
  buildTrie(tests, demand, (test) =>
    'literal' in test && !(test.kind === 'automaton' && test.folded)
      ? [...test.literal].map((c) => c.codePointAt(0)!)
      : undefined,
  );

/** Of tests that take letters of their beginning in either case. */
export const foldedTrie = (tests: readonly StringTest[], demand: Demand): Trie =>
  buildTrie(tests, demand, (test) => (test.kind === 'automaton' ? test.folded : undefined));

function buildTrie(
  tests: readonly StringTest[],
  demand: Demand,
  beginningOf: (test: StringTest) => readonly number[] | undefined,
): Trie {
  const char = [-1];
  const parent = [-1];
  const firstChild = [-1];
  const lastChild = [-1];
  const nextSibling = [-1];
  const exact: number[][] = [];
  const prefix: number[][] = [];
  const automata: number[][] = [];

  // In order of their literals a new character is always the last child's or a new one behind it.
  const order = tests
    .flatMap((test, index) => {
      const points = beginningOf(test);
      return points ? [{ test, index, points }] : [];
    })
    .sort((a, b) => comparePoints(a.points, b.points));
  for (const { test, index, points } of order) {
    let node = 0;
    for (const c of points) {
      const last = lastChild[node]!;
      if (last !== -1 && char[last] === c) {
        node = last;
        continue;
      }
      const made = char.length;
      char.push(c);
      parent.push(node);
      firstChild.push(-1);
      lastChild.push(-1);
      nextSibling.push(-1);
      if (last === -1) firstChild[node] = made;
      else nextSibling[last] = made;
      lastChild[node] = made;
      node = made;
    }
    const list = test.kind === 'exact' ? exact : test.kind === 'prefix' ? prefix : automata;
    (list[node] ??= []).push(index);
  }

  const size = char.length;
  const event: number[] = [];
  for (let node = 0; node < size; node++) event.push(node === 0 || prefix[node] ? node : event[parent[node]!]!);
  const need = Array.from({ length: demand.sides }, (_, s) => {
    const first = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    for (let node = size - 1; node >= 0; node--) {
      for (const list of [exact[node], prefix[node], automata[node]])
        for (const t of list ?? []) first[node] = Math.min(first[node]!, demand.firstUse[s]![t]!);
      if (node > 0) first[parent[node]!] = Math.min(first[parent[node]!]!, first[node]!);
    }
    return first;
  });
  return { size, char, parent, firstChild, nextSibling, exact, prefix, automata, event, need };
}

function comparePoints(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** The nodes at and below which tests stand that are asked for. */
export function wantedBelow(trie: Trie, { wanted }: Demand): Uint8Array {
  const flags = new Uint8Array(trie.size);
  for (let node = trie.size - 1; node >= 0; node--) {
    for (const list of [trie.exact[node], trie.prefix[node], trie.automata[node]])
      for (const t of list ?? []) if (!wanted || wanted.all || wanted.tests[t] === 1) flags[node] = 1;
    if (node > 0 && flags[node] === 1) flags[trie.parent[node]!] = 1;
  }
  return flags;
}
