// A pattern that begins with plain text is matched by the program of what stands behind it: it has to do what its own program does.

import fc from 'fast-check';
import { RE2JS } from 're2js';
import { expect, test } from 'vitest';
import { BadPatternError, compileRegex } from '../src/regex/match.js';

/** Each match in brackets: an empty one right behind another is none. */
function bracketed(program: RE2JS, text: string): string {
  const m = program.matcher(text);
  let out = '';
  let copied = 0;
  let last = -1;
  while (m.find()) {
    if (m.start() === m.end() && m.start() === last) continue;
    out += `${text.slice(copied, m.start())}<${m.group(0)}>`;
    copied = last = m.end();
  }
  return out + text.slice(copied);
}

/** The whole pattern's own program, asked as RE2 is. */
function plainly(pattern: string, text: string) {
  const program = RE2JS.compile(pattern);
  const m = program.matcher(text);
  const full = program.matcher(text);
  const at = program.matcher(text);
  return {
    fullMatch: program.testExact(text),
    prefixMatch: program.matcher(text).lookingAt(),
    first: m.find() ? (m.group(0) ?? undefined) : undefined,
    captures: full.matches()
      ? Array.from({ length: full.groupCount() + 1 }, (_, i) => full.group(i) ?? undefined)
      : null,
    replaced: at.find() ? `${text.slice(0, at.start())}<${at.group(0)}>${text.slice(at.end())}` : text,
    all: bracketed(program, text),
  };
}

const anchor = fc.constantFrom('', '^', '^(?i)', '(?i)^', '(?i)');
const word = fc.string({ unit: fc.constantFrom('a', 'k', 's', '/', '1', '-', 'K'), maxLength: 4 });
const rest = fc.constantFrom(
  '',
  '(/|$)(.*)',
  '/?(.*)',
  '+',
  '{2}',
  '\\b',
  '\\b(s*)',
  '.*$',
  '|x',
  '(?m)^a',
  '[0-9]+(/.*)?',
  '(k)?',
  '^',
  '\\Q.\\E',
  '(',
  '(?:a|k)*s',
  '\\.',
);
const text = fc.string({
  unit: fc.constantFrom('a', 'k', 's', '/', '1', '-', 'S', 'K', '\u017f', '\u212a', '\n', 'x', '.'),
  maxLength: 7,
});

test('a pattern behind plain text does what the whole pattern does', { timeout: 600_000 }, () => {
  let matched = 0;
  fc.assert(
    fc.property(anchor, word, rest, word, text, (a, w, r, w2, t) => {
      const pattern = `${a}${w}${r}${w2}`;
      // Half of the texts begin as the pattern does.
      for (const asked of [t, w + t, w.toUpperCase() + t, w + w2, `${w}/${w2}`]) {
        let wanted: ReturnType<typeof plainly>;
        try {
          wanted = plainly(pattern, asked);
        } catch {
          expect(() => compileRegex(pattern)).toThrow(BadPatternError);
          return;
        }
        const made = compileRegex(pattern);
        if (wanted.first !== undefined && wanted.first !== '') matched++;
        expect({
          fullMatch: made.fullMatch(asked),
          prefixMatch: made.prefixMatch(asked),
          first: made.first(asked),
          captures: made.captures(asked),
          replaced: made.replaceFirst(asked, '<\\0>'),
          all: made.replaceAll(asked, '<\\0>'),
        }).toEqual(wanted);
        expect(made.find(asked)).toBe(wanted.first !== undefined);
      }
    }),
    { numRuns: Number(process.env.FUZZ_CONFIGS ?? 3_000) },
  );
  expect(matched).toBeGreaterThan(500);
});

test('a reference that the pattern does not have leaves the text as it is, and its captures are those of the whole', () => {
  const regex = compileRegex('^(?i)/api/v1(/|$)(.*)');
  expect(regex.replaceAll('/API/v1/x', '/\\2')).toBe('/x');
  expect(regex.replaceAll('/API/v1/x', '/\\3')).toBe('/API/v1/x');
  expect(regex.replaceFirst('/API/v1/x', '[\\3]')).toBe('[]');
  expect(regex.replaceAll('/b/API/v1/x', '/\\2')).toBe('/b/API/v1/x');
  expect(regex.captures('/Api/V1/x')).toEqual(['/Api/V1/x', '/', 'x']);
});
