// Whether one rule takes one request, and which of many rules is the first that does: rules are found by the rarest text
// that they ask for, so that a list of 100,000 is not gone through.

import { type Budget, spend } from '../regex/index.js';
import { addressHolds } from './addresses.js';
import type { Atom, DimensionKey, Product } from './atoms.js';
import { FORWARDED_FOR } from './dimension.js';
import type { Point } from './explore.js';
import { type StringTest, testHolds } from './string-test.js';

/** A request, and what all requests of the question share. */
export interface Sample extends Point {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly source: string;
}

export type TestOf = (atom: Atom) => StringTest;

/** A test that is only asked about texts, and not computed with: every text that it takes begins with `literal`. */
export interface Matcher {
  readonly kind: 'matcher';
  readonly literal: string;
  readonly holds: (text: string) => boolean;
}

export type AskedOf = (atom: Atom) => StringTest | Matcher;

/** undefined: not known. */
function atomTakes(atom: Atom, sample: Sample, testOf: AskedOf): boolean | undefined {
  const { dimension, test, invert, absent } = atom;
  if (dimension === 'target' || dimension === 'sni' || dimension === FORWARDED_FOR) return undefined;
  const value = valueIn(dimension, sample);
  if (value === null) return absent;
  if (test.kind === 'cidrs') return addressHolds(test, value) !== invert;
  const compiled = testOf(atom);
  if (compiled.kind === 'unknown') return undefined;
  return (compiled.kind === 'matcher' ? compiled.holds(value) : testHolds(compiled, value)) !== invert;
}

function valueIn(dimension: DimensionKey, { path, values, scheme, host, source }: Sample): string | null {
  if (dimension === 'path') return path;
  if (dimension === 'scheme') return scheme;
  const value = values.get(dimension);
  if (value !== undefined) return value;
  if (dimension === 'method') return 'GET';
  if (dimension === 'host') return host;
  if (dimension === 'source') return source;
  if (dimension === 'search') return [...values.keys()].some((k) => k.startsWith('query:')) ? 'x=1' : null;
  return null;
}

/** The number of the first rule that takes a request; -1: none; undefined: not known. */
export type FirstTaker = (sample: Sample) => number | undefined;

/** Asking may throw TooLargeError, when the budget is spent. */
export function firstTaker(rules: readonly Product[], testOf: AskedOf, budget: Budget): FirstTaker {
  const filed = filedByRarest(rules.map(({ atoms }) => atoms.flatMap((a) => keyOf(a, testOf) ?? [])));
  const listsFor = lookUp(filed);
  return (sample) => {
    let first = -1;
    for (const list of listsFor(sample))
      for (const i of list ?? []) {
        if (first >= 0 && i > first) break;
        spend(budget, STEPS_OF_RULE);
        const answers = rules[i]!.atoms.map((a) => atomTakes(a, sample, testOf));
        if (answers.includes(false)) continue;
        if (answers.includes(undefined)) return undefined;
        first = i;
        break;
      }
    return first;
  };
}

/** Rules in order, each under the key of its own that the fewest rules have. */
type Filed = ReadonlyMap<string, readonly number[]>;

/** `keys[rule]`: texts that every request of the rule has. */
function filedByRarest(keys: readonly (readonly string[])[]): Filed {
  const counts = new Map<string, number>();
  for (const list of keys) for (const key of list) counts.set(key, (counts.get(key) ?? 0) + 1);
  const filed = new Map<string, number[]>();
  keys.forEach((list, i) => {
    let rarest = EVERYTHING;
    for (const key of list) if (rarest === EVERYTHING || counts.get(key)! < counts.get(rarest)!) rarest = key;
    const known = filed.get(rarest);
    if (known) known.push(i);
    else filed.set(rarest, [i]);
  });
  return filed;
}

/** The lists of rules that may take a request. */
function lookUp(filed: Filed): (sample: Sample) => (readonly number[] | undefined)[] {
  const keys = [...filed.keys()];
  const lengths = new Set(keys.filter((k) => k.startsWith(BEGINS)).map((k) => k.length - BEGINS.length));
  const headers = new Set(keys.map((k) => k.slice(0, k.indexOf('='))));
  return (sample) => {
    const lists = [filed.get(EVERYTHING), filed.get(`path=${sample.path}`)];
    for (const length of lengths)
      if (length <= sample.path.length) lists.push(filed.get(BEGINS + sample.path.slice(0, length)));
    for (const dimension of headers) {
      const value = dimension === 'path' ? null : valueIn(dimension, sample);
      if (value !== null) lists.push(filed.get(`${dimension}=${value}`));
    }
    return lists;
  };
}

/** Asking one rule, in steps. */
const STEPS_OF_RULE = 10;

const EVERYTHING = '';
const BEGINS = 'path^';

/** A text that every request of the atom has. */
function keyOf(atom: Atom, testOf: AskedOf): string | undefined {
  const { dimension, test, invert, absent } = atom;
  if (invert || absent || test.kind === 'cidrs' || test.kind === 'any' || dimension === 'target') return undefined;
  if (dimension === 'path') {
    const compiled = testOf(atom);
    if (compiled.kind === 'exact') return `path=${compiled.literal}`;
    return 'literal' in compiled && compiled.literal !== '' ? BEGINS + compiled.literal : undefined;
  }
  return test.kind === 'exact' && test.ignoreCase !== true ? `${dimension}=${test.value}` : undefined;
}
