// Named classes and simple case folding, as RE2 has them (https://github.com/google/re2/wiki/Syntax): Perl and POSIX
// classes are ASCII, \p{…} are Unicode general categories and scripts, (?i) folds by simple folding.

import { type CharSet, MAX_CODE_POINT, normalizeRanges, unionChars } from './charset.js';

const DIGIT: CharSet = [0x30, 0x39];
export const WORD: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** RE2's \s: `[\t\n\f\r ]`, without \v. */
export const SPACE: CharSet = [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20];

/** The capital letters are the complements. */
export const PERL: ReadonlyMap<string, CharSet> = new Map([
  ['d', DIGIT],
  ['w', WORD],
  ['s', SPACE],
]);

export const POSIX: ReadonlyMap<string, CharSet> = new Map(
  Object.entries({
    alnum: [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a],
    alpha: [0x41, 0x5a, 0x61, 0x7a],
    ascii: [0, 0x7f],
    blank: [0x09, 0x09, 0x20, 0x20],
    cntrl: [0, 0x1f, 0x7f, 0x7f],
    digit: DIGIT,
    graph: [0x21, 0x7e],
    lower: [0x61, 0x7a],
    print: [0x20, 0x7e],
    punct: [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e],
    space: [0x09, 0x0d, 0x20, 0x20],
    upper: [0x41, 0x5a],
    word: WORD,
    xdigit: [0x30, 0x39, 0x41, 0x46, 0x61, 0x66],
  }),
);

const CATEGORY = /^(?:C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/;
const SCRIPT = /^[A-Z][A-Za-z_]{1,40}$/;
const named = new Map<string, CharSet | undefined>();

/** `\p{name}`; undefined where there is no such class. Names are checked before they reach the host's own tables. */
export function unicodeClass(name: string): CharSet | undefined {
  if (named.has(name)) return named.get(name);
  let set: CharSet | undefined;
  if (name === 'Any') set = [0, MAX_CODE_POINT];
  else if (CATEGORY.test(name)) set = scan(`\\p{${name}}`);
  else if (SCRIPT.test(name)) set = scan(`\\p{Script=${name}}`);
  named.set(name, set);
  return set;
}

function scan(property: string): CharSet | undefined {
  let test: RegExp;
  try {
    test = new RegExp(`^${property}$`, 'u');
  } catch {
    return undefined;
  }
  const out: number[] = [];
  for (let c = 0; c <= MAX_CODE_POINT; c++) {
    if (!test.test(String.fromCodePoint(c))) continue;
    if (out.length > 0 && out[out.length - 1] === c - 1) out[out.length - 1] = c;
    else out.push(c, c);
  }
  return out;
}

let orbits: Map<number, number[]> | undefined;

/** Characters beyond ASCII (and the ASCII ones they fold to) that share a simple case folding. */
function caseOrbits(): Map<number, number[]> {
  if (orbits) return orbits;
  const groups = new Map<number, number[]>();
  for (let c = 0x41; c <= 0x1e943; c++) {
    if (c === 0x3400) c = 0xa640; // no cased letters between
    if (c === 0xac00) c = 0xfb00;
    const text = String.fromCodePoint(c);
    const fold = onePoint(onePoint(text.toUpperCase(), text).toLowerCase(), text).codePointAt(0)!;
    const group = groups.get(fold);
    if (group) group.push(c);
    else groups.set(fold, [c]);
  }
  orbits = new Map();
  for (const [fold, group] of groups) {
    const all = group.includes(fold) ? group : [...group, fold];
    if (all.length > 1) for (const c of all) orbits.set(c, all);
  }
  return orbits;
}

const onePoint = (text: string, otherwise: string): string => ([...text].length === 1 ? text : otherwise);

/** The set with every simple case variant added. */
export function foldCase(set: CharSet): CharSet {
  const extra: number[] = [];
  for (let i = 0; i < set.length; i += 2) {
    const lo = set[i]!;
    const hi = set[i + 1]!;
    const add = (from: number, to: number, shift: number) => {
      if (Math.max(lo, from) <= Math.min(hi, to)) extra.push(Math.max(lo, from) + shift, Math.min(hi, to) + shift);
    };
    add(0x41, 0x5a, 32);
    add(0x61, 0x7a, -32);
    for (const [a, b] of [
      [0x4b, 0x212a],
      [0x6b, 0x212a],
      [0x53, 0x17f],
      [0x73, 0x17f],
    ] as const)
      if (lo <= a && a <= hi) extra.push(b, b);
    if (hi >= 0x80 && !(lo <= 0x80 && hi >= 0x1e943)) {
      const table = caseOrbits();
      for (let c = Math.max(lo, 0x80); c <= Math.min(hi, 0x1e943); c++)
        for (const other of table.get(c) ?? []) extra.push(other, other);
    } else if (hi >= 0x80) extra.push(0x4b, 0x4b, 0x6b, 0x6b, 0x53, 0x53, 0x73, 0x73);
  }
  return extra.length === 0 ? set : unionChars([set, normalizeRanges(extra)]);
}

/** ASCII only, as Envoy's `ignore_case` folds. */
export function foldAscii(set: CharSet): CharSet {
  const extra: number[] = [];
  for (let i = 0; i < set.length; i += 2)
    for (let c = Math.max(set[i]!, 0x41); c <= Math.min(set[i + 1]!, 0x7a); c++)
      if (c <= 0x5a) extra.push(c + 32, c + 32);
      else if (c >= 0x61) extra.push(c - 32, c - 32);
  return unionChars([set, normalizeRanges(extra)]);
}
