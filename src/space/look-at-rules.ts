// For each rule of one list: a point where it is the first to match, or that there is none, or why that is open. All at
// once, as far as the budget goes; then one by one (`one-by-one.ts`).

import { OVERSPENT } from '../regex/index.js';
import type { Product } from './atoms.js';
import { type Beginnings, indexBeginnings } from './beginnings.js';
import type { Frame } from './dimension.js';
import { explore, type Point, STEPS_OF_RULE, type Visitor } from './explore.js';
import { oneByOne, type Single } from './one-by-one.js';
import type { Sample } from './takes.js';
import { type Run, type Work, withPart, withWork } from './work.js';

export interface Rule extends Product {
  /** Every path that the rule takes begins with this. */
  readonly beginning: string;
}

export interface Found {
  readonly point?: Point;
  /** Its own conditions exclude each other. */
  readonly empty: boolean;
  /** Why it is open whether there is a point. */
  readonly reason?: string;
  /** Computed when asked, once. */
  readonly cover: () => Cover & { readonly shown?: Point };
}

export interface Cover {
  /** Numbers of the earlier rules that take requests which the rule matches. */
  readonly by: readonly number[];
  /** Why there may be more. */
  readonly reason?: string;
}

/** `at`: what requests have that say nothing else. */
export function lookAtRules(
  rules: readonly Rule[],
  frame: Frame,
  at: Pick<Sample, 'host' | 'source'>,
  run: Run,
): readonly Found[] {
  const points: (Point | undefined)[] = rules.map(() => undefined);
  const result = withWork(run, rules.length, (work) =>
    explore(
      [rules],
      frame,
      {
        wanted: (_, i) => points[i] === undefined,
        skip: ([list]) => list!.every((i) => points[i] !== undefined),
        onLeaf([taken], point, drop) {
          if (taken! < 0 || points[taken!]) return false;
          points[taken!] = point();
          drop(0, taken!);
          return false;
        },
      },
      work,
    ),
  );
  const unknown = result.unknown[0]!;
  const isOpen = (i: number) => points[i] === undefined && (!result.complete || unknown.has(i));
  const open = rules.flatMap((_, i) => (isOpen(i) ? [i] : []));
  const singles: ReadonlyMap<number, Single> =
    open.length === 0 ? new Map() : withWork(run, rules.length, (work) => oneByOne(rules, open, frame, at, work));
  const rest = open.filter((i) => !singles.has(i) && !unknown.has(i));
  const alone = rest.length === 0 ? new Map() : withWork(run, 0, (work) => lookAlone(rules, rest, frame, work));
  return rules.map((_, i): Found => {
    const single = singles.get(i) ?? alone.get(i);
    const point = points[i] ?? single?.point;
    const taken = single?.coveredBy;
    const isDecided = !isOpen(i) || single !== undefined;
    const reason = isDecided ? undefined : (unknown.get(i) ?? result.reason);
    let cover: ReturnType<Found['cover']> | undefined;
    return {
      ...(point ? { point } : {}),
      empty: result.empty[0]!.has(i),
      ...(reason === undefined ? {} : { reason }),
      cover: () => (cover ??= taken === undefined ? coverOf(rules, i, frame, at, run) : { by: [taken] }),
    };
  });
}

/** Steps for one rule against the earlier ones. */
const STEPS_ALONE = 2_000_000;

/** Where all at once was too much, one rule against the earlier ones that share a beginning may not be. */
function lookAlone(
  rules: readonly Rule[],
  open: readonly number[],
  frame: Frame,
  work: Work,
): ReadonlyMap<number, Single> {
  const found = new Map<number, Single>();
  for (const index of open) {
    const earlier = earlierThan(rules, index);
    if (work.left < STEPS_OF_RULE * earlier.length) continue;
    let point: Point | undefined;
    const { complete } = withPart(work, STEPS_ALONE, (part) =>
      explore(
        [[...earlier.map((i) => rules[i]!), rules[index]!]],
        frame,
        {
          wanted: (_, k) => k === earlier.length,
          onLeaf([taken], at) {
            if (taken === earlier.length) point = at();
            return point !== undefined;
          },
        },
        part,
      ),
    );
    if (point) found.set(index, { point });
    else if (complete) found.set(index, {});
  }
  return found;
}

/** Earlier rules of which one beginning continues the other: no other shares a path with rule `index`. */
function earlierThan(rules: readonly Rule[], index: number): number[] {
  const { places, near } = beginningsOf(rules);
  const found: number[] = [];
  for (const text of near(rules[index]!.beginning)) for (const i of places.get(text)!) if (i < index) found.push(i);
  return found.sort((x, y) => x - y);
}

const beginnings = new WeakMap<readonly Rule[], Beginnings>();

function beginningsOf(rules: readonly Rule[]): Beginnings {
  let known = beginnings.get(rules);
  if (!known) beginnings.set(rules, (known = indexBeginnings(rules.map((r) => r.beginning))));
  return known;
}

/** The earlier rules that take requests which rule `index` matches, and one such request. */
function coverOf(
  rules: readonly Rule[],
  index: number,
  frame: Frame,
  at: Pick<Sample, 'host' | 'source'>,
  run: Run,
): ReturnType<Found['cover']> {
  if (run.left <= 0) return { by: [], reason: OVERSPENT };
  const own = rules[index]!;
  const earlier = earlierThan(rules, index);
  const taking = new Set<number>();
  let shown: Point | undefined;
  const visitor: Visitor = {
    wanted: (side) => side === 1,
    skip: ([first, mine]) => mine!.length === 0 || (first!.length > 0 && first!.every((i) => taking.has(i))),
    onLeaf([first, mine], point) {
      if (mine === 0 && first! >= 0) {
        taking.add(first!);
        shown ??= point();
      }
      return false;
    },
  };
  const lists = [earlier.map((i) => rules[i]!), [own]];
  const { complete, reason } = withWork(
    run,
    0,
    (work) =>
      work.left < STEPS_OF_RULE * earlier.length
        ? { complete: false, reason: OVERSPENT }
        : explore(lists, frame, visitor, work),
    STEPS_OF_COVER,
  );
  if (!complete) {
    const taker = withWork(run, 1, (work) => oneByOne(rules, [index], frame, at, work), STEPS_OF_COVER).get(index);
    if (taker?.coveredBy !== undefined) return { by: [taker.coveredBy] };
  }
  const by = [...taking].sort((a, b) => a - b).map((i) => earlier[i]!);
  return { by, ...(shown ? { shown } : {}), ...(complete ? {} : { reason: reason! }) };
}

/** Steps to find the rules that take what one rule matches. */
const STEPS_OF_COVER = 1_000_000;
