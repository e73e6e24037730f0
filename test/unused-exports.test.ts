// A function or constant that is exported is used by another file: of src, or by a test of its own.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const filesOf = (folder: string): { file: string; words: Set<string>; text: string }[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(tsx?|mjs)$/.test(path) && !path.includes('node_modules'))
    .map((path) => {
      const text = readFileSync(`${folder}/${path}`, 'utf8');
      return { file: `${folder}/${path}`, text, words: new Set(text.match(/[\w$]+/g)) };
    });

const EXPORTED = /^export (?:async )?(?:const|let|function\*?|class|abstract class) ([\w$]+)/gm;

test('what is exported is used elsewhere', () => {
  const src = filesOf('src');
  const all = [...src, ...filesOf('test'), ...filesOf('scripts')];
  const unused = src.flatMap(({ file, text }) =>
    [...text.matchAll(EXPORTED)]
      .map(([, name]) => name!)
      .filter((name) => !all.some((other) => other.file !== file && other.words.has(name)))
      .map((name) => `${file} ${name}`),
  );
  expect(unused).toEqual([]);
});
