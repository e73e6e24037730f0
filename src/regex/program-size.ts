// How many instructions RE2 needs at least: what is said to be too large is so for certain (RE2 shares prefixes and suffixes of
// alternatives, so that the true number is seldom known without it).

import type { CharSet } from './charset.js';
import type { Syntax } from './syntax.js';

/** One instruction for each, in every encoding; what lies beyond may share its own. */
const byteRanges = (set: CharSet): number => set.filter((low, i) => i % 2 === 0 && low <= 0xff).length;

/** A lower bound of `RE2::ProgramSize`; repetitions are written out. */
export function leastProgramSize(tree: Syntax): number {
  switch (tree.kind) {
    case 'empty':
      return 0;
    case 'assert':
      return 1;
    case 'set':
      return Math.max(1, byteRanges(tree.set));
    case 'concat':
      return tree.items.reduce((sum, item) => sum + leastProgramSize(item), 0);
    case 'alternate':
      return tree.items.reduce((most, item) => Math.max(most, leastProgramSize(item)), 0);
    case 'repeat':
      return leastProgramSize(tree.item) * Math.max(tree.min, tree.max ?? 1);
  }
}
