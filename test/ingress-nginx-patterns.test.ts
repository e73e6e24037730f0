// PCRE patterns of ingress-nginx in RE2: the same language where it is regular, an error with its place where it is
// not, and never more than linear time.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cookieMatcher } from '../src/dialects/ingress-nginx/nginx/canary-steps.js';
import { locationMatcher, rewriteOf, searchMatcher } from '../src/dialects/ingress-nginx/pcre/match.js';
import { PcreError, translatePcre } from '../src/dialects/pcre.js';
import type { PathRewrite, StringMatcher } from '../src/model/index.js';
import { compileRegex } from '../src/regex/match.js';

function matches(matcher: StringMatcher, text: string): boolean {
  if (matcher.kind === 'regex') return compileRegex(matcher.pattern).fullMatch(text);
  if (matcher.kind === 'any') return true;
  const [have, want] = matcher.ignoreCase ? [text.toLowerCase(), matcher.value.toLowerCase()] : [text, matcher.value];
  if (matcher.kind === 'exact') return have === want;
  if (matcher.kind === 'prefix') return have.startsWith(want);
  if (matcher.kind === 'segment-prefix') return have === want || have.startsWith(`${want}/`);
  if (matcher.kind === 'contains') return have.includes(want);
  throw new Error(matcher.kind);
}

function rewrite(to: PathRewrite, path: string): string {
  if (to.kind === 'full') return to.to;
  if (to.kind === 'regex') return compileRegex(to.pattern).replaceFirst(path, to.substitution);
  throw new Error(to.kind);
}

/** Patterns that mean the same in JavaScript and in PCRE, and do not blow up. */
const atom = fc.constantFrom(
  'a',
  'b',
  '/',
  '\\.',
  '.',
  '[ab]',
  '[^a]',
  '\\d',
  '\\w',
  '(a)',
  '(?:ab)',
  '(/|$)',
  '(.*)',
  '\\/',
);
const piece = fc
  .tuple(atom, fc.constantFrom('', '', '', '*', '+', '?', '{1,2}', '*?'))
  .map(([a, q]) => (a.includes('*') || a.includes('$') ? a : a + q));
const pattern = fc
  .array(
    fc.array(piece, { minLength: 1, maxLength: 5 }).map((p) => `/${p.join('')}`),
    { minLength: 1, maxLength: 3 },
  )
  .map((alternatives) => alternatives.join('|'));
const path = fc
  .array(fc.constantFrom('a', 'A', 'b', 'B', '/', '.', '1', 'x'), { maxLength: 8 })
  .map((c) => `/${c.join('')}`);
const runs = { numRuns: 2000, seed: 20_261_122 };

describe('locations', () => {
  test('take the paths that ~* "^pattern" takes', () => {
    fc.assert(
      fc.property(pattern, path, (p, text) => {
        expect(matches(locationMatcher(p), text)).toBe(new RegExp(`^${p}`, 'i').test(text));
      }),
      runs,
    );
  });

  test('have readable matchers where nothing is special', () => {
    expect(locationMatcher('/foo')).toEqual({ kind: 'prefix', value: '/foo', ignoreCase: true });
    expect(locationMatcher('/foo$')).toEqual({ kind: 'exact', value: '/foo', ignoreCase: true });
    for (const p of ['/foo(.*)', '/foo.*$', '/foo/?', '/foo/?(.*)']) {
      expect(locationMatcher(p)).toEqual({ kind: 'prefix', value: '/foo', ignoreCase: true });
    }
    for (const p of ['/foo(/|$)(.*)', '/foo(/|$)', '/foo(/.*)?$']) {
      expect(locationMatcher(p)).toEqual({ kind: 'segment-prefix', value: '/foo', ignoreCase: true });
    }
    expect(locationMatcher('/foo/?$')).toEqual({ kind: 'regex', pattern: '(?i)/foo/?' });
    expect(locationMatcher('/foo(/(.*))?')).toEqual({ kind: 'regex', pattern: '(?i)/foo(/(.*))?(?s:.*)' });
    expect(locationMatcher('(?i)/a|/b')).toEqual({
      kind: 'regex',
      pattern: '(?i)(?:(?i:/a)(?s:.*)|(?s:.*)(?i:/b)(?s:.*))',
    });
    expect(locationMatcher('/a.b')).toEqual({ kind: 'regex', pattern: '(?i)/a.b(?s:.*)' });
  });
});

describe('rewrites', () => {
  test('replace the whole path, with the captures of the first match', () => {
    fc.assert(
      fc.property(pattern, path, (p, text) => {
        const found = new RegExp(p, 'i').exec(text);
        // A location with one alternative has matched at the first character.
        if (!found || (translatePcre(p).alternatives.length === 1 && found.index > 0)) return;
        expect(rewrite(rewriteOf(p, '/x/\\1-\\2'), text)).toBe(`/x/${found[1] ?? ''}-${found[2] ?? ''}`);
      }),
      runs,
    );
  });

  test('need no pattern where the target has no captures', () => {
    expect(rewriteOf('/foo', '/bar/\\1')).toEqual({ kind: 'full', to: '/bar/' });
    expect(rewriteOf('/foo(.*)', '/100%')).toEqual({ kind: 'full', to: '/100%%' });
  });
});

describe('headers and cookies', () => {
  test('a header pattern matches anywhere, with case', () => {
    fc.assert(
      fc.property(pattern, path, (p, text) => {
        expect(matches(searchMatcher(p), text)).toBe(new RegExp(p).test(text));
      }),
      runs,
    );
    expect(searchMatcher('^be.*$')).toEqual({ kind: 'regex', pattern: 'be.*' });
  });

  test('the first cookie of the name decides', () => {
    const always = cookieMatcher('Cc', 'always');
    for (const yes of [
      'cc=always',
      'a=1; CC=always',
      'ccc=never; cc = always; cc=never',
      'cc; a=b; cc=always',
      'c=always,cc=always;x',
    ]) {
      expect([yes, matches(always, yes)]).toEqual([yes, true]);
    }
    for (const no of [
      '',
      'cc; cc=always',
      'cc=never',
      'cc=never; cc=always',
      'xcc=always',
      'cc=alwaysx',
      'cc=always ',
      'a=cc=always',
    ]) {
      expect([no, matches(always, no)]).toEqual([no, false]);
    }
  });
});

describe('what is not regular', () => {
  const refused: readonly (readonly [string, 'not-regular' | 'invalid', number])[] = [
    ['/(a)\\1', 'not-regular', 4],
    ['/(?=a)', 'not-regular', 1],
    ['/(?!a)', 'not-regular', 1],
    ['/(?<=a)b', 'not-regular', 1],
    ['/(?<!a)b', 'not-regular', 1],
    ['/(?>a+)b', 'not-regular', 1],
    ['/a++', 'not-regular', 2],
    ['/a*+', 'not-regular', 2],
    ['/(?R)', 'not-regular', 1],
    ['/(?1)', 'not-regular', 1],
    ['/(?(1)a|b)', 'not-regular', 1],
    ['/(?<n>a)\\k<n>', 'not-regular', 8],
    ['/\\Ka', 'not-regular', 1],
    ['/a{2000}', 'not-regular', 2],
    ['/(', 'invalid', 2],
    ['/)', 'invalid', 1],
    ['/[a', 'invalid', 1],
    ['/*', 'invalid', -1],
    ['/a**', 'invalid', 3],
    ['/a\\', 'invalid', 2],
  ];
  for (const [text, cause, at] of refused) {
    if (at < 0) continue;
    test(text, () => {
      let error: unknown;
      try {
        translatePcre(text);
      } catch (caught) {
        error = caught;
      }
      expect(error).toBeInstanceOf(PcreError);
      expect([(error as PcreError).cause, (error as PcreError).at]).toEqual([cause, at]);
    });
  }

  test('any text is a pattern of RE2 or refused', () => {
    const text = fc.string({ maxLength: 30, unit: fc.constantFrom(...'/ab01.*+?|()[]{}^$\\dwQE-:=<>!,PXknx&é') });
    fc.assert(
      fc.property(text, (p) => {
        try {
          const matcher = locationMatcher(p);
          if (matcher.kind === 'regex') compileRegex(matcher.pattern);
        } catch (error) {
          expect(error).toBeInstanceOf(PcreError);
        }
      }),
      { ...runs, numRuns: 5000 },
    );
  });
});

describe('catastrophic patterns', () => {
  const deep = `${'('.repeat(150)}a*${')*'.repeat(150)}`;
  for (const p of [
    '/(a+)+$',
    '/(a|aa)+$',
    '/(a|a?)+$',
    '/(.*a){12}$',
    '/(x+x+)+y',
    '/([a-zA-Z]+)*$',
    '/^(([a-z])+.)+[A-Z]([a-z])+$',
    `/${deep}`,
  ]) {
    test(p.length > 40 ? `${p.slice(0, 40)}…` : p, () => {
      const began = performance.now();
      const text = `/${'a'.repeat(20_000)}!`;
      let result: boolean | undefined;
      try {
        result = matches(locationMatcher(p), text);
      } catch (error) {
        expect(error).toBeInstanceOf(PcreError);
      }
      expect(typeof result === 'boolean' || result === undefined).toBe(true);
      expect(performance.now() - began).toBeLessThan(5000);
    });
  }
});
