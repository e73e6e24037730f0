// Cuts the strings of one dimension into the classes that tests on it can tell apart, with one short word of each.
// A trie holds the literal beginnings, so only tests that share a beginning ever meet; behind a beginning the automata
// of patterns run side by side. Tests that no rule needs any more (an earlier rule without further conditions has
// taken everything from here on) are dropped on the way, which keeps thousands of patterns apart.

import { charRank, classOfChar, type Dfa, TooLargeError } from '../regex/index.js';
import type { StringTest } from './string-test.js';
import { buildTrie, type Trie } from './trie.js';

/** Which rules need a test: rules are counted from 0 in each of `sides` ordered lists. */
export interface Demand {
  readonly sides: number;
  /** `firstUse[side][test]`: the first rule that needs it; Infinity: none. */
  readonly firstUse: readonly Float64Array[];
  /** `firstTotal[side][test]`: the first rule that has no other condition. */
  readonly firstTotal: readonly Float64Array[];
  /** First rule of each side that takes everything. */
  readonly base: Float64Array;
}

export const NO_DEMAND: Demand = { sides: 0, firstUse: [], firstTotal: [], base: new Float64Array(0) };

/** Called once per class; returns true to stop. `accepted`: the tests that hold, in no order. */
export type OnClass = (accepted: readonly number[], word: string) => boolean;

export const MAX_PARTITION_STATES = 200_000;
const MAX_PARTITION_WORK = 400_000_000;

/**
 * @param domain what strings exist at all; its alphabet is the alphabet of all tests
 * @throws TooLargeError when a cap is reached; classes reported until then are real
 */
export function partition(
  tests: readonly StringTest[],
  domain: Dfa,
  demand: Demand,
  onClass: OnClass,
  maxStates: number = MAX_PARTITION_STATES,
): void {
  new Partition(tests, domain, demand, onClass, maxStates).run();
}

/** One position behind a beginning: the automata that still run (`tests[i]` in `states[i]`) and the patterns that hold for good. */
interface Live {
  readonly tests: readonly number[];
  readonly states: readonly number[];
  readonly held: readonly number[];
}

const NOTHING: Live = { tests: [], states: [], held: [] };

class Partition {
  readonly tests: readonly StringTest[];
  readonly domain: Dfa;
  readonly demand: Demand;
  readonly onClass: OnClass;
  readonly maxStates: number;
  readonly trie: Trie;
  /** Characters that no test can tell apart are one letter here. */
  readonly letters: readonly number[];
  readonly letterOf: ReadonlyMap<number, number>;
  readonly ownClasses = new Map<Dfa, Int16Array>();
  readonly domainClass: Int16Array;
  readonly completions: readonly (string | undefined)[];
  readonly reported = new Set<string>();
  readonly reportedEvents: Uint8Array;
  readonly seen = new Set<string>();
  readonly queue: { event: number; dom: number; live: Live; word: string }[] = [];
  readonly bounds: Float64Array[];
  emptyWord: readonly number[] | undefined;
  work = 0;
  stopped = false;

  constructor(tests: readonly StringTest[], domain: Dfa, demand: Demand, onClass: OnClass, maxStates: number) {
    this.tests = tests;
    this.domain = domain;
    this.demand = demand;
    this.onClass = onClass;
    this.maxStates = maxStates;
    this.trie = buildTrie(tests, demand);
    const { letters, letterOf } = this.alphabet();
    this.letters = letters;
    this.letterOf = letterOf;
    this.domainClass = this.own(domain);
    this.completions = this.complete();
    this.reportedEvents = new Uint8Array(this.trie.size);
    this.bounds = this.eventBounds();
  }

  run(): void {
    const { trie, domain } = this;
    const stack = [{ node: 0, dom: domain.start, live: NOTHING, word: '' }];
    while (stack.length > 0 && !this.stopped) {
      const { node, dom, live: before, word } = stack.pop()!;
      const live = this.enter(node, before);
      const event = trie.event[node]!;
      this.report(event, live, trie.exact[node], dom, word);
      const bound = this.bound(event, live);
      const taken = new Set<number>();
      const children: typeof stack = [];
      for (let child = trie.firstChild[node]!; child !== -1; child = trie.nextSibling[child]!) {
        if (this.demand.sides > 0 && this.isDead(trie.need, child, bound)) continue;
        const letter = this.letterOf.get(trie.char[child]!);
        if (letter === undefined) continue; // not in the alphabet of the dimension
        taken.add(letter);
        const nextDom = this.step(domain, this.domainClass, dom, letter);
        if (nextDom >= 0)
          children.push({
            node: child,
            dom: nextDom,
            live: this.advance(live, letter),
            word: word + String.fromCodePoint(trie.char[child]!),
          });
      }
      this.fall(event, dom, live, word, taken);
      for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!);
      if (this.queue.length > 0) this.drain();
    }
    if (this.emptyWord !== undefined && !this.stopped) this.onClass(this.emptyWord, '');
  }

  /** Words behind the trie, breadth first. */
  drain(): void {
    for (let i = 0; i < this.queue.length && !this.stopped; i++) {
      const { event, dom, live, word } = this.queue[i]!;
      this.report(event, live, undefined, dom, word);
      this.fall(event, dom, live, word, undefined);
    }
    this.queue.length = 0;
  }

  /** Goes on with every letter that the trie does not take. */
  fall(event: number, dom: number, live: Live, word: string, taken: ReadonlySet<number> | undefined): void {
    const n = live.tests.length;
    if (n === 0) {
      if (this.isReported(event, live)) return;
      for (let letter = 0; letter < this.letters.length; letter++) {
        if (taken?.has(letter)) continue;
        const nextDom = this.step(this.domain, this.domainClass, dom, letter);
        const completion = nextDom >= 0 ? this.completions[nextDom] : undefined;
        if (completion === undefined) continue;
        this.emit(
          this.accepted(event, live, undefined),
          word + String.fromCodePoint(this.letters[letter]!) + completion,
        );
        this.markReported(event, live);
        return;
      }
      return;
    }
    this.spend(this.letters.length * (n + 1));
    const groups = new Map<number, number[]>();
    const scratch = new Int32Array((n + 1) * this.letters.length);
    const owns = live.tests.map((t) => this.own(this.dfaOf(t)));
    for (let letter = 0; letter < this.letters.length; letter++) {
      if (taken?.has(letter)) continue;
      const nextDom = this.step(this.domain, this.domainClass, dom, letter);
      if (nextDom < 0) continue;
      const at = letter * (n + 1);
      scratch[at] = nextDom;
      let hash = nextDom;
      for (let i = 0; i < n; i++) {
        const target = this.step(this.dfaOf(live.tests[i]!), owns[i]!, live.states[i]!, letter);
        scratch[at + 1 + i] = target;
        hash = (Math.imul(hash, 31) + target) | 0;
      }
      const known = groups.get(hash);
      if (known?.some((other) => sameRow(scratch, other * (n + 1), at, n + 1))) continue;
      if (known) known.push(letter);
      else groups.set(hash, [letter]);
      this.push(
        event,
        nextDom,
        this.settle(event, live, (i) => scratch[at + 1 + i]!),
        word + String.fromCodePoint(this.letters[letter]!),
      );
    }
  }

  push(event: number, dom: number, live: Live, word: string): void {
    if (live.tests.length === 0) {
      const completion = this.completions[dom];
      if (completion === undefined || this.isReported(event, live)) return;
      this.emit(this.accepted(event, live, undefined), word + completion);
      this.markReported(event, live);
      return;
    }
    const key = `${event}|${dom}|${live.tests.join()}|${live.states.join()}|${live.held.join()}`;
    if (this.seen.has(key)) return;
    if (this.seen.size >= this.maxStates) throw new TooLargeError(`more than ${this.maxStates} states`);
    this.seen.add(key);
    this.queue.push({ event, dom, live, word });
  }

  /** Patterns whose literal ends at this node begin to run. */
  enter(node: number, live: Live): Live {
    const starting = this.trie.automata[node];
    const event = this.trie.event[node]!;
    if (!starting && this.trie.prefix[node] === undefined) return live;
    const tests = starting ? [...live.tests, ...starting] : live.tests;
    const states = starting ? [...live.states, ...starting.map((t) => this.startState(t))] : live.states;
    return this.settle(event, { tests, states, held: live.held }, (i) => states[i]!);
  }

  advance(live: Live, letter: number): Live {
    if (live.tests.length === 0) return live;
    this.spend(live.tests.length);
    const states = live.tests.map((t, i) => {
      const dfa = this.dfaOf(t);
      return this.step(dfa, this.own(dfa), live.states[i]!, letter);
    });
    return this.settle(0, { ...live, states }, (i) => states[i]!);
  }

  /** Sorts automata in new states into still running, held for good and failed, and drops what no rule needs. */
  settle(event: number, live: Live, stateOf: (i: number) => number): Live {
    const tests: number[] = [];
    const states: number[] = [];
    let held = live.held;
    for (let i = 0; i < live.tests.length; i++) {
      const state = stateOf(i);
      if (state < 0) continue;
      const test = live.tests[i]!;
      if (this.dfaOf(test).universal[state] === 1) held = [...held, test];
      else {
        tests.push(test);
        states.push(state);
      }
    }
    if (held !== live.held) held = [...held].sort((a, b) => a - b);
    if (this.demand.sides === 0) return { tests, states, held };
    const bound = this.bound(event, { tests, states, held });
    const needed = (t: number) => !this.isDead(this.demand.firstUse, t, bound);
    if (!held.every(needed)) held = held.filter(needed);
    if (tests.every(needed)) return { tests, states, held };
    return { tests: tests.filter(needed), states: states.filter((_, i) => needed(tests[i]!)), held };
  }

  /** First rule of each side that takes everything from here on. */
  bound(event: number, live: Live): Float64Array {
    const own = this.bounds[event]!;
    if (live.held.length === 0) return own;
    const bound = own.slice();
    for (let s = 0; s < this.demand.sides; s++)
      for (const t of live.held) bound[s] = Math.min(bound[s]!, this.demand.firstTotal[s]![t]!);
    return bound;
  }

  isDead(use: readonly Float64Array[], index: number, bound: Float64Array): boolean {
    for (let s = 0; s < this.demand.sides; s++) if (use[s]![index]! <= bound[s]!) return false;
    return true;
  }

  eventBounds(): Float64Array[] {
    const { trie, demand } = this;
    const bounds: Float64Array[] = [];
    for (let node = 0; node < trie.size; node++) {
      const parent = node === 0 ? demand.base : bounds[trie.parent[node]!]!;
      const tests = trie.prefix[node];
      if (!tests) bounds.push(parent);
      else {
        const own = parent.slice();
        for (let s = 0; s < demand.sides; s++)
          for (const t of tests) own[s] = Math.min(own[s]!, demand.firstTotal[s]![t]!);
        bounds.push(own);
      }
    }
    return bounds;
  }

  accepted(event: number, live: Live, exact: readonly number[] | undefined): number[] {
    const out = [...live.held];
    for (let e = event; e !== -1; e = e === 0 ? -1 : this.trie.event[this.trie.parent[e]!]!) {
      const tests = this.trie.prefix[e];
      if (tests) out.push(...tests);
    }
    for (let i = 0; i < live.tests.length; i++)
      if (this.dfaOf(live.tests[i]!).accepting[live.states[i]!] === 1) out.push(live.tests[i]!);
    if (exact) out.push(...exact);
    return out;
  }

  report(event: number, live: Live, exact: readonly number[] | undefined, dom: number, word: string): void {
    if (this.domain.accepting[dom] !== 1) return;
    if (!exact && live.tests.length === 0) {
      if (this.isReported(event, live)) return;
      if (word !== '') this.markReported(event, live);
      this.emit(this.accepted(event, live, undefined), word);
      return;
    }
    const accepted = this.accepted(event, live, exact);
    if (!exact) {
      const running = accepted.filter((t) => live.tests.includes(t) || live.held.includes(t)).sort((a, b) => a - b);
      const key = `${event}|${running.join()}`;
      if (this.reported.has(key)) return;
      if (word !== '') this.reported.add(key);
    }
    this.emit(accepted, word);
  }

  isReported(event: number, live: Live): boolean {
    return live.held.length === 0
      ? this.reportedEvents[event] === 1
      : this.reported.has(`${event}|${live.held.join()}`);
  }

  markReported(event: number, live: Live): void {
    if (live.held.length === 0) this.reportedEvents[event] = 1;
    else this.reported.add(`${event}|${live.held.join()}`);
  }

  /** The empty word comes last: a value that one can see is the better example. */
  emit(accepted: readonly number[], word: string): void {
    if (word === '') this.emptyWord = accepted;
    else if (this.onClass(accepted, word)) this.stopped = true;
  }

  dfaOf(test: number): Dfa {
    return (this.tests[test] as StringTest & { kind: 'automaton' }).dfa;
  }

  startState(test: number): number {
    return (this.tests[test] as StringTest & { kind: 'automaton' }).state;
  }

  step(dfa: Dfa, own: Int16Array, state: number, letter: number): number {
    const c = own[letter]!;
    return c < 0 ? -1 : dfa.next[state * dfa.classes + c]!;
  }

  own(dfa: Dfa): Int16Array {
    let classes = this.ownClasses.get(dfa);
    if (!classes) {
      classes = Int16Array.from(this.letters, (c) => classOfChar(dfa, c));
      this.ownClasses.set(dfa, classes);
    }
    return classes;
  }

  spend(work: number): void {
    this.work += work;
    if (this.work > MAX_PARTITION_WORK) throw new TooLargeError('more work than the cap allows');
  }

  /** Characters of literals each alone; the rest as far as automata tell them apart. Best to read first. */
  alphabet(): { letters: number[]; letterOf: Map<number, number> } {
    const dfas = new Set<Dfa>([this.domain]);
    for (const t of this.tests) if (t.kind === 'automaton') dfas.add(t.dfa);
    const literals = new Set(this.trie.char.slice(1));
    const cuts = new Set<number>();
    for (const d of dfas) for (const c of d.starts) cuts.add(c);
    for (const c of literals) cuts.add(c).add(c + 1);
    const sorted = [...cuts].filter((c) => c <= 0x10ffff).sort((a, b) => a - b);
    // Few automata: join intervals that none tells apart. Many: every printable character is a letter.
    const list = [...dfas];
    const groups = new Map<string, number>();
    const letters: number[] = [];
    for (let i = 0; i < sorted.length; i++) {
      const lo = sorted[i]!;
      if (classOfChar(this.domain, lo) < 0) continue;
      const char = bestBetween(lo, (sorted[i + 1] ?? 0x110000) - 1);
      if (literals.has(lo) || list.length > 50) {
        letters.push(char);
        continue;
      }
      const key = list.map((d) => classOfChar(d, lo)).join();
      const at = groups.get(key);
      if (at === undefined) {
        groups.set(key, letters.length);
        letters.push(char);
      } else if (charRank(char) < charRank(letters[at]!)) letters[at] = char;
    }
    letters.sort((a, b) => charRank(a) - charRank(b));
    return { letters, letterOf: new Map(letters.map((c, i) => [c, i])) };
  }

  /** A shortest way from each state of the domain to a word that exists. */
  complete(): (string | undefined)[] {
    const { domain } = this;
    const completions: (string | undefined)[] = Array.from({ length: domain.states }, (_, s) =>
      domain.accepting[s] === 1 ? '' : undefined,
    );
    for (let changed = true; changed; ) {
      changed = false;
      for (let s = 0; s < domain.states; s++) {
        if (completions[s] !== undefined) continue;
        for (let letter = 0; letter < this.letters.length; letter++) {
          const to = this.step(domain, this.domainClass, s, letter);
          const rest = to >= 0 ? completions[to] : undefined;
          if (rest === undefined) continue;
          completions[s] = String.fromCodePoint(this.letters[letter]!) + rest;
          changed = true;
          break;
        }
      }
    }
    return completions;
  }
}

function bestBetween(lo: number, hi: number): number {
  let best = lo;
  for (let c = Math.max(lo, 0x20); c <= Math.min(hi, 0x7e); c++) if (charRank(c) < charRank(best)) best = c;
  return best;
}

function sameRow(rows: Int32Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (rows[a + i] !== rows[b + i]) return false;
  return true;
}
