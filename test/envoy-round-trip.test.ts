// Every recorded gateway of Istio, written as a bootstrap of Envoy and read back, gives the recorded answers, and is proven to answer as
// its source does.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { diffConfigs } from '../src/diff/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { locate, parseSource } from '../src/sources/index.js';
import { throughEnvoy } from './truth/round-trip.js';
import { simulateExchanges } from './truth/simulate-exchanges.js';

const root = join(import.meta.dirname, '../fixtures/truth/istio');
const EXCEPTIONS = JSON.parse(readFileSync(join(root, '../../truth-exceptions.json'), 'utf8')) as Record<
  string,
  string
>;

describe.each(readdirSync(root))('istio/%s', (group) => {
  const cases = readdirSync(join(root, group));
  test('recorded answers', { timeout: 120_000 }, async () => {
    const differing: string[] = [];
    let total = 0;
    for (const name of cases)
      for (const { index, differences, report } of await simulateExchanges(join(root, group, name), throughEnvoy)) {
        total++;
        const id = `istio/${group}/${name}#${index}`;
        if (differences.length > 0 && !(id in EXCEPTIONS)) differing.push(`${id}\n${report}`);
      }
    if (process.env.TRUTH_VERBOSE) process.stderr.write(`${group}: ${total - differing.length} of ${total} agree\n`);
    expect(differing.slice(0, Number(process.env.TRUTH_SHOW ?? 5)).join('\n')).toBe('');
  });

  test('proven equivalent', { timeout: 300_000 }, () => {
    const open: string[] = [];
    for (const name of cases) {
      const file = join(root, group, name, 'input.yaml');
      const catalog = catalogOf(parseSource(file, readFileSync(file)).resources);
      for (const gateway of readGateways(catalog).gateways) {
        if (gateway.dialect === 'service' || gateway.engine !== 'envoy') continue;
        const result = diffConfigs([gateway], [throughEnvoy(gateway, catalog)], { locate });
        if (result.equivalent !== true)
          open.push(
            `${name} ${gateway.id}: ${[...result.differences.map((d) => JSON.stringify([d.request, d.before, d.after])), ...result.undecided.map((u) => u.reason)].slice(0, 2).join('\n    ')}`,
          );
      }
    }
    if (process.env.TRUTH_VERBOSE) process.stderr.write(`${group}: ${open.length} of ${cases.length} not proven\n`);
    expect(open.slice(0, Number(process.env.TRUTH_SHOW ?? 5)).join('\n')).toBe('');
  });
});
