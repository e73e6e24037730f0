// The automata agree with RE2 (re2js) on random patterns and texts, and the algebra on them is sound.
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import {
  ANY_CHAR,
  acceptsText,
  combine,
  compileDfa,
  exampleOf,
  findWord,
  intersect,
  isEmpty,
  isSame,
  isSubset,
  leadingLiteral,
  literalPrefix,
  literalSuffix,
  parseRegex,
  patternOf,
  patternProblem,
  requiredText,
  TooLargeError,
} from '../src/regex/index.js';

const dfaOf = (pattern: string) => compileDfa(parseRegex(pattern), ANY_CHAR);

/** Pieces of patterns; joined at random most of them parse. */
const atom = fc.constantFrom(
  ...[
    'a',
    'b',
    'k',
    'S',
    '/',
    '.',
    '\\.',
    '-',
    '_',
    '0',
    '9',
    'é',
    '\\d',
    '\\w',
    '\\s',
    '\\D',
    '\\W',
    '\\S',
    '[ab]',
    '[^a/]',
    '[a-z0-9]',
  ],
  ...[
    '[[:alpha:]]',
    '[^[:space:]x]',
    '\\pL',
    '\\p{Lu}',
    '\\PN',
    '\\x41',
    '\\x{e9}',
    '\\n',
    '\\Qa.b\\E',
    '[\\w.-]',
    '[]a]',
    '[^]a]',
    '[a-]',
  ],
  ...[
    '^',
    '$',
    '\\b',
    '\\B',
    '\\A',
    '\\z',
    '(?i)',
    '(?s)',
    '(?m)',
    '(?-i)',
    '\n',
    ' ',
    '{',
    '}',
    ']',
    'a{2}',
    'b{1,3}',
    '(?i:ab)',
    '(?P<n>a)',
  ],
);
const suffix = fc.constantFrom('', '', '', '*', '+', '?', '*?', '{2}', '{0,2}', '{1,}', '??');
const pattern = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.tuple(atom, suffix).map(([a, s]) => a + s),
    fc.array(tie('node'), { minLength: 1, maxLength: 4 }).map((a) => a.join('')),
    fc.tuple(tie('node'), tie('node'), suffix).map(([a, b, s]) => `(${a}|${b})${s}`),
    fc
      .tuple(fc.constantFrom('(?:', '(', '(?i:', '(?m:', '(?s:'), tie('node'), suffix)
      .map(([o, a, s]) => `${o}${a})${s}`),
  ),
})).node;
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'A',
      'B',
      'k',
      'K',
      '\u212a',
      's',
      'ſ',
      '/',
      '.',
      '-',
      '_',
      '0',
      '9',
      'é',
      'É',
      '\n',
      ' ',
      '{',
      '}',
      ']',
      'x',
      '𝒳',
    ),
    {
      maxLength: 7,
    },
  )
  .map((a) => a.join(''));

const parses = (p: string): boolean => {
  try {
    parseRegex(p);
    return true;
  } catch {
    return false;
  }
};
const re2Compiles = (p: string): boolean => {
  try {
    RE2JS.compile(p);
    return true;
  } catch {
    return false;
  }
};

test('a pattern parses exactly where RE2 takes it, and the automaton matches what RE2 matches', () => {
  let matches = 0;
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 12, maxLength: 12 }), (p, texts) => {
      expect(parses(p), p).toBe(re2Compiles(p));
      if (!parses(p)) return;
      const dfa = dfaOf(p);
      const re2 = RE2JS.compile(p);
      const word = findWord([dfa], ([x]) => x!);
      const candidates = word === undefined ? texts : [...texts, word, `${word}a`, `a${word}`, word.slice(1)];
      for (const t of candidates) {
        const wanted = re2.matches(t);
        if (wanted) matches++;
        expect(acceptsText(dfa, t), JSON.stringify([p, t])).toBe(wanted);
      }
      if (word === undefined) for (const t of texts) expect(re2.matches(t)).toBe(false);
    }),
    { seed: 7, numRuns: 4000 },
  );
  expect(matches).toBeGreaterThan(3000);
});

test('garbage parses or fails exactly as in RE2', () => {
  const garbage = fc
    .array(fc.constantFrom(...'ab(){}[]|*+?^$\\.,:-<>P=!012ipQEdDxz&'.split('')), { maxLength: 10 })
    .map((a) => a.join(''));
  fc.assert(
    fc.property(garbage, (p) => {
      expect(parses(p), p).toBe(re2Compiles(p));
    }),
    { seed: 3, numRuns: 20000 },
  );
});

test('combinations of automata are what their words say', () => {
  fc.assert(
    fc.property(pattern, pattern, fc.array(text, { maxLength: 10 }), (p, q, texts) => {
      if (!parses(p) || !parses(q)) return;
      const [a, b] = [dfaOf(p), dfaOf(q)];
      const minus = combine([a, b], ([x, y]) => x! && !y!);
      for (const t of texts) expect(acceptsText(minus, t)).toBe(acceptsText(a, t) && !acceptsText(b, t));
      const witness = findWord([a, b], ([x, y]) => x! && !y!);
      expect(isEmpty(minus)).toBe(witness === undefined);
      expect(isSubset(a, b)).toBe(witness === undefined);
      if (witness !== undefined) expect(acceptsText(minus, witness)).toBe(true);
    }),
    { seed: 11, numRuns: 600 },
  );
});

test('an example is a match that begins as it was asked to', () => {
  let found = 0;
  fc.assert(
    fc.property(pattern, fc.constantFrom('', '/', 'a'), (p, first) => {
      const example = exampleOf(p, first);
      if (example === undefined) return;
      found++;
      expect(example.startsWith(first)).toBe(true);
      expect(RE2JS.compile(p).testExact(example), JSON.stringify([p, example])).toBe(true);
    }),
    { seed: 17, numRuns: 4000 },
  );
  expect(found).toBeGreaterThan(1000);
});

test('what is read of a tail, with the text before it, is what is read of the whole pattern', () => {
  const head = fc.constantFrom('a', 'ab', '/api/v1', 'a-b_c', 'x|/api');
  fc.assert(
    fc.property(head, pattern, (h, rest) => {
      const p = h + rest;
      expect(patternProblem(p) === undefined, p).toBe(re2Compiles(p));
      if (!parses(p)) return;
      const { prefix, whole } = leadingLiteral(parseRegex(p));
      expect(literalPrefix(p), p).toEqual({ prefix, whole });
    }),
    { seed: 19, numRuns: 8000 },
  );
});

test('the literal beginning begins every match', () => {
  fc.assert(
    fc.property(pattern, text, (p, t) => {
      if (!parses(p)) return;
      const { prefix, whole } = literalPrefix(p);
      const dfa = dfaOf(p);
      for (const word of [t, prefix + t, findWord([dfa], ([x]) => x!) ?? ''])
        if (acceptsText(dfa, word)) {
          expect(word.startsWith(prefix)).toBe(true);
          if (whole) expect(word).toBe(prefix);
        }
    }),
    { seed: 5, numRuns: 3000 },
  );
});

test('the literal end ends every match', () => {
  fc.assert(
    fc.property(pattern, text, (p, t) => {
      if (!parses(p)) return;
      const suffix = literalSuffix(p);
      const dfa = dfaOf(p);
      for (const word of [t, t + suffix, findWord([dfa], ([x]) => x!) ?? ''])
        if (acceptsText(dfa, word)) expect(word.endsWith(suffix)).toBe(true);
    }),
    { seed: 7, numRuns: 3000 },
  );
  expect(['/a/[a-z]+/17', '^.*x$', '(ab|cb)', 'a*', '.*(?i)x-', '('].map(literalSuffix)).toEqual([
    '/17',
    'x',
    'b',
    '',
    '-',
    '',
  ]);
});

test('the required text stands in every match', () => {
  fc.assert(
    fc.property(pattern, text, (p, t) => {
      if (!parses(p)) return;
      const required = requiredText(p);
      const dfa = dfaOf(p);
      for (const word of [t, required + t, t + required, findWord([dfa], ([x]) => x!) ?? ''])
        if (acceptsText(dfa, word)) expect(word).toContain(required);
    }),
    { seed: 6, numRuns: 3000 },
  );
});

test('the pattern of an automaton has its language, and RE2 reads it', () => {
  let written = 0;
  fc.assert(
    fc.property(pattern, pattern, (p, q) => {
      if (!parses(p) || !parses(q)) return;
      for (const dfa of [dfaOf(p), intersect(dfaOf(p), dfaOf(q))]) {
        const found = patternOf(dfa);
        if (found === undefined) continue;
        written++;
        expect(re2Compiles(found)).toBe(true);
        expect(isSame(dfaOf(found), dfa), found).toBe(true);
      }
    }),
    { seed: 7, numRuns: 600 },
  );
  expect(written).toBeGreaterThan(200);
});

describe('patternOf', () => {
  for (const [p, q, found] of [
    ['/a.b', '/a+b', '/aab'],
    ['/s(?s:.*)', '/(?i:search)(?s:.*)', '/s[Ee][Aa][Rr][Cc][Hh](?s:.*)'],
    ['/a', '/b', undefined],
    ['a*', 'a?', 'a?'],
  ] as const)
    test(`${p} and ${q}`, () => {
      expect(patternOf(intersect(dfaOf(p), dfaOf(q)))).toBe(found);
    });
});

describe('requiredText', () => {
  for (const [p, required] of [
    ['.*k17.*', 'k17'],
    ['/a/[a-z]+/17', '/17'],
    ['/(a|b)/long(er)+/x', '/longer'],
    ['(x/yz)+', 'x/yz'],
    ['(a|b)*', ''],
    ['(?i)abc', ''],
    ['(?i)a--b', '--'],
    ['a?^b', 'b'],
    ['(', ''],
  ] as const)
    test(p, () => {
      expect(requiredText(p)).toBe(required);
    });
});

describe('literalPrefix', () => {
  for (const [p, prefix, whole] of [
    ['/api/v[0-9]+/x', '/api/v', false],
    ['^/foo$', '/foo', true],
    ['/a(b|c)', '/a', false],
    ['/foo/(bar|baz).*', '/foo/ba', false],
    ['.*', '', false],
    ['(', '', false],
    ['a{3}b', 'aaab', true],
  ] as const)
    test(p, () => {
      expect(literalPrefix(p)).toEqual({ prefix, whole });
    });
});

describe('attacks end with a typed refusal, not with a hang', () => {
  for (const p of [
    '(((a{100}){10}){10})',
    '(a|b)*a(a|b){30}',
    `${'(a*)*'.repeat(300)}b`,
    '(x+x+)+y',
    `${'('.repeat(900)}a${')'.repeat(900)}`,
  ])
    test(p.slice(0, 30), () => {
      const started = performance.now();
      let outcome: string;
      try {
        outcome = dfaOf(p).states > 0 ? 'automaton' : 'none';
      } catch (error) {
        outcome = error instanceof TooLargeError ? 'too-large' : (error as Error).name;
      }
      expect(['automaton', 'too-large', 'RegexSyntaxError']).toContain(outcome);
      expect(performance.now() - started).toBeLessThan(3000);
    });
});
