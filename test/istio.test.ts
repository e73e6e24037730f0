// The reader of dialect istio: each folder of fixtures/istio is read and its effective gateways compared with
// expected.txt; what is read does not depend on the order of objects; reading stays fast.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dialect } from '../src/dialects/istio/index.js';
import type { Resource } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';
import { describeGateways } from './istio/describe-gateways.js';
import { manyVirtualServices } from './istio/many-virtual-services.js';

const cases = join(import.meta.dirname, '../fixtures/istio');
const truth = join(import.meta.dirname, '../fixtures/truth/istio');

const resourcesOf = (folder: string): readonly Resource[] => {
  const { resources, diagnostics } = parseSource('input.yaml', readFileSync(join(folder, 'input.yaml')));
  expect(diagnostics).toEqual([]);
  return resources;
};

/** A setter for every place inside of a value. */
function slotsOf(value: unknown): ((to: unknown) => void)[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [
    (to: unknown) => {
      holder[key] = to;
    },
    ...slotsOf(holder[key]),
  ]);
}

const read = (resources: readonly Resource[]) => dialect.read!(catalogOf(resources), {});

describe('istio reader', () => {
  for (const name of readdirSync(cases)) {
    test(name, async () => {
      const text = describeGateways(read(resourcesOf(join(cases, name))));
      await expect(text).toMatchFileSnapshot(join(cases, name, 'expected.txt'));
    });
  }

  test('the order of objects in the files changes nothing', () => {
    const folders = ['hosts', 'merge', 'mixed', 'l4'].flatMap((area) =>
      readdirSync(join(truth, area)).map((name) => join(truth, area, name)),
    );
    const shuffledCase = fc.constantFrom(...folders).chain((folder) => {
      const resources = resourcesOf(folder);
      return fc.tuple(
        fc.constant(resources),
        fc.shuffledSubarray([...resources], { minLength: resources.length, maxLength: resources.length }),
      );
    });
    fc.assert(
      fc.property(shuffledCase, ([written, shuffled]) => {
        expect(describeGateways(read(shuffled))).toBe(describeGateways(read(written)));
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  test('nothing that YAML can say makes it throw', () => {
    const folders = ['action', 'mixed', 'l4', 'merge'].flatMap((area) =>
      readdirSync(join(truth, area)).map((name) => join(truth, area, name)),
    );
    const nonsense = fc.oneof(
      fc.constant(null),
      fc.integer(),
      fc.string(),
      fc.constant([]),
      fc.constant([null]),
      fc.constant({}),
    );
    const spoilt = fc.tuple(
      fc.constantFrom(...folders),
      fc.array(fc.tuple(fc.nat(), nonsense), { minLength: 1, maxLength: 4 }),
    );
    fc.assert(
      fc.property(spoilt, ([folder, changes]) => {
        const resources = resourcesOf(folder).map((r) => ({ ...r, object: structuredClone(r.object) }));
        const slots = resources.flatMap((r) => slotsOf(r.object));
        for (const [index, value] of changes) slots[index % slots.length]?.(value);
        expect(read(resources).gateways.length).toBeGreaterThanOrEqual(0);
      }),
      { seed: 4, numRuns: 400 },
    );
  });

  test('5,000 VirtualServices of 10 rules on 1,000 hosts', () => {
    const resources = manyVirtualServices({ count: 5000, rules: 10, hosts: 1000 });
    const before = process.cpuUsage();
    const { gateways } = read(resources);
    const ms = process.cpuUsage(before).user / 1000;
    const routes = gateways[0]?.listeners[0]?.filterChains
      .flatMap((chain) => (chain.kind === 'http' ? chain.virtualHosts : []))
      .reduce((sum, host) => sum + host.routes.length, 0);
    expect(routes).toBe(50_000);
    // About 0.5 s of one core; the bound only keeps anything quadratic out.
    expect(ms).toBeLessThan(4000);
  });
});
