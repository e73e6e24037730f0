// Rules one by one, where all at once are too many: a request made of a rule's own texts is looked up in the list. Where
// an earlier rule takes it, either that one takes all of the rule, or the next request is one that it does not take.

import { type Budget, type Dfa, findWord, TooLargeError } from '../regex/index.js';
import type { DimensionKey, Product } from './atoms.js';
import { coversAlone } from './covers.js';
import type { Frame } from './dimension.js';
import {
  claimDomain,
  type Domain,
  headerDomain,
  hostDomain,
  inDomain,
  methodDomain,
  pathDomain,
  queryDomain,
} from './domain.js';
import type { Point } from './explore.js';
import { type StringTest, stringTest, testHolds } from './string-test.js';
import { type FirstTaker, firstTaker, type Sample, type TestOf } from './takes.js';
import type { Work } from './work.js';

/** What was found for one rule. Neither: still open. */
export interface Single {
  readonly point?: Point;
  /** An earlier rule that takes all requests of this one. */
  readonly coveredBy?: number;
}

/** Requests that are tried for one rule. */
const MOST_TRIES = 6;
const MOST_STATES = 3_000;

/** Looks at the rules in `open` (ascending). `at`: what requests have that say nothing else. */
export function oneByOne(
  rules: readonly Product[],
  open: readonly number[],
  frame: Frame,
  at: Pick<Sample, 'host' | 'source'>,
  work: Work,
): ReadonlyMap<number, Single> {
  const testOf: TestOf = ({ dimension, test }) =>
    test.kind === 'cidrs'
      ? { kind: 'unknown', reason: 'an address' }
      : stringTest(test, domainOf(dimension, frame).alphabet, work);
  const found = new Map<number, Single>();
  const first = firstTaker(rules, testOf, work);
  for (const index of open) {
    try {
      const single = lookAt(index, { rules, first, frame, at, testOf, budget: work });
      if (single) found.set(index, single);
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      if (work.left < 0) break;
    }
  }
  return found;
}

interface Question {
  readonly rules: readonly Product[];
  readonly first: FirstTaker;
  readonly frame: Frame;
  readonly at: Pick<Sample, 'host' | 'source'>;
  readonly testOf: TestOf;
  readonly budget: Budget;
}

function lookAt(index: number, question: Question): Single | undefined {
  const { rules, first, frame, at, testOf, budget } = question;
  const rule = rules[index]!;
  const values = valuesOf(rule, frame, testOf, budget);
  if (!values) return undefined;
  const avoid: StringTest[] = [];
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const path = pathOf(rule, avoid, frame, testOf, budget);
    if (path === undefined) return undefined;
    const taker = first({ path, values, scheme: frame.scheme, ...at });
    if (taker === index) return { point: { path, values } };
    if (taker === undefined || taker < 0 || taker > index) return undefined;
    if (coversAlone(rules[taker]!, rule, testOf, budget)) return { coveredBy: taker };
    const taken = rules[taker]!.atoms.find((a) => a.dimension === 'path' && !a.invert);
    if (!taken) return undefined;
    avoid.push(testOf(taken));
  }
  return undefined;
}

const MADE: ReadonlySet<string> = new Set(['method', 'path', 'scheme', 'search']);
const isMade = (dimension: DimensionKey): boolean => MADE.has(dimension) || /^(?:header|query|claim):/.test(dimension);

/** A value for each property that the rule asks for; undefined: none can be read off. */
function valuesOf(
  { atoms }: Product,
  frame: Frame,
  testOf: TestOf,
  budget: Budget,
): ReadonlyMap<DimensionKey, string> | undefined {
  const values = new Map<DimensionKey, string>();
  for (const atom of atoms) {
    const { dimension, invert } = atom;
    if (!isMade(dimension)) return undefined;
    if (invert || dimension === 'path' || dimension === 'scheme' || values.has(dimension)) continue;
    const value = dimension === 'search' ? 'x=1' : wordOf([testOf(atom)], domainOf(dimension, frame), budget, ['x']);
    if (value === undefined) return undefined;
    if (dimension !== 'search') values.set(dimension, value);
  }
  return values;
}

function pathOf({ atoms }: Product, avoid: readonly StringTest[], frame: Frame, testOf: TestOf, budget: Budget) {
  const tests = atoms.filter((a) => a.dimension === 'path' && !a.invert).map(testOf);
  return wordOf(tests, pathDomain(frame.engines), budget, ['', 'x', '/x', '/'], avoid);
}

/** A text of the domain for which all tests hold and none of `avoid` does. `ends`: what may stand behind a plain beginning. */
function wordOf(
  tests: readonly StringTest[],
  domain: Domain,
  budget: Budget,
  ends: readonly string[],
  avoid: readonly StringTest[] = [],
): string | undefined {
  const dfas = tests.flatMap((t): Dfa[] => (t.kind === 'automaton' ? [t.whole(budget)] : []));
  const literal = tests.reduce(
    (longest, t) => ('literal' in t && t.literal.length > longest.length ? t.literal : longest),
    '',
  );
  const fits = (text: string) =>
    inDomain(domain, text) && tests.every((t) => testHolds(t, text)) && !avoid.some((t) => testHolds(t, text));
  if (dfas.length === 0) return (literal === '' ? [...ends, ''] : ['', ...ends]).map((end) => literal + end).find(fits);
  const barred = avoid.flatMap((t): Dfa[] => (t.kind === 'automaton' ? [t.whole(budget)] : []));
  const word = findWord(
    [domain.words, ...dfas, ...barred],
    (accepts) => accepts.every((a, i) => a === i <= dfas.length),
    MOST_STATES,
    budget,
  );
  return word !== undefined && fits(word) ? word : undefined;
}

function domainOf(dimension: DimensionKey, { engines }: Frame): Domain {
  if (dimension === 'path') return pathDomain(engines);
  if (dimension === 'method') return methodDomain();
  if (dimension === 'host') return hostDomain();
  if (dimension.startsWith('query:')) return queryDomain();
  return dimension.startsWith('claim:') ? claimDomain() : headerDomain();
}
