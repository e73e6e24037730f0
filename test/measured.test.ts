// The tables of what meshgw costs are what `npm run bench` wrote last (test/bench/results.json).
// `UPDATE_README=1 npx vitest run test/measured.test.ts` writes them anew; `npm run bench` does so at its end.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readResults } from './bench/results.js';
import { readmeTables, scaleTables } from './bench/tables.js';

const BLOCK = /<!-- bench -->[\s\S]*?<!-- \/bench -->/;

test.each([
  ['README.md', readmeTables],
  ['docs/scale.md', scaleTables],
] as const)('%s has the numbers of the last benchmark', (file, tablesOf) => {
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(BLOCK);
  const fresh = text.replace(
    BLOCK,
    () => `<!-- bench -->\n${tablesOf(readResults('test/bench/results.json'))}\n<!-- /bench -->`,
  );
  if (process.env.UPDATE_README) writeFileSync(file, fresh);
  else expect(text).toBe(fresh);
});
