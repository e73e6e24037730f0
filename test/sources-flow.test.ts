// Brackets are read as kubectl reads them, whatever their lines are indented by; and nothing else is touched.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { originOf } from '../src/model/index.js';
import { flowOnOneLine } from '../src/sources/flow-lines.js';
import { locate, parseSource } from '../src/sources/index.js';

const service = (rest: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n${rest}`;
const read = (text: string) => {
  const { resources, diagnostics } = parseSource('a.yaml', text);
  return diagnostics.length > 0 ? diagnostics.map((d) => d.message) : resources.map((r) => r.object.spec);
};

const CASES: readonly [name: string, text: string, spec: unknown][] = [
  ['a closing bracket below its key', 'spec:\n  args: [\n    "a",\n    b\n  ]\n', { args: ['a', 'b'] }],
  ['nothing indented', 'spec:\n  args: [\na, {b: c,\nd: 1}\n]\n  x: 1\n', { args: ['a', { b: 'c', d: 1 }], x: 1 }],
  [
    'comments between',
    'spec:\n  args: [ # the first\n  # and more, [really]\n  a, # one\n  b ]\n',
    { args: ['a', 'b'] },
  ],
  ['brackets in quotes', 'spec:\n  args: ["[", \'it\'\'s ]\',\n  "\\"]" ]\n', { args: ['[', "it's ]", '"]'] }],
  ['in a list', 'spec:\n  l:\n  - [\n  a\n  ]\n  - {a: [\n  b]}\n', { l: [['a'], { a: ['b'] }] }],
  ['on the next line', 'spec:\n  args:\n    [\n  a\n  ]\n', { args: ['a'] }],
  [
    'beside block scalars and plain text with brackets',
    'spec:\n  json: |\n    {"a": [\n    1]}\n  folded: >-\n    [x,\n    y]\n  text: see [1,\n    2]\n  args: [\n  a\n  ]\n',
    { json: '{"a": [\n1]}\n', folded: '[x, y]', text: 'see [1, 2]', args: ['a'] },
  ],
  ['plain text over two lines', 'spec:\n  args: [a\n      b,\n  c\n  ]\n', { args: ['a b', 'c'] }],
];

test.each(CASES)('%s', (_, text, spec) => {
  expect(read(service(text))).toEqual([spec]);
});

const QUOTED: readonly [name: string, text: string, spec: unknown][] = [
  [
    'single quotes',
    "spec:\n  text: 'one\n  two: three\n\n  it''s four'\n  x: 1\n",
    { text: "one two: three\nit's four", x: 1 },
  ],
  [
    'double quotes',
    'spec:\n  text: "one # no comment\n  two \\\n  \\"three\\"\nfour"\n  x: 1\n',
    { text: 'one # no comment two "three" four', x: 1 },
  ],
  ['in a list', "spec:\n  l:\n  - 'a\n  b'\n  - c\n", { l: ['a b', 'c'] }],
  ['in brackets', 'spec:\n  l: ["a\nb", c]\n', { l: ['a b', 'c'] }],
];

// The values are those of PyYAML, whose scanner go-yaml's is a translation of.
test.each(QUOTED)('quoted text goes on at any indentation: %s', (_, text, spec) => {
  for (const written of [text, text.replaceAll('\n', '\r\n')]) expect(read(service(written))).toEqual([spec]);
});

test('quoted text of several lines is no key, and a quote that stays open is named', () => {
  expect(read(service("spec:\n  'a\n  b': c\n"))).toEqual([expect.any(String)]);
  expect(read(service("spec:\n  a: 'b\n  c: d\n"))).toEqual([expect.stringContaining('is never closed')]);
});

test('line breaks of Windows, several documents, one broken among them', () => {
  const odd = service('spec:\n  args: [\n  a\n  ]\n');
  const text = `${odd}---\n${service('spec:\n  args: [\n  a\n')}---\n${odd}`;
  for (const written of [text, text.replaceAll('\n', '\r\n')]) {
    const { resources, diagnostics } = parseSource('a.yaml', written);
    expect(resources.map((r) => r.object.spec)).toEqual([{ args: ['a'] }, { args: ['a'] }]);
    expect(diagnostics.map((d) => [d.code, 'line' in d.place ? d.place.line : 0])).toEqual([['MGW0003', 16]]);
  }
});

test('places are those of the text as it stands, with an anchor too', () => {
  for (const anchor of ['', '&x ']) {
    const { resources } = parseSource(
      'a.yaml',
      service(`spec:\n  args: ${anchor}[\n    a,\n  b # why\n  ]\n  last: 1\n`),
    );
    const at = (...path: (string | number)[]) => locate(originOf(resources[0]!, 'spec', ...path));
    expect(at('args', 0)).toMatchObject({ line: 7, column: 5 });
    expect(at('args', 1)).toMatchObject({ line: 8, column: 3 });
    expect(at('last')).toMatchObject({ line: 10, column: 9 });
  }
});

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : /\.(ya?ml|json)$/.test(name) ? [path] : [];
  });

test('what can be read anyway means the same afterwards: a sixth of the files of the fixtures', () => {
  let changed = 0;
  for (const file of files('fixtures')) {
    const text = readFileSync(file, 'utf8');
    // By size: a choice that does not depend on which files stand beside.
    if (text.length % 6 > 0 || file.includes('alias-cycle')) continue;
    const values = valuesOf(text);
    if (values === undefined) continue;
    const flat = flowOnOneLine(text);
    if (flat !== text) changed++;
    expect(flat.length, file).toBe(text.length);
    expect(spaced(valuesOf(flat)), file).toBe(spaced(values));
  }
  expect(changed).toBeGreaterThan(50);
});

/** Line breaks of quoted text are read from the text itself: here they are white space. */
const spaced = (values: unknown): string => JSON.stringify(values).replace(/(?:\\n| )+/g, ' ');

function valuesOf(text: string): unknown[] | undefined {
  try {
    return loadAll(text) as unknown[];
  } catch {
    return undefined;
  }
}
