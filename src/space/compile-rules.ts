// Rules made ready to be asked together: tests numbered, so that equal ones are one, each dimension cut into the classes
// that the tests on it can tell apart, and conditions dropped that hold for all of them.

import { append } from '../model/index.js';
import type { CharSet } from '../regex/index.js';
import type { Atom, DimensionKey, Product } from './atoms.js';
import { buildDimension, type Dimension, type Frame } from './dimension.js';
import { pathDomain } from './domain.js';
import { type StringTest, stringTest, testHolds } from './string-test.js';
import type { Work } from './work.js';

export interface PathCondition {
  readonly test: number;
  readonly invert: boolean;
}

export interface Condition {
  /** Index in the order of dimensions. */
  readonly dimension: number;
  readonly test: number;
  readonly invert: boolean;
  readonly absent: boolean;
}

/** A rule, numbered over all lists. */
export interface Rule {
  readonly side: number;
  readonly index: number;
  readonly paths: readonly PathCondition[];
  readonly conditions: readonly Condition[];
  /** Last dimension that a condition is on; -1: the path decides alone. */
  readonly last: number;
}

export interface CompiledRules {
  /** Side by side, each in order; without those of `unknown` and `empty`. */
  readonly rules: readonly Rule[];
  readonly pathTests: readonly StringTest[];
  readonly dimensions: readonly Dimension[];
  /** `unknown[side]`: rules left out because a test of theirs is too large, with the reason. */
  readonly unknown: readonly ReadonlyMap<number, string>[];
  /** `empty[side]`: rules whose own conditions contradict each other or the kind of connection. */
  readonly empty: readonly ReadonlySet<number>[];
}

export function compileRules(lists: readonly (readonly Product[])[], frame: Frame, work: Work): CompiledRules {
  const unknown = lists.map(() => new Map<number, string>());
  const empty = lists.map(() => new Set<number>());
  const tests = numberTests(dimensionOrder(lists), pathDomain(frame.engines).alphabet, work);
  const possible: Rule[] = [];
  lists.forEach((list, side) => {
    list.forEach(({ atoms }, index) => {
      const { rule, holds, reason } = readAtoms(atoms, { side, index }, tests, frame.scheme);
      if (reason !== undefined) unknown[side]!.set(index, reason);
      if (holds) possible.push(rule);
      else empty[side]!.add(index);
    });
  });
  const dimensions = tests.keys.map((key) => buildDimension(key, tests.on(key), frame, work));
  const counts = dimensions.map(countHolds);
  const rules: Rule[] = [];
  for (const draft of possible) {
    const { rule, isEmpty, reason } = simplify(draft, dimensions, counts);
    if (reason !== undefined) unknown[rule.side]!.set(rule.index, reason);
    if (isEmpty) empty[rule.side]!.add(rule.index);
    if (!isEmpty && !unknown[rule.side]!.has(rule.index)) rules.push(rule);
  }
  return { rules, pathTests: tests.pathTests, dimensions, unknown, empty };
}

/** All tests of all rules, by number. */
interface NumberedTests {
  readonly keys: readonly DimensionKey[];
  readonly pathTests: readonly StringTest[];
  readonly on: (key: DimensionKey) => readonly Atom['test'][];
  readonly numberOfPath: (test: Atom['test']) => number;
  readonly condition: (atom: Atom) => Condition;
}

function numberTests(keys: readonly DimensionKey[], alphabet: CharSet, work: Work): NumberedTests {
  const places = new Map(keys.map((key, i) => [key, i]));
  const numberings = keys.map(() => numbering());
  const paths = numbering();
  const pathTests: StringTest[] = [];
  return {
    keys,
    pathTests,
    on: (key) => numberings[places.get(key)!]!.list,
    numberOfPath: (test) => {
      const number = paths.of(test);
      if (number === pathTests.length)
        pathTests.push(test.kind === 'cidrs' ? { kind: 'never' } : stringTest(test, alphabet, work));
      return number;
    },
    condition: ({ dimension: key, test, invert, absent }) => {
      const dimension = places.get(key)!;
      return { dimension, test: numberings[dimension]!.of(test), invert, absent };
    },
  };
}

/** Numbers equal tests equally. */
function numbering() {
  const list: Atom['test'][] = [];
  const ids = new Map<string, number>();
  const of = (test: Atom['test']): number => {
    const key = JSON.stringify(test);
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, list.length);
    return list.push(test) - 1;
  };
  return { list, of };
}

/** A rule before its dimensions are known. `holds`: no atom fails for every request; `reason`: why a test cannot be computed with. */
interface Draft {
  readonly rule: Rule;
  readonly holds: boolean;
  readonly reason: string | undefined;
}

function readAtoms(
  atoms: readonly Atom[],
  place: Pick<Rule, 'side' | 'index'>,
  tests: NumberedTests,
  scheme: Frame['scheme'],
): Draft {
  const paths: PathCondition[] = [];
  const conditions: Condition[] = [];
  let holds = true;
  let reason: string | undefined;
  for (const atom of atoms) {
    if (atom.dimension === 'path') {
      const number = tests.numberOfPath(atom.test);
      const test = tests.pathTests[number]!;
      if (test.kind === 'unknown') reason = test.reason;
      else if (test.kind === 'always' || test.kind === 'never') holds &&= (test.kind === 'always') !== atom.invert;
      else paths.push({ test: number, invert: atom.invert });
    } else if (atom.dimension === 'scheme') holds &&= schemeHolds(atom, scheme);
    else conditions.push(tests.condition(atom));
  }
  return { rule: { ...place, paths, conditions, last: -1 }, holds, reason };
}

const ASCII = [0x20, 0x7e];

const schemeHolds = ({ test, invert }: Atom, scheme: string): boolean =>
  (test.kind !== 'cidrs' && testHolds(stringTest(test, ASCII), scheme)) !== invert;

/** Drops conditions that always hold, and finds those that never do. `counts`: in how many classes each test holds. */
function simplify(rule: Rule, dimensions: readonly Dimension[], counts: readonly ReadonlyMap<number, number>[]) {
  const kept: Condition[] = [];
  let { last } = rule;
  let isEmpty = false;
  let reason: string | undefined;
  for (const [number, conditions] of byDimension(rule.conditions)) {
    const { classes, unknown } = dimensions[number]!;
    const tooLarge = conditions.map((c) => unknown.get(c.test)).find((r) => r !== undefined);
    const [first] = conditions;
    const taken =
      conditions.length === 1 && isPlain(first!)
        ? (counts[number]!.get(first!.test) ?? 0)
        : classes.filter(({ value, holds }) => takes(conditions, value, holds)).length;
    reason = tooLarge ?? reason;
    isEmpty ||= taken === 0 && tooLarge === undefined;
    if (taken === classes.length) continue;
    append(kept, conditions);
    last = Math.max(last, number);
  }
  return { rule: { ...rule, conditions: kept, last }, isEmpty, reason };
}

function byDimension(conditions: readonly Condition[]): ReadonlyMap<number, Condition[]> {
  const groups = new Map<number, Condition[]>();
  for (const c of conditions) {
    const group = groups.get(c.dimension);
    if (group) group.push(c);
    else groups.set(c.dimension, [c]);
  }
  return groups;
}

/** Of each test the classes where it holds. */
function countHolds({ classes }: Dimension): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { holds } of classes) for (const t of holds) counts.set(t, (counts.get(t) ?? 0) + 1);
  return counts;
}

/** Holds where the test does, and never for an absent value. */
export const isPlain = ({ invert, absent }: Condition): boolean => !invert && !absent;

/** Whether all of the conditions on one dimension hold for a class of its values. */
export const takes = (conditions: readonly Condition[], value: string | null, holds: ReadonlySet<number>): boolean =>
  conditions.every((c) => (value === null ? c.absent : holds.has(c.test) !== c.invert));

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
