// What files hold brings no markup into Markdown: links, images, HTML, mentions, references and broken tables.
import { expect, test } from 'vitest';
import { code, prose } from '../src/report/markdown-text.js';

/** What a renderer would make of it: text without escapes that were understood. */
const hostile = [
  '[click](https://evil.example)',
  '![pixel](https://evil.example/x.png)',
  'https://evil.example/x',
  'www.evil.example',
  '<img src=x onerror=alert(1)>',
  '@everyone look',
  'closes #12',
  'a | b',
  '`x` ``y``',
  'a\n| b | c |',
  '**bold** _it_ ~~no~~ $x$',
];

test.each(hostile)('as a sentence: %j', (text) => {
  const made = prose(text);
  expect(made).not.toMatch(/(^|[^\\])(?:\\\\)*[[\]`*_|~$]/);
  expect(made).not.toMatch(/<(?!!-- -->)|:\/\/|\bwww\.|@\w|(?<!&)#\d|[\r\n]/);
});

test.each(hostile)('as code: %j', (text) => {
  const made = code(text);
  const fence = /^`+/.exec(made)?.[0] ?? '';
  const inside = made.slice(fence.length, -fence.length);
  expect(made.endsWith(fence)).toBe(true);
  expect([...inside.matchAll(/`+/g)].map(([run]) => run.length)).not.toContain(fence.length);
  expect(made).not.toMatch(/(^|[^\\])\||[\r\n]/);
});
