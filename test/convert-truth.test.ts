// Translations of every recorded case, replayed: how much is identical, that nothing differs in silence, and that verify proves the rest.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Source, Target } from '../src/convert/scope.js';
import type { ReadOptions } from '../src/dialects/dialect.js';
import { type Replay, replay } from './convert/replay.js';
import { showDifferences } from './convert/show-differences.js';
import { type Recording, recordingsOf } from './truth/recordings.js';

interface Goal {
  /** Of cases, or of folders of cases. */
  readonly folder: string;
  readonly from: Source;
  readonly to: Target;
  /** Percent of exchanges and of whole cases that have to be identical. */
  readonly exchanges: number;
  readonly cases: number;
  /** Whose Gateway API is written; default: Istio's. */
  readonly implementation?: ReadOptions['implementation'];
}

const GOALS: readonly Goal[] = [
  { folder: 'ingress-nginx', from: 'ingress', to: 'istio', exchanges: 85, cases: 50 },
  { folder: 'ingress-nginx', from: 'ingress', to: 'envoy', exchanges: 97, cases: 60 },
  { folder: 'ingress-nginx', from: 'ingress', to: 'gateway-api', exchanges: 75, cases: 35 },
  {
    ...{ folder: 'ingress-nginx', from: 'ingress', to: 'gateway-api', exchanges: 92, cases: 50 },
    implementation: 'envoy-gateway',
  },
  { folder: 'traefik', from: 'traefik', to: 'istio', exchanges: 80, cases: 25 },
  { folder: 'traefik', from: 'traefik', to: 'gateway-api', exchanges: 70, cases: 20 },
  { folder: 'istio/ingress', from: 'ingress', to: 'gateway-api', exchanges: 95, cases: 50 },
  { folder: 'istio/gateway-api', from: 'gateway-api', to: 'gateway-api', exchanges: 99, cases: 90 },
  { folder: 'istio/ingress', from: 'ingress', to: 'istio', exchanges: 99, cases: 90 },
  { folder: 'istio/gateway-api', from: 'gateway-api', to: 'istio', exchanges: 99, cases: 90 },
  { folder: 'istio/match', from: 'istio', to: 'istio', exchanges: 99, cases: 90 },
  { folder: 'istio/action', from: 'istio', to: 'istio', exchanges: 99, cases: 90 },
  { folder: 'istio/hosts', from: 'istio', to: 'istio', exchanges: 99, cases: 90 },
  { folder: 'istio/merge', from: 'istio', to: 'istio', exchanges: 99, cases: 90 },
  { folder: 'istio/action', from: 'istio', to: 'gateway-api', exchanges: 80, cases: 50 },
  { folder: 'istio/match', from: 'istio', to: 'ingress', exchanges: 50, cases: 5 },
  { folder: 'kong', from: 'kong', to: 'istio', exchanges: 80, cases: 30 },
  { folder: 'kong', from: 'kong', to: 'gateway-api', exchanges: 70, cases: 15 },
];

/** Every case below a folder, each with a recording: of several variants one by turns, all with `TRUTH_VARIANTS=all`. */
function replaysOf(folder: string): readonly { readonly name: string; readonly recording: Recording }[] {
  const root = join('fixtures/truth', folder);
  return casesBelow(root).flatMap((path, i) => {
    const all = recordingsOf(path);
    const chosen = process.env.TRUTH_VARIANTS === 'all' ? all : [all[i % all.length]!];
    const name = path.slice(root.length + 1);
    return chosen.map((recording) => ({
      name: recording.variant === undefined ? name : `${name}@${recording.variant}`,
      recording,
    }));
  });
}

const casesBelow = (at: string): readonly string[] =>
  existsSync(join(at, 'exchanges.json'))
    ? [at]
    : readdirSync(at, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? casesBelow(join(at, entry.name)) : [],
      );

for (const goal of GOALS) {
  const { implementation } = goal;
  const target = `${goal.to}${implementation ? ` (${implementation})` : ''}`;
  test(`${goal.folder}: ${goal.from} to ${target} is at least ${goal.exchanges} % identical (${goal.cases} % of whole cases), nothing silent`, async () => {
    const cases: [string, Replay][] = [];
    for (const { name, recording } of replaysOf(goal.folder))
      cases.push([
        name,
        await replay(dirname(recording.exchanges), goal.from, goal.to, {
          recording,
          ...(implementation ? { implementation } : {}),
        }),
      ]);
    expect(cases.length).toBeGreaterThan(20);
    const sum = (of: (r: Replay) => number) => cases.reduce((n, [, r]) => n + of(r), 0);
    const total = sum((r) => r.exchanges);
    const identical = (100 * sum((r) => r.identical)) / total;
    const whole = (100 * cases.filter(([, r]) => r.identical === r.exchanges).length) / cases.length;
    const literal = cases.filter(([, r]) => r.identical - r.spelled === r.exchanges).length;
    console.log(
      `${goal.folder} ${goal.from} → ${target}: ${identical.toFixed(2)} % of ${total} exchanges identical, ${whole.toFixed(1)} % of ${cases.length} cases whole, ${sum((r) => r.silent.length)} silent, ${sum((r) => r.unproven.length)} not proven; with every Location to the letter ${((100 * sum((r) => r.identical - r.spelled)) / total).toFixed(2)} % and ${((100 * literal) / cases.length).toFixed(1)} %`,
    );
    showDifferences(cases);
    expect(cases.flatMap(([name, r]) => r.silent.map((line) => `${name} ${line}`)).slice(0, 10)).toEqual([]);
    expect(cases.flatMap(([name, r]) => r.unproven.map((line) => `${name} ${line}`)).slice(0, 10)).toEqual([]);
    expect(cases.flatMap(([name, r]) => r.invalid.map((line) => `${name} ${line}`)).slice(0, 10)).toEqual([]);
    expect(identical).toBeGreaterThanOrEqual(goal.exchanges);
    expect(whole).toBeGreaterThanOrEqual(goal.cases);
  }, 600_000);
}

test('istio match, hosts and merge: istio to gateway-api is at least 90 % identical where nothing is refused, nothing silent anywhere', async () => {
  const cases: [string, Replay][] = [];
  for (const area of ['match', 'hosts', 'merge']) {
    const root = join('fixtures/truth/istio', area);
    for (const name of readdirSync(root)) cases.push([name, await replay(join(root, name), 'istio', 'gateway-api')]);
  }
  const sayable = cases.filter(([, r]) => !r.refused);
  const sum = (list: typeof cases, of: (r: Replay) => number) => list.reduce((n, [, r]) => n + of(r), 0);
  const total = sum(sayable, (r) => r.exchanges);
  const identical = (100 * sum(sayable, (r) => r.identical)) / total;
  const all = (100 * sum(cases, (r) => r.identical)) / sum(cases, (r) => r.exchanges);
  console.log(
    `istio match+hosts+merge → gateway-api: ${sayable.length} of ${cases.length} cases without a refused item, ${identical.toFixed(2)} % of their ${total} exchanges identical (${all.toFixed(2)} % of all), ${sum(cases, (r) => r.silent.length)} silent`,
  );
  showDifferences(cases.map(([name, r]) => [name, r.refused ? { ...r, announced: [] } : r]));
  expect(sayable.length).toBeGreaterThan(20);
  expect(cases.flatMap(([name, r]) => r.silent.map((line) => `${name} ${line}`)).slice(0, 10)).toEqual([]);
  expect(cases.flatMap(([name, r]) => r.unproven.map((line) => `${name} ${line}`)).slice(0, 10)).toEqual([]);
  expect(identical).toBeGreaterThanOrEqual(90);
});
