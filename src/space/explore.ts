// The product of all dimensions, explored lazily: several ordered lists of rules are asked at once which rule of each
// takes a request first, and every combination that some request shows is reported with such a request.
// Path first (`partition.ts`), then a decision diagram over the other dimensions: at each, classes that the rules still
// in question cannot tell apart are one branch, and what has been visited is not visited again.

import { append } from '../model/index.js';
import { spend, TooLargeError } from '../regex/index.js';

import type { DimensionKey, Product } from './atoms.js';
import { type CompiledRules, type Condition, compileRules, isPlain, type Rule, takes } from './compile-rules.js';
import { demandOf, wantedRules } from './demand-of-rules.js';
import type { Dimension, Frame, ValueClass } from './dimension.js';
import { pathDomain } from './domain.js';
import { partition } from './partition.js';
import { newRun, type Work, workFor } from './work.js';

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
  work.left -= STEPS_TO_BEGIN + STEPS_OF_RULE * lists.reduce((n, list) => n + list.length, 0);
  const compiled = compileRules(lists, frame, work);
  const asked = visitor.wanted && wantedRules(compiled, visitor.wanted.bind(visitor));
  const search: Search = {
    rules: compiled.rules,
    dimensions: compiled.dimensions,
    sides: lists.length,
    visitor,
    drop: asked?.drop ?? (() => undefined),
    work,
    hasSearch: compiled.dimensions.some((d) => d.key === 'search'),
    visited: new Set(),
    values: [],
    path: '',
    stopped: false,
  };
  const rulesOf = rulesByPath(compiled, work);
  const demand = demandOf(compiled, lists.length, asked?.wanted);
  let pathClasses = 0;
  const onPath = (accepted: readonly number[], word: string): boolean => {
    pathClasses++;
    search.path = word;
    descend(search, -1, cut(search, rulesOf(accepted), -1));
    return search.stopped;
  };
  let reason: string | undefined;
  try {
    partition(compiled.pathTests, pathDomain(frame.engines).words, demand, onPath, work);
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    reason = `the paths have ${error.message}`;
  }
  return {
    complete: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    unknown: compiled.unknown,
    empty: compiled.empty,
    pathClasses,
    classes: Object.fromEntries(compiled.dimensions.map((d) => [d.key, d.classes.length])),
  };
}

/** Which rules match a class of paths, in order, by the tests that hold for it. */
function rulesByPath({ rules, pathTests }: CompiledRules, work: Work): (accepted: readonly number[]) => number[] {
  const users: number[][] = pathTests.map(() => []);
  const unconfined: number[] = [];
  rules.forEach((rule, id) => {
    const positive = rule.paths.find((p) => !p.invert);
    if (positive) users[positive.test]!.push(id);
    else unconfined.push(id);
  });
  return (accepted) => {
    const asked = accepted.reduce((n, t) => n + users[t]!.length, unconfined.length);
    spend(work, STEPS_OF_CLASS + accepted.length + asked);
    const holds = new Set(accepted);
    return [...unconfined, ...accepted.flatMap((t) => users[t]!)]
      .filter((id) => rules[id]!.paths.every((p) => holds.has(p.test) !== p.invert))
      .sort((a, b) => a - b);
  };
}

/** The way through the dimensions, for one class of paths after the other. */
interface Search {
  readonly rules: readonly Rule[];
  readonly dimensions: readonly Dimension[];
  readonly sides: number;
  readonly visitor: Visitor;
  readonly drop: (side: number, index: number) => void;
  readonly work: Work;
  readonly hasSearch: boolean;
  readonly visited: Set<string>;
  /** Of the dimensions that were decided, by number. */
  readonly values: (string | null)[];
  path: string;
  stopped: boolean;
}

/** Rules of each side in order (rules are numbered side by side), up to the first that needs nothing more than dimensions up to `upTo`. */
function cut({ rules, sides }: Search, ids: readonly number[], upTo: number): number[][] {
  const lists: number[][] = Array.from({ length: sides }, () => []);
  const closed = new Uint8Array(sides);
  for (const id of ids) {
    const rule = rules[id]!;
    if (closed[rule.side] === 1) continue;
    lists[rule.side]!.push(id);
    if (rule.last <= upTo) closed[rule.side] = 1;
  }
  return lists;
}

function descend(search: Search, done: number, lists: readonly (readonly number[])[], depth = 0): void {
  const { rules, dimensions, visitor, visited, values, work } = search;
  if (search.stopped) return;
  if (depth > MAX_DEPTH) throw new TooLargeError(`more than ${MAX_DEPTH} properties that must be considered together`);
  if (visitor.skip?.(lists.map((l) => l.map((id) => rules[id]!.index)))) return;
  const next = nextDimension(search, done, lists);
  if (next === undefined) {
    leaf(search, lists);
    return;
  }
  const hasQuery = search.hasSearch && hasParameter(search);
  const key = `${next}${hasQuery ? '?' : ':'}${lists.join('|')}`;
  if (visited.has(key)) return;
  visited.add(key);
  if (visited.size > MAX_NODES) throw new TooLargeError('more combinations of conditions than the cap allows');

  const { key: property, classes } = dimensions[next]!;
  const asked = conditionsOn(search, next, lists.flat());
  // Classes that the conditions on this dimension treat alike are one branch.
  const branches = new Set<string>();
  for (const valueClass of classes) {
    // A request with a query parameter has a query.
    if (hasQuery && property === 'search' && valueClass.value === null) continue;
    const taking = rulesTaking(asked, valueClass, work);
    const branch = taking.join();
    if (branches.has(branch)) continue;
    branches.add(branch);
    spend(work, asked.always.length);
    values[next] = valueClass.value;
    descend(search, next, cut(search, merge(asked.always, taking), next), depth + 1);
    if (search.stopped) return;
  }
  delete values[next];
}

/** The first dimension after `done` that one of the rules has a condition on. */
function nextDimension({ rules, work }: Search, done: number, lists: readonly (readonly number[])[]) {
  let next = Number.POSITIVE_INFINITY;
  let looked = 0;
  for (const list of lists)
    for (const id of list) {
      const { conditions } = rules[id]!;
      looked += 1 + conditions.length;
      for (const c of conditions) if (c.dimension > done && c.dimension < next) next = c.dimension;
    }
  spend(work, looked);
  return next === Number.POSITIVE_INFINITY ? undefined : next;
}

const hasParameter = ({ values, dimensions }: Search): boolean =>
  values.some((v, i) => typeof v === 'string' && dimensions[i]!.key.startsWith('query:'));

/** Rules by what they ask of a dimension: nothing, that one test holds, or something else. */
interface Asked {
  readonly always: readonly number[];
  readonly byTest: ReadonlyMap<number, readonly number[]>;
  readonly others: readonly { readonly id: number; readonly conditions: readonly Condition[] }[];
}

function conditionsOn({ rules }: Search, dimension: number, ids: readonly number[]): Asked {
  const always: number[] = [];
  const byTest = new Map<number, number[]>();
  const others: { readonly id: number; readonly conditions: readonly Condition[] }[] = [];
  for (const id of [...ids].sort((a, b) => a - b)) {
    const conditions = rules[id]!.conditions.filter((c) => c.dimension === dimension);
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

/** The rules beside `always` whose conditions a class of values meets, in order. */
function rulesTaking({ byTest, others }: Asked, { value, holds }: ValueClass, work: Work): number[] {
  const taking: number[] = [];
  if (value !== null && byTest.size > 0)
    if (holds.size <= byTest.size) for (const t of holds) append(taking, byTest.get(t) ?? []);
    else for (const [t, ids] of byTest) if (holds.has(t)) append(taking, ids);
  for (const { id, conditions } of others) if (takes(conditions, value, holds)) taking.push(id);
  spend(work, 1 + Math.min(holds.size, byTest.size) + others.length + taking.length);
  return taking.sort((a, b) => a - b);
}

function leaf(search: Search, lists: readonly (readonly number[])[]): void {
  const { rules, dimensions, visitor, drop } = search;
  const taken = lists.map((l) => (l.length === 0 ? -1 : rules[l[0]!]!.index));
  const point = (): Point => {
    const values = new Map<DimensionKey, string | null>();
    search.values.forEach((value, i) => {
      values.set(dimensions[i]!.key, value);
    });
    return { path: search.path, values };
  };
  if (visitor.onLeaf(taken, point, drop)) search.stopped = true;
}

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
