// Two configurations: gateways are paired by id, and where each side has one left over, these two.

import { type Compared, type ConfigDiff, type EffectiveGateway, own, put } from '../model/index.js';
import { newRun } from '../space/index.js';
import { type DiffOptions, diffGateways } from './diff-gateways.js';
import { unknownParts } from './unknowns.js';

export interface ConfigDiffOptions extends DiffOptions {
  /** Pairs to compare, by id; absent: found by id. */
  readonly pairs?: readonly (readonly [before: string, after: string])[];
}

export function diffConfigs(
  before: readonly EffectiveGateway[],
  after: readonly EffectiveGateway[],
  options: ConfigDiffOptions = {},
): ConfigDiff {
  const pairs = pairUp(before, after, options.pairs);
  const { progress } = options;
  const run = options.run ?? newRun();
  const parts = pairs.map(([b, a], i) =>
    diffGateways(b ?? nothingLike(a!), a ?? nothingLike(b!), {
      ...options,
      run,
      ...(progress ? { progress: (share) => progress((i + share) / pairs.length) } : {}),
    }),
  );
  const differences = parts.flatMap((p) => p.differences);
  const unknowns = pairs.flatMap(([b, a]) => unknownParts(b ?? nothingLike(a!), a ?? nothingLike(b!), options.locate));
  const undecided = [...parts.flatMap((p) => p.undecided), ...unknowns];
  return {
    equivalent: differences.length > 0 ? false : undecided.length > 0 ? 'undecided' : true,
    gateways: pairs.map(([b, a]) => ({ before: b?.id ?? null, after: a?.id ?? null })),
    compared: parts.map((p) => p.compared).reduce(add, NOTHING),
    differences,
    undecided,
    delivery: parts.flatMap((p) => p.delivery),
  };
}

type Pair = readonly [EffectiveGateway | undefined, EffectiveGateway | undefined];

function pairUp(
  before: readonly EffectiveGateway[],
  after: readonly EffectiveGateway[],
  named: ConfigDiffOptions['pairs'],
): Pair[] {
  if (named) return named.map(([b, a]) => [before.find((g) => g.id === b), after.find((g) => g.id === a)]);
  const pairs: Pair[] = before.flatMap((b) => {
    const a = after.find((g) => g.id === b.id);
    return a ? [[b, a] as const] : [];
  });
  const restBefore = before.filter((b) => !after.some((a) => a.id === b.id));
  const restAfter = after.filter((a) => !before.some((b) => b.id === a.id));
  // A Service that opens a port takes no gateway's place.
  const [left, right] = [restBefore.filter(isGateway), restAfter.filter(isGateway)];
  const movedTo = left.length === 1 && right.length === 1;
  const alone = (g: EffectiveGateway) => !movedTo || !isGateway(g);
  return [
    ...pairs,
    ...(movedTo ? [[left[0], right[0]] as const] : []),
    ...restBefore.filter(alone).map((b): Pair => [b, undefined]),
    ...restAfter.filter(alone).map((a): Pair => [undefined, a]),
  ];
}

const isGateway = ({ direct }: EffectiveGateway): boolean => !direct;

const nothingLike = (gateway: EffectiveGateway): EffectiveGateway => ({ ...gateway, listeners: [], unsupported: [] });

const NOTHING: Compared = {
  gateways: 0,
  connections: 0,
  virtualHosts: 0,
  identical: 0,
  rules: { before: 0, after: 0 },
  paths: 0,
  dimensions: {},
};

function add(a: Compared, b: Compared): Compared {
  const dimensions = { ...a.dimensions };
  for (const [key, n] of Object.entries(b.dimensions)) put(dimensions, key, Math.max(n, own(dimensions, key) ?? 0));
  return {
    gateways: a.gateways + b.gateways,
    connections: a.connections + b.connections,
    virtualHosts: a.virtualHosts + b.virtualHosts,
    identical: a.identical + b.identical,
    rules: { before: a.rules.before + b.rules.before, after: a.rules.after + b.rules.after },
    paths: a.paths + b.paths,
    dimensions,
  };
}
