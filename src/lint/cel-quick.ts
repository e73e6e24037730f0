// Expressions of CEL over plain JSON, for the answer that nearly every object gives: the rule holds. Whatever is not plain (a field that is
// absent, values of two types, functions that are not here) is a doubt, and then the evaluator decides: it has the rules about errors,
// types and integers of 64 bits. An answer that is given here is the evaluator's (test/lint-cel.test.ts).

import { RE2JS } from 're2js';
import { isObject, type Json, type JsonObject, own } from '../model/index.js';

/** What the evaluator's parser makes of an expression. */
export interface CelNode {
  readonly op: string;
  readonly args: unknown;
}

/** `variables`: the value that the rule is about, then those of the macros around. Throws DOUBT. */
type Term = (variables: Json[]) => Json;

const DOUBT = new Error('not decided here');
function doubt(): never {
  throw DOUBT;
}

/** Whether it is certain that the expression is true of `self`; undefined where the expression uses what is not known here. */
export function quickly(ast: CelNode): ((self: Json) => boolean) | undefined {
  let term: Term;
  try {
    term = termOf(ast, ['self']);
  } catch (error) {
    if (error === DOUBT) return undefined;
    throw error;
  }
  return (self) => {
    try {
      return term([self]) === true;
    } catch (error) {
      if (error === DOUBT) return false;
      throw error;
    }
  };
}

type Make = (args: readonly unknown[], names: readonly string[]) => Term;

/** Throws DOUBT. `names`: of the variables. */
function termOf(node: unknown, names: readonly string[]): Term {
  const { op, args } = node as CelNode;
  const make = MAKERS.get(op);
  return make ? make(Array.isArray(args) ? args : [args], names) : doubt();
}

const termsOf = (nodes: readonly unknown[], names: readonly string[]): Term[] =>
  nodes.map((node) => termOf(node, names));

const truth = (value: Json): boolean => (typeof value === 'boolean' ? value : doubt());
const text = (value: Json): string => (typeof value === 'string' ? value : doubt());
const integer = (value: Json): number => (Number.isSafeInteger(value) ? (value as number) : doubt());
const list = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : doubt());
const object = (value: Json): JsonObject => (isObject(value) ? value : doubt());

function member(value: Json, key: string): Json | undefined {
  const found = own(object(value), key);
  return found === null ? doubt() : found;
}

function equal(a: Json, b: Json): boolean {
  if (typeof a === 'string' || typeof a === 'boolean') return typeof a === typeof b ? a === b : doubt();
  return integer(a) === integer(b);
}

const SIMPLE = /^[ -~]*$/;
function size(value: Json): number {
  if (Array.isArray(value)) return value.length;
  // Of texts code points count.
  if (typeof value === 'string') return SIMPLE.test(value) ? value.length : doubt();
  return Object.keys(object(value)).length;
}

function isIn(value: Json, where: Json): boolean {
  const wanted = text(value);
  if (!Array.isArray(where)) return member(where, wanted) !== undefined;
  let found = false;
  for (const item of where as readonly Json[]) if (text(item) === wanted) found = true;
  return found;
}

const binary =
  (of: (a: Json, b: Json) => Json): Make =>
  (args, names) => {
    const [a, b] = termsOf(args, names) as [Term, Term];
    return (variables) => of(a(variables), b(variables));
  };
const compared = (of: (a: number, b: number) => Json) => binary((a, b) => of(integer(a), integer(b)));

const literal: Make = ([value]) => {
  if (typeof value !== 'bigint') return typeof value === 'string' || typeof value === 'boolean' ? () => value : doubt();
  const known = integer(Number(value));
  return () => known;
};

const field: Make = ([of, name], names) => {
  const [from, key] = [termOf(of, names), String(name)];
  return (variables) => member(from(variables), key) ?? doubt();
};

/** `has(a.b)`. */
const has: Make = ([argument], names) => {
  const { op, args } = argument as CelNode;
  if (op !== '.') return doubt();
  const [of, name] = args as readonly unknown[];
  const [from, key] = [termOf(of, names), String(name)];
  return (variables) => member(from(variables), key) !== undefined;
};

/** What the evaluator may read all the same is left to it. */
function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return doubt();
  }
}

/** `matchesRe2('…')`: the name under which the evaluator has it. */
const matches: Make = ([of, pattern], names) => {
  const { op, args } = pattern as CelNode;
  if (op !== 'value' || typeof args !== 'string') return doubt();
  const [from, compiled] = [termOf(of, names), compile(args)];
  return (variables) => compiled.matcher(text(from(variables))).find();
};

/** A macro over the items of a list: `list.all(x, …)`. */
const macro =
  (of: (items: readonly Json[], holds: (item: Json) => boolean) => Json): Make =>
  ([from, variable, predicate], names) => {
    const { op, args } = variable as CelNode;
    if (op !== 'id') return doubt();
    const source = termOf(from, names);
    const place = names.length;
    const asked = termOf(predicate, [...names, String(args)]);
    return (variables) =>
      of(list(source(variables)), (item) => {
        variables[place] = item;
        return truth(asked(variables));
      });
  };

/** Every item is asked, so that a doubt about one is a doubt about all. */
const holding = (items: readonly Json[], holds: (item: Json) => boolean): readonly Json[] => items.filter(holds);

const METHODS = new Map<string, Make>([
  ['size', ([of], names) => sized(termOf(of, names))],
  ['startsWith', binary((a, b) => text(a).startsWith(text(b)))],
  ['endsWith', binary((a, b) => text(a).endsWith(text(b)))],
  ['contains', binary((a, b) => text(a).includes(text(b)))],
  ['matchesRe2', matches],
  ['all', macro((items, holds) => holding(items, holds).length === items.length)],
  ['exists', macro((items, holds) => holding(items, holds).length > 0)],
  ['exists_one', macro((items, holds) => holding(items, holds).length === 1)],
  ['filter', macro((items, holds) => holding(items, holds) as Json)],
]);

const sized =
  (of: Term): Term =>
  (variables) =>
    size(of(variables));

const FUNCTIONS = new Map<string, Make>([
  ['has', has],
  ['size', ([of], names) => sized(termOf(of, names))],
]);

const MAKERS = new Map<string, Make>([
  ['value', literal],
  [
    'id',
    ([name], names) => {
      const place = names.lastIndexOf(String(name));
      return place < 0 ? doubt() : (variables) => variables[place]!;
    },
  ],
  ['.', field],
  ['[]', binary((of, index) => list(of)[integer(index)] ?? doubt())],
  [
    'list',
    (items, names) => {
      const terms = termsOf(items, names);
      if ((items as readonly CelNode[]).some(({ op }) => op !== 'value'))
        return (variables) => terms.map((term) => term(variables));
      const known = terms.map((term) => term([]));
      return () => known;
    },
  ],
  [
    '!_',
    ([of], names) => {
      const term = termOf(of, names);
      return (variables) => !truth(term(variables));
    },
  ],
  [
    '&&',
    (args, names) => {
      const [a, b] = termsOf(args, names) as [Term, Term];
      return (variables) => truth(a(variables)) && truth(b(variables));
    },
  ],
  [
    '||',
    (args, names) => {
      const [a, b] = termsOf(args, names) as [Term, Term];
      return (variables) => truth(a(variables)) || truth(b(variables));
    },
  ],
  [
    '?:',
    (args, names) => {
      const [condition, a, b] = termsOf(args, names) as [Term, Term, Term];
      return (variables) => (truth(condition(variables)) ? a(variables) : b(variables));
    },
  ],
  ['==', binary(equal)],
  ['!=', binary((a, b) => !equal(a, b))],
  ['<', compared((a, b) => a < b)],
  ['<=', compared((a, b) => a <= b)],
  ['>', compared((a, b) => a > b)],
  ['>=', compared((a, b) => a >= b)],
  ['+', compared((a, b) => integer(a + b))],
  ['in', binary(isIn)],
  [
    'rcall',
    ([name, of, args], names) => METHODS.get(String(name))?.([of, ...(args as readonly unknown[])], names) ?? doubt(),
  ],
  ['call', ([name, args], names) => FUNCTIONS.get(String(name))?.(args as readonly unknown[], names) ?? doubt()],
]);
