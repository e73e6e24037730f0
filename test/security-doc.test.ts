// The numbers of SECURITY.md are those of the code.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LONGEST_MESSAGE, LONGEST_WORD } from '../src/diagnostics/index.js';
import { MAX_CONFIG_BYTES, MAX_ENTRIES, MAX_FILE_BYTES, MAX_TOTAL_BYTES, megabytes } from '../src/files/index.js';

test('SECURITY.md tells the limits that hold', () => {
  const rows = [...readFileSync('SECURITY.md', 'utf8').matchAll(/^\| (.+) \| (\d.*) \|$/gm)].map((m) => m[2]);
  expect(rows).toEqual([
    megabytes(MAX_FILE_BYTES),
    megabytes(MAX_TOTAL_BYTES),
    megabytes(MAX_CONFIG_BYTES),
    String(MAX_ENTRIES),
    `${LONGEST_WORD} characters`,
    `${LONGEST_MESSAGE} characters`,
  ]);
});
