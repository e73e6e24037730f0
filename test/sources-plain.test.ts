// Documents that are read without js-yaml's events have the values and the places that js-yaml gives, and those that js-yaml refuses are
// not read.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { dump, EVENT_ID, type Event, load, parseEvents } from 'js-yaml';
import { expect, test } from 'vitest';
import { plainEvents, plainReader } from '../src/sources/plain-document.js';
import { splitDocuments } from '../src/sources/split-documents.js';
import { KUBERNETES_SCHEMA } from '../src/sources/yaml11.js';

type Place = readonly [type: number, style: number, start: number, end: number];

function placeOf(event: Event): Place {
  if (event.type === EVENT_ID.SCALAR) return [event.type, event.style, event.valueStart, event.valueEnd];
  return [event.type, 0, 'start' in event ? event.start : 0, 'start' in event ? event.start : 0];
}

function comparePlaces(text: string): void {
  const places: Place[] = [];
  expect(
    plainEvents(text, (...place) => places.push(place)),
    text,
  ).toBe(true);
  expect(places, text).toEqual(parseEvents(text, {}).map(placeOf));
}

/** Whether it was read. Undefined and NaN do not occur, so the text of both says everything, the order of keys included. */
function compared(text: string): boolean {
  const value = plainReader()(text);
  if (value === undefined) return false;
  const real = load(text, { schema: KUBERNETES_SCHEMA });
  expect(JSON.stringify(value), text).toBe(JSON.stringify(real));
  expect(value, text).toEqual(real);
  comparePlaces(text);
  return true;
}

const yamlBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(folder, name));

test('every document of the fixtures that is read has the value that js-yaml gives', () => {
  const documents = yamlBelow('fixtures').flatMap((file) => splitDocuments(file, readFileSync(file, 'utf8')));
  const read = documents.filter(({ text }) => compared(text));
  expect(documents.length).toBeGreaterThan(5000);
  // Otherwise the fast way is taken by nothing.
  expect(read.length / documents.length).toBeGreaterThan(0.5);
});

/** Fragments of lines, put together at random: most of it is no YAML, much of it nearly what is read. */
const fragment = fc.constantFrom(
  ...[
    'a',
    'b',
    'on',
    'n',
    'null',
    '~',
    '1',
    '0777',
    '1e3',
    '.inf',
    '-1',
    '-',
    '- ',
    '-  ',
    ': ',
    ':',
    ' ',
    '  ',
    '   ',
    '\n',
    '\n',
  ],
  ...[
    '\n  ',
    '\n    ',
    '\n- ',
    '\n  - ',
    'a: ',
    'b: ',
    'a:\n',
    'c:',
    '# x',
    ' # x',
    '"',
    "'",
    '"x"',
    "'x'",
    '[]',
    '{}',
    '[a]',
    '{a: 1}',
  ],
  ...[
    '|',
    '>',
    '&x ',
    '*x',
    '!t ',
    '<<',
    '%',
    '@',
    '`',
    '?',
    ',',
    '---',
    '---\n',
    '...',
    '\t',
    '\r\n',
    'ü',
    '\u2028',
    '\u00a0',
    '\\',
    '=',
  ],
  ...[
    '__proto__: ',
    'constructor: ',
    'true',
    'yes',
    '0x1f',
    '1_000',
    '190:20',
    'http://x',
    '/a',
    '*.x',
    "''",
    '""',
    "it's",
  ],
);

test('random texts are read as js-yaml reads them, or not at all', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 14 }), (parts) => {
      if (compared(parts.join(''))) read++;
    }),
    { seed: 20261201, numRuns: Number(process.env.PLAIN_RUNS ?? 20_000) },
  );
  expect(read).toBeGreaterThan(100);
});

/** Lines of mappings and lists, nested by indentation that is mostly right. */
const line = fc.tuple(
  fc.nat(4),
  fc.constantFrom('', '- ', '-   ', '- - '),
  fc.constantFrom('a', 'b', 'c', 'd', 'e-f', 'g.h/i', 'y', '7', 'constructor', '"q"', ''),
  fc.constantFrom(': ', ':', ':  ', ''),
  fc.constantFrom(
    '',
    '1',
    'x',
    'x y',
    'x #y',
    'x # y',
    '"z"',
    "'z' # c",
    '[]',
    '{}',
    '~',
    'off',
    '# c',
    'x: y',
    '- x',
    '-x',
    '|',
    "''",
  ),
);

test('random lines are read as js-yaml reads them, or not at all', () => {
  let read = 0;
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 8 }),
      fc.constantFrom('', '\n', '\n\n# end'),
      (lines, end) => {
        const text = lines.map(([depth, item, ...rest]) => `${'  '.repeat(depth)}${item}${rest.join('')}`).join('\n');
        if (compared(text + end)) read++;
      },
    ),
    { seed: 20261201, numRuns: Number(process.env.PLAIN_RUNS ?? 20_000) },
  );
  expect(read).toBeGreaterThan(100);
});

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(
      fc.string({ maxLength: 9 }),
      fc.constantFrom('n', '0x1f', '*.a', '/a', '1.0', 'é', '- a', 'a: b'),
      fc.integer(),
      fc.boolean(),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z0-9.-]{1,6}$/), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test('what js-yaml writes is read back, mutated or not, as js-yaml reads it', () => {
  let read = 0;
  fc.assert(
    fc.property(json, fc.nat(), fragment, fc.boolean(), (value, at, mutation, isMutated) => {
      const text = dump(value);
      const place = at % (text.length + 1);
      if (compared(isMutated ? text.slice(0, place) + mutation + text.slice(place) : text)) read++;
    }),
    { seed: 20261201, numRuns: Number(process.env.PLAIN_RUNS ?? 5000) },
  );
  expect(read).toBeGreaterThan(200);
});
