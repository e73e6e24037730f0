// Kuma's builtin gateway: one fixture for each statement of docs/kuma.md (fixtures/kuma).

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { describeFixture } from './ingress/describe-fixture.js';

const root = join(import.meta.dirname, '../fixtures/kuma');
const cases = readdirSync(root).filter((name) => existsSync(join(root, name, 'input.yaml')));

describe('Kuma', () => {
  for (const name of cases.sort())
    test(name, async () => {
      const found = describeFixture(join(root, name), 'kuma');
      await expect(stringify(found, { lineWidth: 0 })).toMatchFileSnapshot(join(root, name, 'expected.yaml'));
    });
});
