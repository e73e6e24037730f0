// Cuts the strings of one dimension into the classes that tests on it can tell apart, with one short word of each.
// A trie holds the literal beginnings, so only tests that share a beginning ever meet; behind a beginning the automata
// of patterns run side by side as one (`product-automaton.ts`). Two things keep thousands of patterns apart: a test that no rule
// needs any more (an earlier rule without further conditions has taken everything from here on) is dropped on the way,
// and where nothing that is asked for can happen any more, the search does not go.

import { append } from '../model/index.js';

import { type Budget, charRank, classOfChar, type Dfa, spend, TooLargeError } from '../regex/index.js';
import { labelsOf } from './any-case.js';
import { type Demand, isBeyond } from './demand.js';
import { type ActiveStates, charactersOfFolded, isSilent, ProductAutomaton } from './product-automaton.js';
import type { StringTest } from './string-test.js';
import { plainTrie, type Trie, wantedBelow } from './trie.js';

export const NO_DEMAND: Demand = { sides: 0, firstUse: [], firstTotal: [], base: new Float64Array(0) };

/** Called once per class; returns true to stop. `accepted`: the tests that hold, in no order. */
export type OnClass = (accepted: readonly number[], word: string) => boolean;

const MAX_PARTITION_STATES = 150_000;
/** What making and keeping one position costs, in steps. */
const STEPS_OF_POSITION = 20;

/**
 * @param domain what strings exist at all; its alphabet is the alphabet of all tests
 * @throws TooLargeError when a cap is reached or the budget is spent; classes reported until then are real
 */
export function partition(
  tests: readonly StringTest[],
  domain: Dfa,
  demand: Demand,
  onClass: OnClass,
  budget: Budget,
): void {
  new Partition(tests, domain, demand, onClass, budget).run();
}

interface Position {
  /** Nearest node above where prefix tests begin to hold. */
  readonly event: number;
  readonly dom: number;
  readonly active: ActiveStates;
  readonly word: string;
}

class Partition {
  readonly domain: Dfa;
  readonly demand: Demand;
  readonly onClass: OnClass;
  readonly budget: Budget;
  readonly trie: Trie;
  /** Characters that no test can tell apart are one letter here; best to read first. */
  readonly letters: readonly number[];
  readonly letterOf: ReadonlyMap<number, number>;
  readonly domainClass: Int16Array;
  readonly product: ProductAutomaton;
  readonly completions: readonly (string | undefined)[];
  readonly reported = new Set<string>();
  readonly reportedEvents: Uint8Array;
  readonly seen = new Set<number>();
  readonly queue: Position[] = [];
  readonly bounds: readonly Float64Array[];
  /** Tests that are asked for stand at or below a node. */
  readonly wantedBelow: Uint8Array;
  emptyWord: readonly number[] | undefined;
  stopped = false;

  constructor(tests: readonly StringTest[], domain: Dfa, demand: Demand, onClass: OnClass, budget: Budget) {
    this.domain = domain;
    this.demand = demand;
    this.onClass = onClass;
    this.budget = budget;
    this.trie = plainTrie(tests, demand);
    this.letters = alphabetOf(tests, domain, new Set(this.trie.char.slice(1)));
    this.letterOf = new Map(this.letters.map((c, i) => [c, i]));
    this.domainClass = Int16Array.from(this.letters, (c) => classOfChar(domain, c));
    this.product = new ProductAutomaton(tests, this.letters, demand, (work) => spend(budget, work));
    this.completions = this.complete();
    this.reportedEvents = new Uint8Array(this.trie.size);
    this.bounds = this.eventBounds();
    this.wantedBelow = wantedBelow(this.trie, demand);
  }

  run(): void {
    const { trie, domain, product } = this;
    const stack = [{ node: 0, dom: domain.start, active: product.start, word: '' }];
    while (stack.length > 0 && !this.stopped) {
      const { node, dom, active: before, word } = stack.pop()!;
      const event = trie.event[node]!;
      const active = product.limit(product.join(before, trie.automata[node]), this.bounds[event]!);
      this.report({ event, dom, active, word }, trie.exact[node]);
      const bound = product.bound(active, this.bounds[event]!);
      const passing = this.isWanted(event, active);
      const taken = new Uint8Array(this.letters.length);
      const mark = stack.length;
      for (let child = trie.firstChild[node]!; child !== -1; child = trie.nextSibling[child]!) {
        if (this.demand.sides > 0 && isBeyond(trie.need, child, bound)) continue;
        const letter = this.letterOf.get(trie.char[child]!);
        if (letter === undefined) continue; // not in the alphabet of the dimension
        taken[letter] = 1;
        if (!passing && this.wantedBelow[child] === 0) continue;
        const nextDom = this.step(dom, letter);
        if (nextDom < 0) continue;
        const character = String.fromCodePoint(trie.char[child]!);
        stack.push({ node: child, dom: nextDom, active: product.step(active, letter), word: word + character });
      }
      if (passing) {
        this.fall({ event, dom, active, word }, taken);
        if (this.queue.length > 0) this.drain();
      }
      reverseFrom(stack, mark);
    }
    if (this.emptyWord !== undefined && !this.stopped) this.onClass(this.emptyWord, '');
  }

  /** Words behind the trie, breadth first. */
  drain(): void {
    for (let i = 0; i < this.queue.length && !this.stopped; i++) {
      const position = this.queue[i]!;
      if (!this.isWanted(position.event, position.active)) continue;
      this.report(position, undefined);
      this.fall(position, undefined);
    }
    this.queue.length = 0;
  }

  /** Goes on with every letter that the trie does not take. */
  fall(position: Position, taken: Uint8Array | undefined): void {
    const { event, dom, active, word } = position;
    const silent = isSilent(active);
    spend(this.budget, this.letters.length);
    if (silent && this.isReported(event, active)) return;
    for (let letter = 0; letter < this.letters.length; letter++) {
      if (taken?.[letter] === 1) continue;
      const nextDom = this.step(dom, letter);
      if (nextDom < 0) continue;
      const next = this.product.limit(this.product.step(active, letter), this.bounds[event]!);
      this.push({ event, dom: nextDom, active: next, word: word + String.fromCodePoint(this.letters[letter]!) });
      if (silent && this.isReported(event, active)) return;
    }
  }

  push(position: Position): void {
    const { event, dom, active, word } = position;
    if (isSilent(active)) {
      // Nothing can change any more: one word is enough.
      const completion = this.completions[dom];
      if (completion === undefined || this.isReported(event, active)) return;
      this.markReported(event, active);
      this.emit(this.accepted(event, active, undefined), word + completion);
      return;
    }
    const key = (active.id * this.trie.size + event) * this.domain.states + dom;
    if (this.seen.has(key) || !this.isWanted(event, active)) return;
    if (this.seen.size >= MAX_PARTITION_STATES) throw new TooLargeError(`more than ${MAX_PARTITION_STATES} states`);
    spend(this.budget, STEPS_OF_POSITION);
    this.seen.add(key);
    this.queue.push(position);
  }

  /** Whether a class that is asked for can still come (other than by the trie). */
  isWanted(event: number, active: ActiveStates): boolean {
    const { wanted } = this.demand;
    if (!wanted || wanted.all) return true;
    const { tests } = wanted;
    spend(this.budget, active.tests.length + active.held.length);
    for (const t of active.tests) if (tests[t] === 1) return true;
    for (const t of active.held) if (tests[t] === 1) return true;
    if (this.product.wantsFolded(active)) return true;
    for (let e = event; e !== -1; e = this.above(e))
      for (const t of this.trie.prefix[e] ?? []) if (tests[t] === 1) return true;
    return false;
  }

  above(event: number): number {
    return event === 0 ? -1 : this.trie.event[this.trie.parent[event]!]!;
  }

  accepted(event: number, active: ActiveStates, exact: readonly number[] | undefined): number[] {
    const out = [...active.held, ...this.product.accepting(active)];
    for (let e = event; e !== -1; e = this.above(e)) {
      const tests = this.trie.prefix[e];
      if (tests) append(out, tests);
    }
    if (exact) append(out, exact);
    return out;
  }

  report({ event, dom, active, word }: Position, exact: readonly number[] | undefined): void {
    if (this.domain.accepting[dom] !== 1) return;
    if (!exact) {
      spend(this.budget, active.held.length + active.tests.length);
      const key = `${event}|${[...active.held, ...this.product.accepting(active)].sort((a, b) => a - b).join()}`;
      if (isSilent(active) ? this.isReported(event, active) : this.reported.has(key)) return;
      if (word !== '') {
        if (isSilent(active)) this.markReported(event, active);
        else this.reported.add(key);
      }
    }
    this.emit(this.accepted(event, active, exact), word);
  }

  isReported(event: number, { held }: ActiveStates): boolean {
    return held.length === 0 ? this.reportedEvents[event] === 1 : this.reported.has(`${event}|${held.join()}`);
  }

  markReported(event: number, { held }: ActiveStates): void {
    if (held.length === 0) this.reportedEvents[event] = 1;
    else this.reported.add(`${event}|${held.join()}`);
  }

  /** The empty word comes last: a value that one can see is the better example. */
  emit(accepted: readonly number[], word: string): void {
    const { wanted } = this.demand;
    if (wanted && !wanted.all && !accepted.some((t) => wanted.tests[t] === 1)) return;
    if (word === '') this.emptyWord = accepted;
    else if (this.onClass(accepted, word)) this.stopped = true;
  }

  step(dom: number, letter: number): number {
    const c = this.domainClass[letter]!;
    return c < 0 ? -1 : this.domain.next[dom * this.domain.classes + c]!;
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
          const to = this.step(s, letter);
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

function reverseFrom<T>(list: T[], start: number): void {
  for (let i = start, j = list.length - 1; i < j; i++, j--) [list[i], list[j]] = [list[j]!, list[i]!];
}

/** Past this many automata it costs more to find out which characters they all take alike than it saves. */
const MANY = 50;

/** Characters of literals each alone; the rest as far as automata tell them apart. */
function alphabetOf(tests: readonly StringTest[], domain: Dfa, literals: ReadonlySet<number>): number[] {
  const dfas = new Set<Dfa>([domain]);
  for (const t of tests) if (t.kind === 'automaton') dfas.add(t.dfa);
  const cuts = new Set<number>();
  for (const d of dfas) for (const c of d.starts) cuts.add(c);
  for (const c of literals) cuts.add(c).add(c + 1);
  const folded = charactersOfFolded(tests);
  for (const c of folded) cuts.add(c).add(c + 1);
  const sorted = [...cuts].filter((c) => c <= 0x10ffff).sort((a, b) => a - b);
  const list = [...dfas];
  const groups = new Map<string, number>();
  const letters: number[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const lo = sorted[i]!;
    if (classOfChar(domain, lo) < 0) continue;
    const char = bestBetween(lo, (sorted[i + 1] ?? 0x110000) - 1);
    if (literals.has(lo) || list.length > MANY) {
      letters.push(char);
      continue;
    }
    const labels = folded.has(lo) ? labelsOf(lo).join() : '';
    const key = `${list.map((d) => classOfChar(d, lo)).join()} ${labels}`;
    const at = groups.get(key);
    if (at === undefined) {
      groups.set(key, letters.length);
      letters.push(char);
    } else if (charRank(char) < charRank(letters[at]!)) letters[at] = char;
  }
  return letters.sort((a, b) => charRank(a) - charRank(b));
}

function bestBetween(lo: number, hi: number): number {
  let best = lo;
  for (let c = Math.max(lo, 0x20); c <= Math.min(hi, 0x7e); c++) if (charRank(c) < charRank(best)) best = c;
  return best;
}
