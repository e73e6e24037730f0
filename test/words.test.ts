// Messages and titles are in the plain English of the field (docs/design.md, Words). These phrases have crept in before, and
// each has a plain counterpart.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const FORBIDDEN: readonly [phrase: RegExp, instead: string][] = [
  [/cannot be(?=['"`])/, 'a title such as "Invalid load balancer settings"'],
  [/cannot be said|\bunsayable/i, '"the target cannot express …", "not supported by the target"'],
  [/\b(is|are|be|been|was) told\b|\btells? (it|them|its)\b/, 'report, send, notify'],
  [
    / (says?|speaks?) (nothing|no|plain|HTTP|only|so)\b|\bsays? (which|what|how|whose|it)\b/,
    'is empty, uses, names, shows',
  ],
  [/\bknows? (no|only|nothing)\b| that (Envoy|Istio|nginx) knows/, 'supports, has, is aware of'],
  [/\bhears?\b|\bhearers?\b/, 'listen, callback'],
  [/\bto be had\b|\bits own affair\b|'s affair\b/, 'available; depends on the controller'],
  [/\bis wanted\b|\bdoes not go with\b/, 'must be …; cannot be combined with'],
  [/\b(goes|go|leads?|lead) round\b|round in circles/, 'bypasses; loops'],
  [/\b(gets?|let) in\b|\blet through\b/, 'is accepted'],
  [/\bno [a-z]+ takes\b|\btakes? (no|every)\b/, 'matches, accepts, does not allow'],
  [/(?<!=>) [a-z]{3,}\(s\)(?=[ .,:])/, 'counted() of src/model/counted.ts'],
];

/** The text of a file without its comments: what remains with spaces between words is what users read. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, ' ')).replace(/(^|[\s;{(,])\/\/ .*$/gm, '$1');

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.gen.ts'))
  .map((path) => ({ file: `src/${path}`, text: readFileSync(join('src', path), 'utf8') }));

const found = (phrase: RegExp, read: (text: string) => string): string[] =>
  files.flatMap(({ file, text }) =>
    read(text)
      .split('\n')
      .flatMap((line, i) => (phrase.test(line) ? [`${file}:${i + 1} ${line.trim()}`] : [])),
  );

test.each(FORBIDDEN)('no text for users has %s: better %s', (phrase) => {
  expect(found(phrase, withoutComments)).toEqual([]);
});

test('comments do not personify either', () => {
  expect(found(/cannot be said|\bunsayable\b|\bhears of\b|\bis told\b/i, (text) => text)).toEqual([]);
});
