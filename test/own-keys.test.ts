// Words from files, requests, tokens and flags are no names of JavaScript, and as many of them as there are fit: nothing in
// src looks up a word in a plain object (`own`, `put` and `table` of src/model/own.ts do), and no list of unknown length
// is spread into a call (`append` and `greatest` of src/model/append.ts). The types of the compiler decide, not names.

import { expect, test } from 'vitest';
import { type Place, scanTypes } from './typed-scan.js';

/** What may stand all the same, and why. */
const ALLOWED: readonly [danger: Place['danger'], file: string, text: RegExp, why: string][] = [
  ['inherited', 'src/model/own.ts', /^object\[key\]$/, 'the functions that ask first'],
  ['inherited', 'src/serve/http2/header-object.ts', /^object\[/, 'the object has no prototype'],
  ['inherited', 'src/serve/request-input.ts', /^record\[name\]$/, 'the object has no prototype'],
  ['stack', '', /^(originOf|at)\(/, 'a path is as long as documents are deep, which is bounded'],
  ['stack', 'src/dialects/ingress-nginx/note-rules.ts', /^(documents|annotated)\(/, 'examples of the documentation'],
  ['stack', 'src/cli/command.ts', /^oneOf\(/, 'the words of a flag, written in the source'],
  ['stack', 'src/lint/fields/shared-values/', /^refused\(/, 'the checks of a rule, written in its file'],
];

test('src asks no plain object with words from outside, and spreads no long list into a call', () => {
  const used = new Set<number>();
  const left = scanTypes(['tsconfig.json', 'src/page/tsconfig.json'], 'src/').filter((place) => {
    const by = ALLOWED.findIndex(
      ([danger, file, text]) => danger === place.danger && place.file.startsWith(file) && text.test(place.text),
    );
    if (by >= 0) used.add(by);
    return by < 0;
  });
  expect(left.map((p) => `${p.danger} ${p.file}:${p.line} ${p.text.slice(0, 120)}`)).toEqual([]);
  expect(ALLOWED.filter((_, i) => !used.has(i))).toEqual([]);
});

test('the scan sees each of the patterns', () => {
  const places = scanTypes(['tsconfig.json'], 'test/typed-scan/');
  expect(places.map((p) => `${p.danger} ${p.text}`)).toEqual([
    'inherited TABLE[word]',
    'inherited word in TABLE',
    "inherited TABLE[word as 'a']",
    'stack list.push(...more)',
    'stack Math.max(...more.map((m) => m.length))',
  ]);
});
