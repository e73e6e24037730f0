// The product of many automata, built lazily: equal sets of states are one object, and each transition of a set is
// computed once. Beginnings whose letters may have either case are a tree that runs beside them: an automaton begins where its own ends.

import { classOfChar, type Dfa } from '../regex/index.js';
import { charactersOf, labelsOf } from './any-case.js';
import { type Demand, isBeyond } from './demand.js';
import type { AutomatonTest, StringTest } from './string-test.js';
import { foldedTrie, type Trie, wantedBelow } from './trie.js';

/** A state of the product: `tests[i]` is in `states[i]`, ascending; `held` are patterns that match whatever follows. */
export interface ActiveStates {
  readonly id: number;
  readonly tests: readonly number[];
  readonly states: readonly number[];
  readonly held: readonly number[];
  /** Nodes of the tree of beginnings in any case, ascending. */
  readonly folded: readonly number[];
  /** Where each group of letters leads; empty: not computed yet. */
  readonly next: ActiveStates[];
}

/** What a group of letters costs beside the automata. */
const STEPS_OF_GROUP = 4;

/** Nothing runs any more: what follows changes nothing. */
export const isSilent = ({ tests, folded }: ActiveStates): boolean => tests.length === 0 && folded.length === 0;

const NONE: readonly number[] = [];

/** The characters of the beginnings in any case. */
export function charactersOfFolded(tests: readonly StringTest[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const test of tests)
    if (test.kind === 'automaton')
      for (const label of test.folded ?? []) for (const c of charactersOf(label)) found.add(c);
  return found;
}

export class ProductAutomaton {
  readonly start: ActiveStates;
  readonly #folded: Trie;
  /** The groups of letters that have a label. */
  readonly #groupsOf: ReadonlyMap<number, readonly number[]>;
  /** Tests that are asked for begin at or below a node of the tree. */
  readonly #wantedBelow: Uint8Array;
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
    this.#folded = foldedTrie(tests, demand);
    this.#wantedBelow = wantedBelow(this.#folded, demand);
    const dfas = new Set(tests.flatMap((t) => (t.kind === 'automaton' ? [t.dfa] : [])));
    const { groups, leaders } = groupLetters(letters.length, [
      ...[...dfas].map((d) => Int16Array.from(letters, (c) => classOfChar(d, c))),
      ...(this.#folded.size > 1 ? [labelClasses(letters, this.#folded)] : []),
    ]);
    this.#groups = groups;
    this.#leaders = leaders;
    this.#groupsOf = groupsByLabel(leaders.map((letter) => letters[letter]!));
    spend(letters.length * dfas.size);
    this.start = this.#folded.size > 1 ? this.#settle(NONE, () => -1, NONE, [0]) : this.#intern(NONE, NONE, NONE, NONE);
  }

  step(from: ActiveStates, letter: number): ActiveStates {
    if (isSilent(from)) return from;
    if (from.next.length === 0) this.#advance(from);
    return from.next[this.#groups[letter]!]!;
  }

  /** Patterns whose literal beginning ends here begin to run. */
  join(active: ActiveStates, starting: readonly number[] | undefined): ActiveStates {
    if (!starting) return active;
    const { tests, states } = this.#joined(active, starting);
    return this.#sort(tests, (i) => states[i]!, active.held, active.folded);
  }

  #joined({ tests, states }: Pick<ActiveStates, 'tests' | 'states'>, starting: readonly number[]) {
    const pairs = tests.map((t, i): [number, number] => [t, states[i]!]);
    for (const t of starting) pairs.push([t, this.#automaton(t).state]);
    pairs.sort((a, b) => a[0] - b[0]);
    return { tests: pairs.map(([t]) => t), states: pairs.map(([, state]) => state) };
  }

  /** Whether a test that is asked for begins here or further on, in any case of its letters. */
  wantsFolded({ folded }: ActiveStates): boolean {
    return folded.some((node) => this.#wantedBelow[node] === 1);
  }

  /** Without the tests that only rules after `outer` (first rule of each side that takes everything anyway) need. */
  limit(active: ActiveStates, outer: Float64Array): ActiveStates {
    if (this.#demand.sides === 0 || (isSilent(active) && active.held.length === 0)) return active;
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
    const folded = active.folded.filter((node) => !isBeyond(this.#folded.need, node, bound));
    if (
      kept.length === active.tests.length &&
      held.length === active.held.length &&
      folded.length === active.folded.length
    )
      return active;
    return this.#intern(
      kept.map((i) => active.tests[i]!),
      kept.map((i) => active.states[i]!),
      held,
      folded,
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
    const { tests, states, held, folded } = from;
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
    const further = this.#further(folded);
    // Most groups lead to the same place: rows that are equal are settled once.
    const rows = new Map<number, { row: Int32Array; to: ActiveStates }[]>();
    for (let group = 0; group < groups; group++) {
      const row = targets.subarray(group * n, (group + 1) * n);
      const nodes = further.get(group);
      if (nodes) {
        from.next[group] = this.#settle(tests, (i) => row[i]!, held, nodes);
        continue;
      }
      let hash = 0;
      for (let i = 0; i < n; i++) hash = (Math.imul(hash, 31) + row[i]!) | 0;
      const same = rows.get(hash)?.find((r) => equal(r.row, row));
      if (same) {
        from.next[group] = same.to;
        continue;
      }
      const to = this.#settle(tests, (i) => row[i]!, held, NONE);
      from.next[group] = to;
      const list = rows.get(hash);
      if (list) list.push({ row, to });
      else rows.set(hash, [{ row, to }]);
    }
  }

  /** Where nodes of the tree lead, by group of letters. */
  #further(nodes: readonly number[]): ReadonlyMap<number, readonly number[]> {
    const found = new Map<number, number[]>();
    const { firstChild, nextSibling, char } = this.#folded;
    for (const node of nodes)
      for (let child = firstChild[node]!; child !== -1; child = nextSibling[child]!)
        for (const group of this.#groupsOf.get(char[child]!) ?? NONE) {
          const list = found.get(group);
          if (list) list.push(child);
          else found.set(group, [child]);
        }
    for (const list of found.values()) if (list.length > 1) list.sort((a, b) => a - b);
    return found;
  }

  /** Sorts automata in new states into running, held for good and failed, begins those whose beginning is read, and drops what no rule needs. */
  #settle(
    all: readonly number[],
    stateOf: (i: number) => number,
    before: readonly number[],
    nodes: readonly number[],
  ): ActiveStates {
    const starting = nodes.flatMap((node) => this.#folded.automata[node] ?? NONE);
    if (starting.length > 0) {
      const own = all.map((_, i) => stateOf(i));
      const joined = this.#joined({ tests: all, states: own }, starting);
      const going = nodes.filter((node) => this.#folded.firstChild[node] !== -1);
      return this.#sort(joined.tests, (i) => joined.states[i]!, before, going);
    }
    return this.#sort(all, stateOf, before, nodes);
  }

  #sort(
    all: readonly number[],
    stateOf: (i: number) => number,
    before: readonly number[],
    nodes: readonly number[],
  ): ActiveStates {
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
    return this.limit(this.#intern(tests, states, held, nodes), this.#demand.base);
  }

  #intern(
    tests: readonly number[],
    states: readonly number[],
    held: readonly number[],
    folded: readonly number[],
  ): ActiveStates {
    let hash = held.length;
    for (let i = 0; i < tests.length; i++) hash = (Math.imul(Math.imul(hash, 31) + tests[i]!, 17) + states[i]!) | 0;
    for (const t of held) hash = (Math.imul(hash, 37) + t) | 0;
    for (const node of folded) hash = (Math.imul(hash, 41) + node) | 0;
    const list = this.#known.get(hash);
    const known = list?.find(
      (v) => equal(v.tests, tests) && equal(v.states, states) && equal(v.held, held) && equal(v.folded, folded),
    );
    if (known) return known;
    const active: ActiveStates = { id: this.#count++, tests, states, held, folded, next: [] };
    if (list) list.push(active);
    else this.#known.set(hash, [active]);
    return active;
  }

  #automaton(test: number): AutomatonTest {
    return this.#tests[test] as AutomatonTest;
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

/** Which labels of the tree each letter has: a number for each set of them. */
function labelClasses(letters: readonly number[], { char }: Trie): Int16Array {
  const labels = new Set(char);
  const ids = new Map<string, number>([['', 0]]);
  return Int16Array.from(letters, (c) => {
    const key = labelsOf(c)
      .filter((label) => labels.has(label))
      .join();
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return id;
  });
}

/** `leaders`: one letter of each group. */
function groupsByLabel(leaders: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const [group, letter] of leaders.entries())
    for (const label of labelsOf(letter)) {
      const list = found.get(label);
      if (list) list.push(group);
      else found.set(label, [group]);
    }
  return found;
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
