// The product of many automata, built lazily: equal sets of states are one object, and each transition of a set is
// computed once.

import { classOfChar, type Dfa } from '../regex/index.js';
import { type Demand, isBeyond } from './demand.js';
import type { StringTest } from './string-test.js';

/** A state of the product: `tests[i]` is in `states[i]`, ascending; `held` are patterns that match whatever follows. */
export interface ActiveStates {
  readonly id: number;
  readonly tests: readonly number[];
  readonly states: readonly number[];
  readonly held: readonly number[];
  /** Where each group of letters leads; empty: not computed yet. */
  readonly next: ActiveStates[];
}

/** What a group of letters costs beside the automata. */
const STEPS_OF_GROUP = 4;

type Automaton = StringTest & { readonly kind: 'automaton' };

export class ProductAutomaton {
  readonly empty: ActiveStates;
  readonly #tests: readonly StringTest[];
  readonly #letters: readonly number[];
  /** Letters that no automaton tells apart are one group: the group of each letter, and one letter of each. */
  readonly #groups: Int32Array;
  readonly #leaders: readonly number[];
  readonly #demand: Demand;
  readonly #spend: (work: number) => void;
  readonly #known = new Map<number, ActiveStates[]>();
  readonly #tables = new Map<Dfa, Int32Array>();
  readonly #limited = new Map<Float64Array, Map<number, ActiveStates>>();
  readonly #accepting = new Map<number, readonly number[]>();
  #count = 0;

  constructor(tests: readonly StringTest[], letters: readonly number[], demand: Demand, spend: (work: number) => void) {
    this.#tests = tests;
    this.#letters = letters;
    this.#demand = demand;
    this.#spend = spend;
    this.empty = this.#intern([], [], []);
    const dfas = new Set(tests.flatMap((t) => (t.kind === 'automaton' ? [t.dfa] : [])));
    const { groups, leaders } = groupLetters(
      letters.length,
      [...dfas].map((d) => Int16Array.from(letters, (c) => classOfChar(d, c))),
    );
    this.#groups = groups;
    this.#leaders = leaders;
    spend(letters.length * dfas.size);
  }

  step(from: ActiveStates, letter: number): ActiveStates {
    if (from.tests.length === 0) return from;
    if (from.next.length === 0) this.#advance(from);
    return from.next[this.#groups[letter]!]!;
  }

  /** Patterns whose literal beginning ends here begin to run. */
  join(active: ActiveStates, starting: readonly number[] | undefined): ActiveStates {
    if (!starting) return active;
    const pairs = active.tests.map((t, i): [number, number] => [t, active.states[i]!]);
    for (const t of starting) pairs.push([t, this.#automaton(t).state]);
    pairs.sort((a, b) => a[0] - b[0]);
    return this.#settle(
      pairs.map(([t]) => t),
      (i) => pairs[i]![1],
      active.held,
    );
  }

  /** Without the tests that only rules after `outer` (first rule of each side that takes everything anyway) need. */
  limit(active: ActiveStates, outer: Float64Array): ActiveStates {
    if (this.#demand.sides === 0 || (active.tests.length === 0 && active.held.length === 0)) return active;
    let known = this.#limited.get(outer);
    if (!known) {
      known = new Map();
      this.#limited.set(outer, known);
    }
    let limited = known.get(active.id);
    if (!limited) {
      this.#spend(active.tests.length);
      const bound = this.bound(active, outer);
      limited = bound.every((b) => b === Number.POSITIVE_INFINITY) ? active : this.#without(active, bound);
      known.set(active.id, limited);
    }
    return limited;
  }

  /** Without the tests that only rules behind the bound need. */
  #without(active: ActiveStates, bound: Float64Array): ActiveStates {
    const needed = (t: number) => !isBeyond(this.#demand.firstUse, t, bound);
    const kept = active.tests.flatMap((t, i) => (needed(t) ? [i] : []));
    const held = active.held.filter(needed);
    if (kept.length === active.tests.length && held.length === active.held.length) return active;
    return this.#intern(
      kept.map((i) => active.tests[i]!),
      kept.map((i) => active.states[i]!),
      held,
    );
  }

  /** First rule of each side that takes everything from here on. */
  bound({ held }: ActiveStates, outer: Float64Array): Float64Array {
    if (held.length === 0) return outer;
    const bound = outer.slice();
    for (let s = 0; s < this.#demand.sides; s++)
      for (const t of held) bound[s] = Math.min(bound[s]!, this.#demand.firstTotal[s]![t]!);
    return bound;
  }

  /** Running patterns that match if the word ends here. */
  accepting(active: ActiveStates): readonly number[] {
    if (active.tests.length === 0) return [];
    let tests = this.#accepting.get(active.id);
    if (!tests) {
      tests = active.tests.filter((t, i) => this.#automaton(t).dfa.accepting[active.states[i]!] === 1);
      this.#accepting.set(active.id, tests);
    }
    return tests;
  }

  #advance(from: ActiveStates): void {
    const { tests, states, held } = from;
    const n = tests.length;
    this.#spend(STEPS_OF_GROUP * this.#leaders.length + this.#leaders.length * n);
    const groups = this.#leaders.length;
    // Row `g` is where the automata go with a letter of group `g`.
    const targets = new Int32Array(groups * n);
    for (let i = 0; i < n; i++) {
      const table = this.#table(this.#automaton(tests[i]!).dfa);
      const at = states[i]! * groups;
      for (let g = 0; g < groups; g++) targets[g * n + i] = table[at + g]!;
    }
    // Most groups lead to the same place: rows that are equal are settled once.
    const rows = new Map<number, { row: Int32Array; to: ActiveStates }[]>();
    for (let group = 0; group < groups; group++) {
      const row = targets.subarray(group * n, (group + 1) * n);
      let hash = 0;
      for (let i = 0; i < n; i++) hash = (Math.imul(hash, 31) + row[i]!) | 0;
      const same = rows.get(hash)?.find((r) => equal(r.row, row));
      if (same) {
        from.next[group] = same.to;
        continue;
      }
      const to = this.#settle(tests, (i) => row[i]!, held);
      from.next[group] = to;
      const list = rows.get(hash);
      if (list) list.push({ row, to });
      else rows.set(hash, [{ row, to }]);
    }
  }

  /** Sorts automata in new states into running, held for good and failed, and drops what no rule needs. */
  #settle(all: readonly number[], stateOf: (i: number) => number, before: readonly number[]): ActiveStates {
    const tests: number[] = [];
    const states: number[] = [];
    let held = before;
    for (let i = 0; i < all.length; i++) {
      const state = stateOf(i);
      if (state < 0) continue;
      if (this.#automaton(all[i]!).dfa.universal[state] === 1) held = [...held, all[i]!];
      else {
        tests.push(all[i]!);
        states.push(state);
      }
    }
    if (held !== before) held = [...held].sort((a, b) => a - b);
    return this.limit(this.#intern(tests, states, held), this.#demand.base);
  }

  #intern(tests: readonly number[], states: readonly number[], held: readonly number[]): ActiveStates {
    let hash = held.length;
    for (let i = 0; i < tests.length; i++) hash = (Math.imul(Math.imul(hash, 31) + tests[i]!, 17) + states[i]!) | 0;
    for (const t of held) hash = (Math.imul(hash, 37) + t) | 0;
    const list = this.#known.get(hash);
    const known = list?.find((v) => equal(v.tests, tests) && equal(v.states, states) && equal(v.held, held));
    if (known) return known;
    const active: ActiveStates = { id: this.#count++, tests, states, held, next: [] };
    if (list) list.push(active);
    else this.#known.set(hash, [active]);
    return active;
  }

  #automaton(test: number): Automaton {
    return this.#tests[test] as Automaton;
  }

  /** Where each state goes with each group of letters. */
  #table(dfa: Dfa): Int32Array {
    let table = this.#tables.get(dfa);
    if (!table) {
      const groups = this.#leaders.length;
      this.#spend(dfa.states * groups);
      table = new Int32Array(dfa.states * groups);
      for (const [g, letter] of this.#leaders.entries()) {
        const c = classOfChar(dfa, this.#letters[letter]!);
        for (let s = 0; s < dfa.states; s++) table[s * groups + g] = c < 0 ? -1 : dfa.next[s * dfa.classes + c]!;
      }
      this.#tables.set(dfa, table);
    }
    return table;
  }
}

function groupLetters(letters: number, classes: readonly Int16Array[]): { groups: Int32Array; leaders: number[] } {
  const groups = new Int32Array(letters);
  const leaders: number[] = [];
  const byHash = new Map<number, number[]>();
  for (let letter = 0; letter < letters; letter++) {
    let hash = 0;
    for (const own of classes) hash = (Math.imul(hash, 31) + own[letter]!) | 0;
    const list = byHash.get(hash) ?? [];
    const same = list.find((g) => classes.every((own) => own[leaders[g]!] === own[letter]));
    groups[letter] = same ?? leaders.length;
    if (same !== undefined) continue;
    byHash.set(hash, [...list, leaders.length]);
    leaders.push(letter);
  }
  return { groups, leaders };
}

function equal(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
