// A row of the table of annotations that decides or changes an answer is read by code: without it the row does nothing, in silence.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { annotationTable } from '../src/dialects/ingress-nginx/annotations/table.js';

const FOLDER = 'src/dialects/ingress-nginx';

test('each annotation that routes or changes something is named by the reader', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
    (f) => f.endsWith('.ts') && !/(^|\/)(table|feeds)\.ts$/.test(f),
  );
  expect(files.length).toBeGreaterThan(20);
  const code = files.map((f) => readFileSync(join(FOLDER, f), 'utf8')).join('\n');
  const decisive = annotationTable.filter(({ verdict }) => verdict === 'routing' || verdict === 'change');
  expect(decisive.length).toBeGreaterThan(30);
  const unread = decisive.filter(({ name, aliasOf }) => !code.includes(`'${aliasOf ?? name}'`)).map(({ name }) => name);
  expect(unread).toEqual([]);
});
