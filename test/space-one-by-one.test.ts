// What looking at one rule at a time says against what looking at all at once says, on random small gateways.

import { expect, test } from 'vitest';
import { atomsOf } from '../src/space/atoms.js';
import { reachability } from '../src/space/index.js';
import { oneByOne } from '../src/space/one-by-one.js';
import { newRun, workFor } from '../src/space/work.js';
import { randomFrom, randomGateway } from './space/small-gateways.js';

test('one by one never contradicts all at once', () => {
  const tally = { shown: 0, covered: 0 };
  for (let seed = 1; seed <= 400; seed++) {
    const { gateway } = randomGateway(randomFrom(seed));
    for (const { chain, virtualHost, index, reach } of reachability(gateway)) {
      if (reach.status === 'unreachable' && (reach.because === 'host' || reach.because === 'connection')) continue;
      const rules = virtualHost.routes.map((r) => ({ atoms: atomsOf(r.match, gateway.engine) }));
      const domain = virtualHost.domains[0]!;
      if (domain.kind !== 'exact' || rules.some((r) => r.atoms.some((a) => a.dimension === 'host'))) continue;
      if (chain.match.source?.length) continue;
      const frame = { engines: [gateway.engine], scheme: chain.tls ? 'https' : 'http' } as const;
      const at = { host: domain.value, source: '127.0.0.1' };
      const single = oneByOne(rules, [index], frame, at, workFor(newRun(), rules.length)).get(index);
      const where = `seed ${seed}, route ${index} of ${virtualHost.name}: ${JSON.stringify(single)}`;
      if (single?.point) {
        tally.shown++;
        expect(reach.status, where).toBe('reached');
      }
      if (single?.coveredBy !== undefined) {
        tally.covered++;
        expect(reach.status, where).toBe('unreachable');
      }
    }
  }
  expect(tally.shown).toBeGreaterThan(100);
  expect(tally.covered).toBeGreaterThan(10);
});
