// fixtures/requests/<case>/input.*: request files of every format, and files that are wrong, with what is read of them.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { CannotRunError } from '../src/diagnostics/index.js';
import { readRequestFile } from '../src/requests/index.js';

const root = join(import.meta.dirname, '../fixtures/requests');

function read(name: string, text: string): unknown {
  try {
    return readRequestFile(name, text);
  } catch (error) {
    if (!(error instanceof CannotRunError)) throw error;
    return { error: error.message, hint: error.hint ?? null };
  }
}

for (const name of readdirSync(root).sort()) {
  test(`request file ${name}`, async () => {
    const file = readdirSync(join(root, name)).find((f) => f.startsWith('input.'))!;
    const result = read(file, readFileSync(join(root, name, file), 'utf8'));
    expect(Object.hasOwn(result as object, 'error')).toBe(name.startsWith('bad-'));
    await expect(stringify(result, { lineWidth: 0, aliasDuplicateObjects: false })).toMatchFileSnapshot(
      join(root, name, 'expected.yaml'),
    );
  });
}
