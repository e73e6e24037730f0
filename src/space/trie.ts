// The literal beginnings of tests as a tree of characters.

import type { Demand } from './demand.js';
import type { StringTest } from './string-test.js';

export interface Trie {
  readonly size: number;
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

export function buildTrie(tests: readonly StringTest[], demand: Demand): Trie {
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
    .map((test, index) => ({ test, index, text: 'literal' in test ? test.literal : undefined }))
    .filter((e): e is typeof e & { text: string } => e.text !== undefined)
    .map((e) => ({ ...e, points: [...e.text].map((c) => c.codePointAt(0)!) }))
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
