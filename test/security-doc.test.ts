// The numbers of SECURITY.md are those of the code.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LONGEST_MESSAGE, LONGEST_WORD } from '../src/diagnostics/index.js';
import { MAX_CONFIG_BYTES, MAX_ENTRIES, MAX_FILE_BYTES, MAX_TOTAL_BYTES, megabytes } from '../src/files/index.js';
import { MAX_PATTERN_LENGTH } from '../src/regex/match.js';
import { DEFAULT_LIMITS } from '../src/serve/limits.js';
import { MAX_DEPTH } from '../src/sources/yaml-events.js';
import { QUESTION_STEPS, RUN_STEPS } from '../src/space/work.js';

test('SECURITY.md tells the limits that hold', () => {
  const rows = [...readFileSync('SECURITY.md', 'utf8').matchAll(/^\| (.+) \| (\d.*) \|$/gm)].map((m) => m[2]);
  expect(rows).toEqual([
    megabytes(MAX_FILE_BYTES),
    megabytes(MAX_TOTAL_BYTES),
    megabytes(MAX_CONFIG_BYTES),
    String(MAX_ENTRIES),
    `${LONGEST_WORD} characters`,
    `${LONGEST_MESSAGE} characters`,
    `${MAX_DEPTH} levels`,
    `${MAX_PATTERN_LENGTH} characters`,
    `${RUN_STEPS} steps`,
    `${QUESTION_STEPS} steps`,
    `${DEFAULT_LIMITS.headBytes} bytes`,
    String(DEFAULT_LIMITS.headerCount),
    `${DEFAULT_LIMITS.headMs / 1000} s`,
    `${DEFAULT_LIMITS.bodyIdleMs / 1000} s`,
    `${DEFAULT_LIMITS.idleMs / 1000} s`,
    String(DEFAULT_LIMITS.connections),
    String(DEFAULT_LIMITS.streams),
  ]);
});
