// Compiles the match of a route into a list of predicates. The fast path runs `test`; a trace also reads the words.

import {
  type ClaimMatcher,
  type HeaderMatcher,
  type QueryMatcher,
  questionWords,
  type RouteMatch,
  type SourceMatcher,
  table,
} from '../model/index.js';
import { compileCidrs } from './cidr.js';
import { compileStringMatcher, describeMatcher } from './match-string.js';
import { claimTexts } from './policies/compile.js';
import type { RequestView } from './request-view.js';

export interface Predicate {
  /** `path`, `header x-user`, `query debug`. */
  readonly on: string;
  readonly expected: string;
  test(view: RequestView): boolean;
  /** What the request has; null: nothing. */
  got(view: RequestView): string | null;
}

/** Cheap predicates first does not matter for the outcome: all have to hold. */
export function compileMatch(match: RouteMatch): readonly Predicate[] {
  const predicates: Predicate[] = [];
  if (match.path && match.path.kind !== 'any') {
    const test = compileStringMatcher(match.path);
    predicates.push({
      on: 'path',
      expected: describeMatcher(match.path),
      test: (view) => test(view.path),
      got: (view) => view.path,
    });
  }
  for (const header of match.headers) predicates.push(compileHeader(header));
  for (const query of match.query) predicates.push(compileQuery(query));
  for (const source of match.source ?? []) predicates.push(compileSource(source));
  for (const claim of match.claims ?? []) predicates.push(compileClaim(claim));
  return predicates;
}

export function matches(predicates: readonly Predicate[], view: RequestView): boolean {
  for (let i = 0; i < predicates.length; i++) if (!predicates[i]!.test(view)) return false;
  return true;
}

const PSEUDO = table<string>({
  ':method': 'method',
  ':scheme': 'scheme',
  ':authority': 'host',
  ':path': 'path and query',
  ':pathname': 'path',
});

function compileHeader(matcher: HeaderMatcher): Predicate {
  const test = compileStringMatcher(matcher.value);
  const { name, invert = false, missing = 'no-match' } = matcher;
  const present = matcher.value.kind === 'any' ? 'present' : describeMatcher(matcher.value);
  return {
    on: PSEUDO.get(name) ?? questionWords(name) ?? `header ${name}`,
    expected: invert ? `not ${present}` : present,
    test(view) {
      const value = view.header(name);
      if (value === undefined) return missing === 'empty' ? test('') !== invert : missing === 'absent' && invert;
      const lines = view.lines(name);
      const several = lines.length > 1 && !view.joins(name);
      return (several ? (view.testsEveryLine ? lines.every(test) : lines.some(test)) : test(value)) !== invert;
    },
    got: (view) => view.header(name) ?? null,
  };
}

function compileQuery(matcher: QueryMatcher): Predicate {
  const test = compileStringMatcher(matcher.value);
  const { name, invert = false } = matcher;
  const present = matcher.value.kind === 'any' ? 'present' : describeMatcher(matcher.value);
  return {
    on: `query ${name}`,
    expected: invert ? `not ${present}` : present,
    test(view) {
      return view.parameters(name).some(test) !== invert;
    },
    got: (view) => view.parameter(name) ?? null,
  };
}

function compileSource(matcher: SourceMatcher): Predicate {
  const contains = compileCidrs(matcher.cidrs);
  const invert = matcher.invert ?? false;
  return {
    on: 'client address',
    expected: `${invert ? 'not ' : ''}in ${matcher.cidrs.join(', ')}`,
    test: (view) => contains(view.source) !== invert,
    got: (view) => view.source,
  };
}

function compileClaim(matcher: ClaimMatcher): Predicate {
  const test = compileStringMatcher(matcher.value);
  const invert = matcher.invert ?? false;
  return {
    on: `claim ${matcher.claim.join('.')}`,
    expected: `${invert ? 'not ' : ''}${describeMatcher(matcher.value)}`,
    test: (view) => claimTexts(view.claims, matcher.claim).some(test) !== invert,
    got: (view) => claimTexts(view.claims, matcher.claim).join(', ') || null,
  };
}
