// Every destination that a recorded exchange reached is named by ways-in, with a way; every service that has a way has a
// request that simulate confirms.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answer } from '../src/api/ways-in-answer.js';
import { readGateways } from '../src/dialects/read.js';
import type { ResultDestination, SimulationResult } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { locate, parseSource } from '../src/sources/index.js';
import { waysIn } from '../src/ways-in/index.js';

const root = join(import.meta.dirname, '../fixtures/truth');

function cases(at: string): string[] {
  return readdirSync(at, { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .flatMap((e) => {
      const path = join(at, e.name);
      return existsSync(join(path, 'exchanges.json')) ? [path] : cases(path);
    })
    .sort();
}

const areas = [...readdirSync(join(root, 'istio')).map((name) => `istio/${name}`), 'ingress-nginx'].filter(
  (area) => cases(join(root, area)).length > 0,
);

/** All destinations of a recorded response: where it went, every outcome of a split, every copy. */
function destinationsOf(response: Partial<SimulationResult>): { to: ResultDestination; copy: boolean }[] {
  const one = response.destination ? [{ to: response.destination, copy: false }] : [];
  const split = (response.split ?? []).flatMap((o) => ('host' in o ? [{ to: o, copy: false }] : []));
  const copies = (response.mirrors ?? []).map((m) => ({ to: m.destination, copy: true }));
  return [...one, ...split, ...copies];
}

for (const area of areas)
  test(`${area}: ways-in names what was reached, and shows each service by a request`, {
    timeout: 120_000,
  }, async () => {
    const unnamed: string[] = [];
    const unshown: string[] = [];
    const counts = { ways: 0, undecided: 0, services: 0, recorded: 0 };
    for (const path of cases(join(root, area))) {
      const name = path.slice(root.length + 1);
      const file = join(path, 'input.yaml');
      const catalog = catalogOf(parseSource(file, readFileSync(file)).resources);
      const { gateways } = readGateways(catalog);
      const { services } = waysIn({ catalog, gateways }, { locate, answer });
      const ways = services.flatMap((s) => s.ways);
      counts.ways += ways.length;
      counts.undecided += ways.filter((w) => w.reach === 'undecided').length;
      counts.services += services.filter((s) => s.ways.length > 0).length;
      const exchanges = JSON.parse(readFileSync(join(path, 'exchanges.json'), 'utf8')) as {
        response: Partial<SimulationResult>;
      }[];
      for (const [i, { response }] of exchanges.entries())
        for (const { to, copy } of destinationsOf(response)) {
          counts.recorded++;
          const named = ways.some(
            ({ destination: d, mirror }) =>
              d.host === to.host && d.port === to.port && d.subset === to.subset && (mirror === true) === copy,
          );
          if (!named) unnamed.push(`${name}#${i}: ${copy ? 'copy to ' : ''}${to.host}:${to.port} ${to.subset ?? ''}`);
        }
      for (const service of services)
        if (service.ways.length > 0 && !service.ways.some((way) => way.reach === 'reached'))
          unshown.push(`${name} ${service.name}: ${service.ways[0]?.reason}`);
    }
    if (process.env.TRUTH_VERBOSE) process.stderr.write(`${area}: ${JSON.stringify(counts)}\n`);
    expect(unnamed, 'recorded and not named').toEqual([]);
    expect(unshown, 'named and not shown').toEqual([]);
    expect(counts.undecided, 'ways that no request shows').toBe(0);
    expect(counts.recorded).toBeGreaterThan(0);
  });
