// What strangers' files can put into the output of any command: no commands to CI, nothing that drives a terminal, no flood; and data
// that stays the same.

import { expect, test } from 'vitest';
import { Document, parse } from 'yaml';
import { yamlText } from '../src/convert/yaml-text.js';
import {
  CannotRunError,
  LONGEST_MESSAGE,
  LONGEST_WORD,
  neutralised,
  oneLine,
  shortened,
} from '../src/diagnostics/index.js';

const NEL = '\u0085';
const COMMANDS = [
  '::stop-commands::abc',
  '  ::error::x',
  `\t\u00a0${NEL}\u3000::error::x`,
  'a\n::error::x',
  'a\r::error::x',
  'a ##[stop-commands]abc',
  '##vso[task.setvariable variable=NODE_OPTIONS]x',
  '##VSO[task.setvariable variable=NODE_OPTIONS]x',
  "##teamcity[buildStatus status='SUCCESS']",
  '###[x',
];

/** As the runners of GitHub, Azure Pipelines and TeamCity look for them. */
const commandsIn = (text: string): string[] =>
  text
    .split(/\r\n|\r|\n/)
    .filter((line) => line.replaceAll(NEL, ' ').trimStart().startsWith('::') || /##\w*\[/.test(line));

test('commands to CI are broken in text, and the rest of it stays', () => {
  for (const command of COMMANDS) {
    expect(commandsIn(command), command).not.toEqual([]);
    expect(commandsIn(neutralised(command)), command).toEqual([]);
  }
  for (const innocent of ['a::b', 'std::map', 'a # [b]', '## heading', 'fe80::1', '\x1b[31mred\x1b[39m\n', 'a\r\nb\n'])
    expect(neutralised(innocent)).toBe(innocent);
});

test('a line that an earlier write began is known to be one', () => {
  expect(neutralised('::1 is an address', { atLineStart: false })).toBe('::1 is an address');
  expect(neutralised('::1\n::2', { atLineStart: false })).toBe('::1\n\\u003a:2');
});

test('control characters and marks of direction are shown, not obeyed', () => {
  expect(neutralised('\x1b]0;title\x07 \x9b2J \u202e \x1b[2J \x1b[1mbold\x1b[22m')).toBe(
    '\\u001b]0;title\\u0007 \\u009b2J \\u202e \\u001b[2J \x1b[1mbold\x1b[22m',
  );
});

test('JSON and YAML stay the same documents', () => {
  const values = [
    ...COMMANDS,
    ...COMMANDS.map((c) => `\\${c}`),
    'a\u202eb',
    'a\u2028b: c',
    '\u009b2J',
    'a\u0085b',
    'plain: text\n more\n',
  ];
  const data = { values, keys: Object.fromEntries(values.map((v) => [v, 1])) };
  const json = neutralised(JSON.stringify(data, null, 2));
  expect(commandsIn(json)).toEqual([]);
  expect(JSON.parse(json)).toEqual(data);
  const yaml = yamlText(new Document(data, { version: '1.1' }));
  expect(commandsIn(neutralised(yaml))).toEqual([]);
  expect(yaml).not.toMatch(/[\u0085\u2028\u2029\u202e\u009b]/);
  expect(parse(neutralised(yaml))).toEqual(data);
});

test('annotations of GitHub stay commands, what they say does not become another one', () => {
  expect(neutralised('::error file=a::b ##[x]\n', { commands: true })).toBe('::error file=a::b \\u0023#[x]\n');
});

test('a long value is cut, with its length; so is a long message', () => {
  expect(shortened('short `value`')).toBe('short `value`');
  const value = shortened(`the name ${'x'.repeat(20_000_000)} is too long`);
  expect(value).toMatch(/^the name x{100}…\(20000000 characters\) is too long$/);
  expect(value.length).toBeLessThan(LONGEST_WORD);
  expect(shortened('word '.repeat(1_000_000)).length).toBeLessThan(LONGEST_MESSAGE + 50);
  expect(shortened(`${'x'.repeat(99)}${'😀'.repeat(100)}`)).not.toMatch(/\p{Surrogate}/u);
});

test('an error is one line, whatever it repeats', () => {
  expect(oneLine('a\n::b\r\x1b[2J\u2028')).toBe('a\\n::b\\r\\u001b[2J\\u2028');
  const error = new CannotRunError('x\n::stop::', 'y\nz', { details: ['a\nb', 'c'] });
  expect([error.message, error.hint]).toEqual(['x\\n::stop::\n  a\\nb\n  c', 'y\\nz']);
});
