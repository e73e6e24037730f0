// Many hosts have the same rules: what tells their requests apart is explored for the first of them, and gone through again
// for each of the others.

import { spend, TooLargeError } from '../regex/index.js';
import { type Exploration, explore, type Frame, type Point, type Visitor, type Work } from '../space/index.js';
import type { Sides } from './sides.js';

export interface HostExploration {
  readonly sides: Sides;
  readonly frame: Frame;
  /** Equal for hosts whose requests are told apart in the same way; undefined: nothing is known of others. */
  readonly key: string | undefined;
}

/** Called for each class of requests with the first rule of each list that takes it. */
type OnLeaf = (taken: readonly number[], point: () => Point) => void;

interface Leaf {
  readonly taken: readonly number[];
  readonly point: Point;
}

interface Kept {
  readonly result: Exploration;
  readonly leaves: readonly Leaf[];
}

/** What the comparisons of one pair of gateways remember. */
export interface Memory {
  readonly numbers: Map<string, number>;
  readonly kept: Map<string, Kept>;
  /** How rules differ (`deltaOf`) that gave the same answers to every request that was tried. */
  readonly triedAlike: Set<string>;
  /** Leaves that may still be kept. */
  room: number;
}

export const newMemory = (): Memory => ({ numbers: new Map(), kept: new Map(), triedAlike: new Set(), room: 100_000 });

/** Leaves of one exploration that are kept at most. */
const MOST_LEAVES = 1_000;
/** What going through one again costs, in steps, beside what is asked about it. */
const STEPS_OF_LEAF = 50;

/** undefined where the host itself or the client address counts, or policies decide. */
export function keyOf(memory: Memory, { texts, guarded }: Sides, { scheme, source }: Frame): string | undefined {
  if (guarded || source) return undefined;
  const numbered = texts.map((list) => list.map((text) => numberOf(memory, text)).join());
  return `${scheme} ${numbered.join('|')}`;
}

function numberOf({ numbers }: Memory, text: string): number {
  let number = numbers.get(text);
  if (number === undefined) numbers.set(text, (number = numbers.size));
  return number;
}

export function exploreOnce(
  memory: Memory,
  { key, sides, frame }: HostExploration,
  work: Work,
  onLeaf: OnLeaf,
): Exploration {
  const known = key === undefined ? undefined : memory.kept.get(key);
  if (known) return again(known, work, onLeaf);
  const leaves: Leaf[] = [];
  const most = key === undefined ? 0 : Math.min(MOST_LEAVES, memory.room);
  let count = 0;
  const visitor: Visitor = {
    ...changesOnly(sides),
    onLeaf(taken, point) {
      if (++count <= most) leaves.push({ taken, point: point() });
      onLeaf(taken, point);
      return false;
    },
  };
  const result = explore(sides.lists, frame, visitor, work);
  if (key !== undefined && count <= most && result.complete) {
    memory.kept.set(key, { result, leaves });
    memory.room -= leaves.length;
  }
  return result;
}

/** Policies decide before routes do, so that where they are, all requests are looked at. */
function changesOnly({ guarded, changed, texts: [before, after] }: Sides): Omit<Visitor, 'onLeaf'> {
  if (guarded) return {};
  return {
    wanted: (side, index) => changed[side]!.has(index),
    skip: ([left, right]) => left!.length === right!.length && left!.every((i, n) => before[i] === after[right![n]!]),
  };
}

function again({ result, leaves }: Kept, work: Work, onLeaf: OnLeaf): Exploration {
  try {
    for (const { taken, point } of leaves) {
      spend(work, STEPS_OF_LEAF);
      onLeaf(taken, () => point);
    }
    return result;
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    return { ...result, complete: false, reason: `the paths have ${error.message}` };
  }
}
