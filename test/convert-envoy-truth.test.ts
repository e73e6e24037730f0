// What Envoy runs, translated: every recorded dump, and every recorded configuration of Istio as a bootstrap. What the output answers is
// compared with the recording; nothing differs in silence, and verify leaves nothing open.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { catalogOf } from '../src/resources/catalog.js';
import { type Configuration, inputOf, type Replay, replay } from './convert/replay.js';
import { showDifferences } from './convert/show-differences.js';
import { bootstrapOf } from './truth/round-trip.js';

/** Folders of cases, two levels down. */
const casesIn = (root: string): string[] =>
  readdirSync(root).flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)));

/** The gateways of Istio of a case as a bootstrap; undefined: it has none. */
function asBootstrap(folder: string): Configuration | undefined {
  const catalog = catalogOf(inputOf(folder));
  const { gateways } = readGateways(catalog);
  const own = gateways.filter(({ dialect, engine }) => dialect !== 'service' && engine === 'envoy');
  return own.length > 0 ? { resources: bootstrapOf(own, catalog), written: own.map(({ id }) => id) } : undefined;
}

function report(title: string, cases: readonly (readonly [string, Replay])[]): number {
  const sum = (of: (r: Replay) => number) => cases.reduce((n, [, r]) => n + of(r), 0);
  const total = sum((r) => r.exchanges);
  const identical = (100 * sum((r) => r.identical)) / total;
  const whole = (100 * cases.filter(([, r]) => r.identical === r.exchanges).length) / cases.length;
  console.log(
    `${title}: ${identical.toFixed(2)} % of ${total} exchanges identical, ${whole.toFixed(1)} % of ${cases.length} cases whole, ${sum((r) => r.silent.length)} silent`,
  );
  showDifferences(cases);
  expect(cases.flatMap(([name, r]) => r.silent.map((line) => `${name} ${line}`)).slice(0, 10)).toEqual([]);
  expect(cases.flatMap(([name, r]) => r.unproven.map((line) => `${name} ${line}`)).slice(0, 10)).toEqual([]);
  return identical;
}

for (const [to, least] of [
  ['istio', 97],
  ['gateway-api', 85],
  ['envoy', 99],
] as const) {
  test(`recorded dumps to ${to}: at least ${least} % identical, nothing silent`, async () => {
    const cases: [string, Replay][] = [];
    for (const folder of casesIn('fixtures/truth/envoy')) cases.push([folder, await replay(folder, 'envoy', to)]);
    expect(cases.length).toBeGreaterThan(40);
    expect(report(`envoy dumps → ${to}`, cases)).toBeGreaterThanOrEqual(least);
  }, 300_000);

  test(`bootstraps of recorded cases to ${to}: at least ${least} % identical, nothing silent`, async () => {
    const cases: [string, Replay][] = [];
    for (const folder of casesIn('fixtures/truth/istio')) {
      const input = asBootstrap(folder);
      if (input) cases.push([folder, await replay(folder, 'envoy', to, {}, input)]);
    }
    expect(cases.length).toBeGreaterThan(300);
    expect(report(`bootstraps of Istio's cases → ${to}`, cases)).toBeGreaterThanOrEqual(least);
  }, 600_000);
}
