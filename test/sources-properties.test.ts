// What has to hold for every input: positions point at what they are about, splitting and joining documents changes
// no value, and nothing that is thrown at the reader makes it throw.

import fc from 'fast-check';
import { dump, EVENT_ID, loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { type FieldPath, type Json, originOf, type SourceDocument } from '../src/model/index.js';
import { locate, locateKey, parseSource, sourceText } from '../src/sources/index.js';
import { marksOf } from '../src/sources/marks.js';
import { parseDocuments } from '../src/sources/parse-documents.js';
import { splitDocuments } from '../src/sources/split-documents.js';
import { KUBERNETES_SCHEMA } from '../src/sources/yaml11.js';

const SETTINGS = { seed: 20260822, numRuns: 300 } as const;

const key = fc.oneof(
  fc.stringMatching(/^[a-z][a-zA-Z0-9-]{0,8}$/),
  fc.constantFrom('on', 'a b', "it's", '0777', '"q"', 'ü', '#x', '- d'),
);
const scalar = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('n', 'yes', '0x1f', '*.example.com', '---', '...', '{{ x }}', 'a: b', 'two\nlines', '  lead', 'é😀'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ) as fc.Arbitrary<Json>,
}));

const object = (spec: Json) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, spec });
const style = fc.record({
  flowLevel: fc.constantFrom(-1, -1, 2, 3),
  lineWidth: fc.constantFrom(-1, 40),
  indent: fc.constantFrom(2, 4),
});

function* scalars(value: Json, path: FieldPath): Generator<[FieldPath, Json]> {
  if (typeof value !== 'object' || value === null) yield [path, value];
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* scalars(item as Json, [...path, i]);
  else for (const [name, member] of Object.entries(value)) yield* scalars(member as Json, [...path, name]);
}

test('the position of each scalar is where its text stands, and the position of its key where the key stands', () => {
  fc.assert(
    fc.property(json, json, style, fc.boolean(), (before, spec, format, crlf) => {
      const plain = [dump(object(before), format), dump(object(spec), format)].join('---\n');
      const text = crlf ? plain.replaceAll('\n', '\r\n') : plain;
      const lines = text.split('\n');
      const { resources, diagnostics } = parseSource('f.yaml', text);
      expect(diagnostics).toEqual([]);
      const resource = resources[1]!;
      expect(resource.object.spec).toEqual(spec);
      for (const [path, value] of scalars(spec, ['spec'])) {
        const origin = originOf(resource, ...path);
        const at = locate(origin);
        const rest = lines
          .slice(at.line - 1)
          .join('\n')
          .slice(at.column - 1);
        const written = sourceText(origin)!;
        expect(rest.startsWith(written)).toBe(true);
        // What stands there alone means the same value, unless it is folded over lines or a block.
        if (!written.includes('\n') && !/^\s*$/.test(written) && !/[|>][-+0-9]*\r?$/.test(lines[at.line - 2] ?? ''))
          expect(loadAll(`- ${written}`, { schema: KUBERNETES_SCHEMA })).toEqual([[value]]);
        const last = path.at(-1)!;
        if (typeof last === 'string' && /^[a-z]+$/.test(last) && last !== 'on') {
          const keyAt = locateKey(origin);
          expect(lines[keyAt.line - 1]!.slice(keyAt.column - 1)).toMatch(new RegExp(`^["']?${last}["']?`));
        }
      }
    }),
    SETTINGS,
  );
});

test('splitting gives the documents that js-yaml finds', () => {
  const separator = fc.constantFrom('---\n', '--- # next\n', '...\n---\n', '---\r\n');
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          separator,
          json.filter((v) => v !== null),
          style,
        ),
        { maxLength: 6 },
      ),
      (parts) => {
        const text = parts.map(([mark, value, format]) => mark + dump(value, format)).join('');
        const whole = loadAll(text, { schema: KUBERNETES_SCHEMA });
        const documents = splitDocuments('f.yaml', text);
        expect(documents.map((d) => loadAll(d.text, { schema: KUBERNETES_SCHEMA })[0])).toEqual(whole);
        for (const d of documents)
          expect(
            text
              .split('\n')
              .slice(d.startLine - 1)
              .join('\n')
              .startsWith(d.text),
          ).toBe(true);
      },
    ),
    SETTINGS,
  );
});

const broken = fc.constantFrom(
  'a: "open\n',
  'a: [1\n',
  '\tx: 1\n',
  'a: b: c\n',
  'a: 1\na: 2\n',
  'x: *none\n',
  '%TAG ! x\n---\na: 1\n',
  '{{ x }}\n',
  'a: !x b\n',
  '',
);

/** Each node: type, where it begins, and the node after it. A copy of a document is parsed alone. */
function placesIn(document: SourceDocument): number[][] {
  const marks = marksOf(document);
  return Array.from({ length: marks.after(0) }, (_, node) => [
    marks.type(node),
    marks.type(node) === EVENT_ID.DOCUMENT || marks.type(node) === EVENT_ID.POP ? 0 : Math.max(-1, marks.start(node)),
    marks.after(node),
  ]);
}

test('documents read together are what they are alone, broken ones among them', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          json.map((v) => dump(v)),
          broken,
        ),
        { maxLength: 8 },
      ),
      (texts) => {
        const documents = texts.map((text, i) => ({ file: `${i}.yaml`, startLine: 1, text }));
        const together = parseDocuments(documents);
        const alone = documents.flatMap((d) => parseDocuments([d]));
        expect(together).toEqual(alone);
        const read = documents.filter((_, i) => ((one) => 'value' in one && one.value !== null)(together[i]!));
        expect(read.map(placesIn)).toEqual(read.map((d) => placesIn({ ...d })));
      },
    ),
    SETTINGS,
  );
});

test('no input makes the reader throw', () => {
  const bits = fc.constantFrom(
    '---',
    '\n',
    '- ',
    ': ',
    '"',
    "'",
    '[',
    '{',
    '}',
    ']',
    '&a ',
    '*a ',
    '<<: ',
    '|',
    '>',
    '!',
    '%',
    '#',
    '\t',
    '  ',
    '\0',
    '\r',
    '\u{feff}',
    'kind: List\n',
    'items:\n',
    'apiVersion: v1\n',
    'metadata: ',
    'name: ',
    'a',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(bits, { maxLength: 40 }).map((b) => b.join('')),
        fc.uint8Array({ maxLength: 60 }),
      ),
      (input) => {
        const { resources, diagnostics } = parseSource('f.yaml', input);
        for (const d of diagnostics) expect(d.message).not.toBe('');
        for (const r of resources) expect(locate(originOf(r, 'metadata', 'name')).line).toBeGreaterThan(0);
      },
    ),
    { ...SETTINGS, numRuns: 2000 },
  );
});
