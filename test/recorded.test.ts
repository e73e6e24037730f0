// fixtures/recorded/<case>: configuration with what the real Istio control plane and Envoy answered, asked by
// `npm run real -- istio ask` after a difference was found; of other systems in a folder of theirs. Compared as fixtures/truth is.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { simulateExchanges } from './truth/simulate-exchanges.js';

const ROOT = 'fixtures/recorded';

const cases = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) =>
  existsSync(join(ROOT, name, 'exchanges.json')),
);

for (const name of cases)
  test(`recorded ${name}`, async () => {
    const outcomes = await simulateExchanges(join(ROOT, name));
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.filter((o) => o.differences.length > 0).map((o) => o.report)).toEqual([]);
  });
