// The product of all dimensions, explored lazily: several ordered lists of rules are asked at once which rule of each
// takes a request first, and every combination that some request shows is reported with such a request.
// Path first (`partition.ts`), then a decision diagram over the other dimensions: at each, classes that the rules still
// in question cannot tell apart are one branch, and what has been visited is not visited again.

import { append, type Engine } from '../model/index.js';
import { spend, TooLargeError } from '../regex/index.js';

import type { Atom, DimensionKey } from './atoms.js';
import type { Wanted } from './demand.js';
import { buildDimension, type Dimension, type HostWords, type SourceLimit } from './dimension.js';
import { pathDomain } from './domain.js';
import { partition } from './partition.js';
import { type StringTest, stringTest, testHolds } from './string-test.js';
import { newRun, type Work, workFor } from './work.js';

/** All atoms have to hold. */
export interface Product {
  readonly atoms: readonly Atom[];
}

/** What all requests of one exploration share. */
export interface Frame {
  /** Of the gateways that are asked at once. */
  readonly engines: readonly Engine[];
  /** Of the connection: `https` where TLS is terminated. */
  readonly scheme: 'http' | 'https';
  readonly host?: HostWords;
  /** Client addresses that reach the filter chain in question; absent: all. */
  readonly source?: SourceLimit;
}

/** A request as far as rules can tell: the values of the dimensions that decided; null: absent. */
export interface Point {
  readonly path: string;
  readonly values: ReadonlyMap<DimensionKey, string | null>;
}

export interface Visitor {
  /**
   * `taken[side]`: the first rule of the list that takes `point`; -1: none. Returns true to stop.
   * `drop` says that a rule is wanted no longer.
   */
  onLeaf(taken: readonly number[], point: () => Point, drop: (side: number, index: number) => void): boolean;
  /** Whether requests that this rule matches are asked for, on whatever side; absent: all requests are. */
  wanted?(side: number, index: number): boolean;
  /** Whether nothing new can come of these rules (numbers per side, in order). */
  skip?(candidates: readonly (readonly number[])[]): boolean;
}

export interface Exploration {
  /** Every combination was reported. */
  readonly complete: boolean;
  /** Why not: a cap that was reached. */
  readonly reason?: string;
  /** `unknown[side]`: rules left out because a test of theirs is too large, with the reason. */
  readonly unknown: readonly ReadonlyMap<number, string>[];
  /** `empty[side]`: rules whose own conditions contradict each other or the kind of connection. */
  readonly empty: readonly ReadonlySet<number>[];
  readonly pathClasses: number;
  /** Classes of each other dimension. */
  readonly classes: Readonly<Record<DimensionKey, number>>;
}

const MAX_NODES = 1_000_000;
/** Dimensions that one branch goes through: each is a call within a call. */
const MAX_DEPTH = 1_000;
/** What one exploration costs, however small. */
const STEPS_TO_BEGIN = 5_000;
/** What making one rule ready costs. */
export const STEPS_OF_RULE = 50;
/** What a class of paths costs, beside the rules that match it. */
const STEPS_OF_CLASS = 20;

/** `work` is what may be spent; when it is gone, the exploration is not complete. */
export function explore(
  lists: readonly (readonly Product[])[],
  frame: Frame,
  visitor: Visitor,
  work: Work = workFor(newRun(), lists.flat().length),
): Exploration {
  return new Explorer(lists, frame, visitor, work).run();
}

interface Condition {
  /** Index in the order of dimensions. */
  readonly dimension: number;
  readonly test: number;
  readonly invert: boolean;
  readonly absent: boolean;
}

/** A rule, numbered over all lists. */
interface Rule {
  readonly side: number;
  readonly index: number;
  readonly paths: { readonly test: number; readonly invert: boolean }[];
  readonly conditions: Condition[];
  /** Last dimension that a condition is on; -1: the path decides alone. */
  last: number;
}

class Explorer {
  readonly frame: Frame;
  readonly visitor: Visitor;
  readonly work: Work;
  readonly rules: Rule[] = [];
  readonly sides: number;
  readonly pathTests: StringTest[] = [];
  readonly dimensions: Dimension[];
  readonly unknown: Map<number, string>[];
  readonly empty: Set<number>[];
  readonly visited = new Set<string>();
  readonly values: (string | null)[] = [];
  readonly hasSearch: boolean;
  readonly bySide: readonly Map<number, Rule>[];
  readonly wantedRules = new Set<Rule>();
  wantedCounts = new Int32Array(0);
  readonly wanted: Wanted | undefined;
  path = '';
  pathClasses = 0;
  nodes = 0;
  stopped = false;

  constructor(lists: readonly (readonly Product[])[], frame: Frame, visitor: Visitor, work: Work) {
    this.frame = frame;
    this.visitor = visitor;
    this.work = work;
    this.sides = lists.length;
    this.unknown = lists.map(() => new Map());
    this.empty = lists.map(() => new Set());
    work.left -= STEPS_TO_BEGIN + STEPS_OF_RULE * lists.reduce((n, list) => n + list.length, 0);
    this.dimensions = this.compile(lists);
    this.hasSearch = this.dimensions.some((d) => d.key === 'search');
    this.bySide = lists.map(() => new Map());
    for (const rule of this.rules) this.bySide[rule.side]!.set(rule.index, rule);
    this.wanted = this.computeWanted();
  }

  run(): Exploration {
    const { alphabet: _, words } = pathDomain(this.frame.engines);
    const users: number[][] = this.pathTests.map(() => []);
    const floating: number[] = [];
    this.rules.forEach((rule, id) => {
      const positive = rule.paths.find((p) => !p.invert);
      if (positive) users[positive.test]!.push(id);
      else floating.push(id);
    });
    let reason: string | undefined;
    try {
      partition(
        this.pathTests,
        words,
        this.computeDemand(),
        (accepted, word) => {
          this.pathClasses++;
          this.path = word;
          const asked = accepted.reduce((n, t) => n + users[t]!.length, floating.length);
          spend(this.work, STEPS_OF_CLASS + accepted.length + asked);
          const holds = new Set(accepted);
          const ids = [...floating, ...accepted.flatMap((t) => users[t]!)].filter((id) =>
            this.rules[id]!.paths.every((p) => holds.has(p.test) !== p.invert),
          );
          this.descend(
            -1,
            this.cut(
              ids.sort((a, b) => a - b),
              -1,
            ),
          );
          return this.stopped;
        },
        this.work,
      );
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      reason = `the paths have ${error.message}`;
    }
    return {
      complete: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      unknown: this.unknown,
      empty: this.empty,
      pathClasses: this.pathClasses,
      classes: Object.fromEntries(this.dimensions.map((d) => [d.key, d.classes.length])),
    };
  }

  /** Rules of each side in order (rules are numbered side by side), up to the first that needs nothing more than dimensions up to `upTo`. */
  cut(ids: readonly number[], upTo: number): number[][] {
    const lists: number[][] = Array.from({ length: this.sides }, () => []);
    const closed = new Uint8Array(this.sides);
    for (const id of ids) {
      const rule = this.rules[id]!;
      if (closed[rule.side] === 1) continue;
      lists[rule.side]!.push(id);
      if (rule.last <= upTo) closed[rule.side] = 1;
    }
    return lists;
  }

  descend(done: number, lists: readonly (readonly number[])[], depth = 0): void {
    if (this.stopped) return;
    if (depth > MAX_DEPTH)
      throw new TooLargeError(`more than ${MAX_DEPTH} properties that must be considered together`);
    if (this.visitor.skip?.(lists.map((l) => l.map((id) => this.rules[id]!.index)))) return;
    let next = Number.POSITIVE_INFINITY;
    let looked = 0;
    for (const list of lists)
      for (const id of list) {
        const { conditions } = this.rules[id]!;
        looked += 1 + conditions.length;
        for (const c of conditions) if (c.dimension > done && c.dimension < next) next = c.dimension;
      }
    spend(this.work, looked);
    if (next === Number.POSITIVE_INFINITY) {
      this.leaf(lists);
      return;
    }
    // A request with a query parameter has a query.
    const isSearch = this.dimensions[next]!.key === 'search';
    const hasQuery =
      this.hasSearch &&
      this.values.some((v, i) => typeof v === 'string' && this.dimensions[i]!.key.startsWith('query:'));
    const key = `${next}${hasQuery ? '?' : ':'}${lists.join('|')}`;
    if (this.visited.has(key)) return;
    this.visited.add(key);
    if (++this.nodes > MAX_NODES) throw new TooLargeError('more combinations of conditions than the cap allows');

    // Classes that the conditions on this dimension treat alike are one branch.
    const { always, byTest, others } = this.conditionsOn(next, lists.flat());
    const branches = new Set<string>();
    for (const { value, holds } of this.dimensions[next]!.classes) {
      if (isSearch && hasQuery && value === null) continue;
      const taking: number[] = [];
      if (value !== null && byTest.size > 0)
        if (holds.size <= byTest.size) for (const t of holds) append(taking, byTest.get(t) ?? []);
        else for (const [t, ids] of byTest) if (holds.has(t)) append(taking, ids);
      for (const { id, conditions } of others) if (takes(conditions, value, holds)) taking.push(id);
      spend(this.work, 1 + Math.min(holds.size, byTest.size) + others.length + taking.length);
      taking.sort((a, b) => a - b);
      const branch = taking.join();
      if (branches.has(branch)) continue;
      branches.add(branch);
      spend(this.work, always.length);
      this.values[next] = value;
      this.descend(next, this.cut(merge(always, taking), next), depth + 1);
      if (this.stopped) return;
    }
    delete this.values[next];
  }

  /** Rules by what they ask of a dimension: nothing, that one test holds, or something else. */
  conditionsOn(dimension: number, ids: readonly number[]) {
    const always: number[] = [];
    const byTest = new Map<number, number[]>();
    const others: { readonly id: number; readonly conditions: readonly Condition[] }[] = [];
    for (const id of [...ids].sort((a, b) => a - b)) {
      const conditions = this.rules[id]!.conditions.filter((c) => c.dimension === dimension);
      const [first] = conditions;
      if (!first) always.push(id);
      else if (conditions.length > 1 || !isPlain(first)) others.push({ id, conditions });
      else {
        const list = byTest.get(first.test);
        if (list) list.push(id);
        else byTest.set(first.test, [id]);
      }
    }
    return { always, byTest, others };
  }

  leaf(lists: readonly (readonly number[])[]): void {
    const taken = lists.map((l) => (l.length === 0 ? -1 : this.rules[l[0]!]!.index));
    const point = (): Point => {
      const values = new Map<DimensionKey, string | null>();
      this.values.forEach((value, i) => {
        values.set(this.dimensions[i]!.key, value);
      });
      return { path: this.path, values };
    };
    if (this.visitor.onLeaf(taken, point, this.drop)) this.stopped = true;
  }

  /** Rules that are asked for: by test, and those that no literal or pattern of a path confines. */
  computeWanted(): Wanted | undefined {
    if (!this.visitor.wanted) return undefined;
    const wanted: Wanted = { all: false, tests: new Uint8Array(this.pathTests.length) };
    for (const rule of this.rules) if (this.visitor.wanted(rule.side, rule.index)) this.wantedRules.add(rule);
    this.count(wanted);
    return wanted;
  }

  count(wanted: Wanted): void {
    this.wantedCounts = new Int32Array(this.pathTests.length + 1);
    for (const rule of this.wantedRules) this.wantedCounts[confinedBy(rule) ?? this.pathTests.length]!++;
    wanted.all = this.wantedCounts[this.pathTests.length]! > 0;
    for (let t = 0; t < this.pathTests.length; t++) wanted.tests[t] = this.wantedCounts[t]! > 0 ? 1 : 0;
  }

  readonly drop = (side: number, index: number): void => {
    const rule = this.bySide[side]?.get(index);
    if (!rule || !this.wanted || !this.wantedRules.delete(rule)) return;
    const test = confinedBy(rule);
    const left = --this.wantedCounts[test ?? this.pathTests.length]!;
    if (left > 0) return;
    if (test === undefined) this.wanted.all = false;
    else this.wanted.tests[test] = 0;
  };

  computeDemand() {
    const tests = this.pathTests.length;
    const fresh = () =>
      Array.from({ length: this.sides }, () => new Float64Array(tests).fill(Number.POSITIVE_INFINITY));
    const firstUse = fresh();
    const firstTotal = fresh();
    const base = new Float64Array(this.sides).fill(Number.POSITIVE_INFINITY);
    for (const { side, index, paths, last } of this.rules) {
      for (const p of paths) firstUse[side]![p.test] = Math.min(firstUse[side]![p.test]!, index);
      if (last >= 0) continue;
      if (paths.length === 0) base[side] = Math.min(base[side]!, index);
      else if (paths.length === 1 && !paths[0]!.invert) {
        const test = paths[0]!.test;
        firstTotal[side]![test] = Math.min(firstTotal[side]![test]!, index);
      }
    }
    return { sides: this.sides, firstUse, firstTotal, base, ...(this.wanted ? { wanted: this.wanted } : {}) };
  }

  compile(lists: readonly (readonly Product[])[]): Dimension[] {
    const keys = dimensionOrder(lists);
    const places = new Map(keys.map((key, i) => [key, i]));
    const tests = new Map<DimensionKey, Numbering>(keys.map((k) => [k, new Numbering()]));
    const paths = new Numbering();
    const { alphabet } = pathDomain(this.frame.engines);
    lists.forEach((list, side) => {
      list.forEach((product, index) => {
        const rule: Rule = { side, index, paths: [], conditions: [], last: -1 };
        let possible = true;
        for (const atom of product.atoms) {
          if (atom.dimension === 'path') {
            const number = paths.of(atom.test);
            if (number === this.pathTests.length)
              this.pathTests.push(
                atom.test.kind === 'cidrs' ? { kind: 'never' } : stringTest(atom.test, alphabet, this.work),
              );
            const test = this.pathTests[number]!;
            if (test.kind === 'unknown') this.unknown[side]!.set(index, test.reason);
            else if (test.kind === 'always' || test.kind === 'never')
              possible &&= (test.kind === 'always') !== atom.invert;
            else rule.paths.push({ test: number, invert: atom.invert });
          } else if (atom.dimension === 'scheme') {
            possible &&= this.schemeHolds(atom);
          } else {
            const test = tests.get(atom.dimension)!.of(atom.test);
            rule.conditions.push({
              dimension: places.get(atom.dimension)!,
              test,
              invert: atom.invert,
              absent: atom.absent,
            });
          }
        }
        if (!possible) this.empty[side]!.add(index);
        else this.rules.push(rule);
      });
    });
    const dimensions = keys.map((key) =>
      buildDimension(key, tests.get(key)!.list as Atom['test'][], this.frame, this.work),
    );
    const counts = dimensions.map(countHolds);
    for (const rule of this.rules) this.simplify(rule, dimensions, counts);
    const kept = this.rules.filter((r) => !this.unknown[r.side]!.has(r.index) && !this.empty[r.side]!.has(r.index));
    this.rules.length = 0;
    append(this.rules, kept);
    return dimensions;
  }

  /** Drops conditions that always hold, and finds those that never do. `counts`: in how many classes each test holds. */
  simplify(rule: Rule, dimensions: readonly Dimension[], counts: readonly ReadonlyMap<number, number>[]): void {
    const byDimension = new Map<number, Condition[]>();
    for (const c of rule.conditions) {
      const list = byDimension.get(c.dimension);
      if (list) list.push(c);
      else byDimension.set(c.dimension, [c]);
    }
    rule.conditions.length = 0;
    for (const [dimension, conditions] of byDimension) {
      const { classes, unknown } = dimensions[dimension]!;
      const reason = conditions.map((c) => unknown.get(c.test)).find((r) => r !== undefined);
      if (reason !== undefined) this.unknown[rule.side]!.set(rule.index, reason);
      let taken = 0;
      if (conditions.length === 1 && isPlain(conditions[0]!)) taken = counts[dimension]!.get(conditions[0]!.test) ?? 0;
      else for (const { value, holds } of classes) if (takes(conditions, value, holds)) taken++;
      if (taken === 0 && reason === undefined) this.empty[rule.side]!.add(rule.index);
      if (taken < classes.length) {
        append(rule.conditions, conditions);
        rule.last = Math.max(rule.last, dimension);
      }
    }
  }

  schemeHolds({ test, invert }: Atom): boolean {
    return (test.kind !== 'cidrs' && testHolds(stringTest(test, ASCII), this.frame.scheme)) !== invert;
  }
}

const ASCII = [0x20, 0x7e];

/** Of each test the classes where it holds. */
function countHolds({ classes }: Dimension): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { holds } of classes) for (const t of holds) counts.set(t, (counts.get(t) ?? 0) + 1);
  return counts;
}

/** Holds where the test does, and never for an absent value. */
const isPlain = ({ invert, absent }: Condition): boolean => !invert && !absent;

const takes = (conditions: readonly Condition[], value: string | null, holds: ReadonlySet<number>): boolean =>
  conditions.every((c) => (value === null ? c.absent : holds.has(c.test) !== c.invert));

/** Of two ascending lists one. */
function merge(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const out: number[] = [];
  let j = 0;
  for (const x of a) {
    while (j < b.length && b[j]! < x) out.push(b[j++]!);
    out.push(x);
  }
  while (j < b.length) out.push(b[j++]!);
  return out;
}

/** The path test without which a rule does not match. */
const confinedBy = (rule: Rule): number | undefined => rule.paths.find((p) => !p.invert)?.test;

/** Dimensions in a stable order: few values first. */
function dimensionOrder(lists: readonly (readonly Product[])[]): DimensionKey[] {
  const keys = new Set<DimensionKey>();
  for (const list of lists)
    for (const { atoms } of list)
      for (const a of atoms) if (a.dimension !== 'path' && a.dimension !== 'scheme') keys.add(a.dimension);
  const rank = (key: DimensionKey) =>
    ['source', 'method', 'host'].indexOf(key) + (key === 'search' ? 20 : key.includes(':') ? 10 : 0);
  return [...keys].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Numbers equal tests equally. */
class Numbering {
  readonly list: unknown[] = [];
  readonly #ids = new Map<string, number>();
  of(value: unknown): number {
    const key = JSON.stringify(value);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.list.length;
      this.#ids.set(key, id);
      this.list.push(value);
    }
    return id;
  }
}
