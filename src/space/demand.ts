// Which of the tests of a dimension the rules ask for, and from which rule on nobody asks any more.

/** Which rules need a test: rules are counted from 0 in each of `sides` ordered lists. */
export interface Demand {
  readonly sides: number;
  /** `firstUse[side][test]`: the first rule that needs it; Infinity: none. */
  readonly firstUse: readonly Float64Array[];
  /** `firstTotal[side][test]`: the first rule that has no other condition. */
  readonly firstTotal: readonly Float64Array[];
  /** First rule of each side that takes everything. */
  readonly base: Float64Array;
  /** Absent: all classes are asked for. */
  readonly wanted?: Wanted;
}

/** Only classes where one of these tests holds are asked for, unless `all`. May become less on the way. */
export interface Wanted {
  all: boolean;
  readonly tests: Uint8Array;
}

/** All rules that need it come after rules that take everything. */
export function isBeyond(use: readonly Float64Array[], index: number, bound: Float64Array): boolean {
  for (let s = 0; s < use.length; s++) if (use[s]![index]! <= bound[s]!) return false;
  return true;
}
