// Kong: configurations that the real one refused as a whole are errors of lint, those that it took are none, in each router flavour.

import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { catalogOf } from '../src/resources/catalog.js';
import { hmacSha256 } from '../src/simulate/engines/kong/sha256.js';
import { parseSource } from '../src/sources/index.js';
import { recordingsOf } from './truth/recordings.js';

const root = join(import.meta.dirname, '../fixtures/truth/kong');
const refused = join(import.meta.dirname, '../fixtures/kong/refused');

function refusals(folder: string, flags: Readonly<Record<string, string>>): readonly string[] {
  const file = join(folder, 'input.yaml');
  const sources = parseSource(file, readFileSync(file));
  const { notes } = readGateways(catalogOf(sources.resources), { flags });
  return notes.filter(({ code }) => code === 'kong-refused').map(({ message }) => message);
}

const cases = (at: string): readonly string[] =>
  readdirSync(at, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(at, entry.name));

test('HMAC of SHA-256 is that of node:crypto', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 150 }), fc.uint8Array({ maxLength: 300 }), (key, text) => {
      const expected = createHmac('sha256', key).update(text).digest('hex');
      expect(Buffer.from(hmacSha256(key, text)).toString('hex')).toBe(expected);
    }),
    { seed: 1, numRuns: 300 },
  );
});

describe('configurations that Kong took', () => {
  for (const family of cases(root)) {
    test(family.slice(root.length + 1), () => {
      const wrong = cases(family).flatMap((folder) =>
        recordingsOf(folder).flatMap(({ flags, variant }) =>
          refusals(folder, flags).map((message) => `${folder.slice(root.length + 1)} ${variant}: ${message}`),
        ),
      );
      expect(wrong).toEqual([]);
    });
  }
});

describe('configurations that Kong refused', () => {
  for (const family of cases(refused)) {
    for (const folder of cases(family)) {
      test(folder.slice(refused.length + 1), () => {
        // `flavour: refused: what | more`, or `flavour: accepted`.
        const verdicts = readFileSync(join(folder, 'error.txt'), 'utf8').trim().split('\n');
        expect(verdicts.length).toBeGreaterThan(0);
        for (const verdict of verdicts) {
          const [, flavor = '', word] = /^(\w+): (refused|accepted)/.exec(verdict) ?? [];
          const found = refusals(folder, { 'kong-router-flavor': flavor });
          expect(found.length > 0 ? 'refused' : 'accepted', `${flavor}: ${found.join(' | ')}`).toBe(word);
        }
        expect(existsSync(join(folder, 'input.yaml'))).toBe(true);
      });
    }
  }
});
