// The predicates of a route as atoms: one dimension, one test on its value.

import { append, type Engine, type HeaderMatcher, type RouteMatch, type StringMatcher, table } from '../model/index.js';
import { ANY_CHAR } from '../regex/index.js';
import { engines } from '../simulate/engines/index.gen.js';
import { type AnyOf, stringTest, testHolds } from './string-test.js';

/** `path`, `search` (whether there is a query at all), `target` (path and query), `host`, `method`, `scheme`, `source`, `header:x-user`, `query:debug`, `claim:["realm","roles"]`. */
export type DimensionKey = string;

export interface CidrTest {
  readonly kind: 'cidrs';
  readonly cidrs: readonly string[];
}

export interface Atom {
  readonly dimension: DimensionKey;
  readonly test: StringMatcher | AnyOf | CidrTest;
  readonly invert: boolean;
  /** Truth for an absent value. */
  readonly absent: boolean;
}

/** All atoms have to hold. */
export interface Product {
  readonly atoms: readonly Atom[];
}

const PSEUDO = table<DimensionKey>({
  ':method': 'method',
  ':scheme': 'scheme',
  ':path': 'target',
  ':pathname': 'path',
  ':authority': 'host',
  host: 'host',
});

export function atomsOf(match: RouteMatch, engine: Engine): Atom[] {
  const atoms: Atom[] = [];
  if (match.path && match.path.kind !== 'any')
    atoms.push({ dimension: 'path', test: match.path, invert: false, absent: false });
  for (const header of match.headers) append(atoms, targetAtoms(header) ?? [headerAtom(header, engine)]);
  for (const { name, value, invert = false } of match.query)
    atoms.push({ dimension: `query:${name}`, test: value, invert, absent: invert });
  for (const { cidrs, invert = false } of match.source ?? [])
    atoms.push({ dimension: 'source', test: { kind: 'cidrs', cidrs }, invert, absent: false });
  for (const { claim, value, invert = false } of match.claims ?? [])
    atoms.push({ dimension: `claim:${JSON.stringify(claim)}`, test: value, invert, absent: invert });
  return atoms;
}

/** A test of `:path` that is one of the path, or of the path without any query; undefined: neither. */
function targetAtoms({ name, value, invert }: HeaderMatcher): Atom[] | undefined {
  if (name !== ':path' || invert || !('value' in value) || value.value.includes('?') || value.ignoreCase)
    return undefined;
  const path: Atom = { dimension: 'path', test: value, invert: false, absent: false };
  if (value.kind === 'prefix') return [path];
  return value.kind === 'exact'
    ? [path, { dimension: 'search', test: { kind: 'any' }, invert: true, absent: true }]
    : undefined;
}

function headerAtom({ name, value, invert = false, missing = 'no-match' }: HeaderMatcher, engine: Engine): Atom {
  const dimension = dimensionOfHeader(name, engine);
  const empty = () => testHolds(stringTest(value, ANY_CHAR), '') !== invert;
  return {
    dimension,
    test: value,
    invert,
    absent: missing === 'empty' ? empty() : missing === 'absent' && invert,
  };
}

/** What it tests is not always what the client sent. */
export const dimensionOfHeader = (name: string, engine: Engine): DimensionKey =>
  engines[engine].schemeHeaders?.includes(name) ? 'scheme' : (PSEUDO.get(name) ?? `header:${name}`);
