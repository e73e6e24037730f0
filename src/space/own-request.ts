// Whether each rule of a list is surely reached, without an automaton: a request made of the rule's own texts that no earlier rule takes.
// A quick look in front of the algebra, which decides what is left.

import type { Engine, StringMatcher } from '../model/index.js';
import { exampleOf, literalPrefix, TooLargeError } from '../regex/index.js';
import { compileStringMatcher } from '../simulate/match-string.js';
import type { Atom, DimensionKey, Product } from './atoms.js';
import { FORWARDED_FOR } from './dimension.js';
import { type Domain, headerDomain, inDomain, methodDomain, pathDomain, queryDomain } from './domain.js';
import type { StringTest } from './string-test.js';
import { type AskedOf, type FirstTaker, firstTaker, type Matcher } from './takes.js';

/** What asking about a list may cost, in steps of `firstTaker`. */
const STEPS = 20_000;
const STEPS_OF_RULE = 2_000;

/** What may stand behind the text that a path condition asks for. */
const ENDS = ['', 'x', '/x'];

/** Every rule takes a request that no earlier one does. False: not found out here. */
export function areSurelyReached(rules: readonly Product[], engine: Engine): boolean {
  if (!rules.every(({ atoms }) => atoms.every(isPlain))) return false;
  const tests = new Map<Atom, Asked>();
  const asked: AskedOf = (atom) => {
    let made = tests.get(atom);
    if (!made) tests.set(atom, (made = askedOf(atom)));
    return made;
  };
  const first = firstTaker(rules, asked, { left: STEPS + STEPS_OF_RULE * rules.length });
  try {
    return rules.every((rule, index) => isFirst(rule, index, first, engine));
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    return false;
  }
}

type Asked = ReturnType<AskedOf>;

function isFirst(rule: Product, index: number, first: FirstTaker, engine: Engine): boolean {
  const values = valuesOf(rule);
  return values !== undefined && pathsOf(rule, engine).some((path) => first({ path, values, ...OTHERWISE }) === index);
}

/** Rules that test these are not looked at here. */
const OTHERWISE = { scheme: 'http', host: '', source: '' } as const;

/** What the request can hold, whichever connection it comes by. */
const isPlain = ({ dimension }: Atom): boolean =>
  dimension === 'path' ||
  dimension === 'method' ||
  dimension.startsWith('query:') ||
  (dimension.startsWith('header:') && !dimension.startsWith('header::') && dimension !== FORWARDED_FOR);

/** Paths that the rule takes and the engine leaves alone. */
function pathsOf({ atoms }: Product, engine: Engine): readonly string[] {
  const [atom, ...more] = atoms.filter((a) => a.dimension === 'path');
  if (!atom) return ['/'];
  const text = more.length > 0 || atom.invert ? undefined : textOf(atom, '/');
  if (text === undefined) return [];
  const domain = pathDomain([engine]);
  return ENDS.map((end) => text + end).filter((path) => inDomain(domain, path));
}

/** A value for each property that the rule asks for; undefined: none was found. */
function valuesOf({ atoms }: Product): ReadonlyMap<DimensionKey, string> | undefined {
  const values = new Map<DimensionKey, string>();
  const asked = new Set<DimensionKey>();
  for (const atom of atoms) {
    const { dimension, invert, absent } = atom;
    if (dimension === 'path') continue;
    if (asked.has(dimension)) return undefined;
    asked.add(dimension);
    if (absent) continue;
    const value = invert ? undefined : textOf(atom, 'x');
    if (value === undefined || !inDomain(domainOf(dimension), value)) return undefined;
    values.set(dimension, value);
  }
  return values;
}

const domainOf = (dimension: DimensionKey): Domain =>
  dimension === 'method' ? methodDomain() : dimension.startsWith('query:') ? queryDomain() : headerDomain();

/** A text that the test of an atom takes; `any`: where it takes every text. */
function textOf({ dimension, test }: Atom, any: string): string | undefined {
  if (test.kind === 'cidrs' || test.kind === 'any-of') return undefined;
  if (test.kind === 'any') return any;
  return test.kind === 'regex' ? exampleOf(test.pattern, beginningIn(dimension)) : test.value;
}

const beginningIn = (dimension: DimensionKey): string => (dimension === 'path' ? '/' : '');

/** The simulator's own matcher in place of an automaton. */
function askedOf({ dimension, test }: Atom): StringTest | Matcher {
  if (test.kind === 'any') return { kind: 'always' };
  if (test.kind === 'any-of' || test.kind === 'cidrs') return { kind: 'unknown', reason: 'not looked at' };
  if (test.kind === 'regex') return askedOfPattern(test, beginningIn(dimension));
  const holds = compileStringMatcher(test);
  if (test.ignoreCase === true) return { kind: 'matcher', literal: '', holds };
  if (test.kind === 'exact' || test.kind === 'prefix') return { kind: test.kind, literal: test.value };
  return { kind: 'matcher', literal: test.kind === 'segment-prefix' ? test.value : '', holds };
}

/** The example that was read off the pattern needs no program. */
function askedOfPattern(test: StringMatcher & { readonly kind: 'regex' }, first: string): Matcher {
  const example = exampleOf(test.pattern, first);
  let holds: ((text: string) => boolean) | undefined;
  return {
    kind: 'matcher',
    literal: literalPrefix(test.pattern).prefix,
    holds: (text) => text === example || (holds ??= compileStringMatcher(test))(text),
  };
}
