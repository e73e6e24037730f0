// Letters that a pattern takes in either case, as labels: each label stands for a set of characters, and the tree of such beginnings has
// labels where the tree of plain texts has characters.

import { type CharSet, intersectChars } from '../regex/index.js';

/** RE2 counts them as cases of `s` and `k` (`(?i)s` takes U+017F): a label of their own for all three. */
const LONG_S = 0x17f;
const KELVIN = 0x212a;

const isUpper = (c: number): boolean => c >= 0x41 && c <= 0x5a;
const isLower = (c: number): boolean => c >= 0x61 && c <= 0x7a;

/** What a set of characters is in a beginning; `case`: how much the case of the letter counts. */
export interface Label {
  readonly label: number;
  readonly case: 'counts' | 'any' | 'none';
}

/** undefined: neither one character nor the cases of one letter. `alphabet`: the characters that exist. */
export function labelOf(set: CharSet, alphabet: CharSet): Label | undefined {
  if (set.length > 6) return undefined;
  const there = intersectChars(set, alphabet);
  const [first, firstEnd, second, secondEnd, third, thirdEnd] = there;
  if (first === undefined || first !== firstEnd) return undefined;
  if (there.length === 2) {
    const isLetter = isUpper(first) || isLower(first) || first === LONG_S || first === KELVIN;
    return { label: first, case: isLetter ? 'counts' : 'none' };
  }
  if (!isUpper(first) || second !== first + 32 || second !== secondEnd) return undefined;
  if (there.length === 4) return { label: second, case: 'any' };
  const isOrbit = (first === 0x53 && third === LONG_S) || (first === 0x4b && third === KELVIN);
  return isOrbit && third === thirdEnd ? { label: third!, case: 'any' } : undefined;
}

/** The characters of a label of a beginning in any case. */
export function charactersOf(label: number): readonly number[] {
  if (isLower(label)) return [label - 32, label];
  if (label === LONG_S) return [0x53, 0x73, LONG_S];
  return label === KELVIN ? [0x4b, 0x6b, KELVIN] : [label];
}

/** The labels that a character has; a letter of two cases at most two. */
export function labelsOf(character: number): readonly number[] {
  const lower = isUpper(character) ? character + 32 : character;
  if (lower === 0x73) return [lower, LONG_S];
  return lower === 0x6b ? [lower, KELVIN] : [lower];
}
