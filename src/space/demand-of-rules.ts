// What the rules of an exploration ask of the classes of paths: which test is needed up to which rule, and which rules are
// asked for at all.

import type { CompiledRules, Rule } from './compile-rules.js';
import type { Demand, Wanted } from './demand.js';

/** Rules of `sides` ordered lists; without `wanted` all classes are asked for. */
export function demandOf({ rules, pathTests }: CompiledRules, sides: number, wanted: Wanted | undefined): Demand {
  const noRule = (length: number) => new Float64Array(length).fill(Number.POSITIVE_INFINITY);
  const firstUse = Array.from({ length: sides }, () => noRule(pathTests.length));
  const firstTotal = Array.from({ length: sides }, () => noRule(pathTests.length));
  const base = noRule(sides);
  for (const { side, index, paths, last } of rules) {
    for (const { test } of paths) lower(firstUse[side]!, test, index);
    if (last >= 0) continue;
    const [only] = paths;
    if (!only) lower(base, side, index);
    else if (paths.length === 1 && !only.invert) lower(firstTotal[side]!, only.test, index);
  }
  return { sides, firstUse, firstTotal, base, ...(wanted ? { wanted } : {}) };
}

function lower(values: Float64Array, at: number, value: number): void {
  values[at] = Math.min(values[at]!, value);
}

export interface WantedRules {
  readonly wanted: Wanted;
  /** Takes a rule back: a test that no other rule is asked for with is asked for no longer. */
  readonly drop: (side: number, index: number) => void;
}

/** Rules that are asked for, by the test that confines them, or together where none does. */
export function wantedRules(
  { rules, pathTests }: CompiledRules,
  isWanted: (side: number, index: number) => boolean,
): WantedRules {
  const unconfined = pathTests.length;
  const left: Map<number, Rule>[] = [];
  const counts = new Int32Array(pathTests.length + 1);
  for (const rule of rules) {
    if (!isWanted(rule.side, rule.index)) continue;
    (left[rule.side] ??= new Map()).set(rule.index, rule);
    counts[confinedBy(rule) ?? unconfined]!++;
  }
  const wanted: Wanted = {
    all: counts[unconfined]! > 0,
    tests: Uint8Array.from(counts.subarray(0, unconfined), (count) => (count > 0 ? 1 : 0)),
  };
  const drop = (side: number, index: number): void => {
    const rule = left[side]?.get(index);
    if (!rule) return;
    left[side]!.delete(index);
    const place = confinedBy(rule) ?? unconfined;
    if (--counts[place]! > 0) return;
    if (place === unconfined) wanted.all = false;
    else wanted.tests[place] = 0;
  };
  return { wanted, drop };
}

/** The path test without which a rule does not match. */
const confinedBy = (rule: Rule): number | undefined => rule.paths.find((p) => !p.invert)?.test;
