// For which requests do two configurations differ?

import { CannotRunError } from '../diagnostics/index.js';
import { keyOf, missingGateways } from '../dialects/parents.js';
import { diffConfigs } from '../diff/index.js';
import { intakeParts } from '../diff/intake.js';
import { runningPair } from '../diff/running.js';
import { uncarriedParts } from '../diff/uncarried.js';
import type { Assumption, ConfigDiff } from '../model/index.js';
import { locate } from '../sources/index.js';
import { type LoadedConfig, requireReadable, understandAgain } from './load.js';
import { uncarriedIn } from './uncarried.js';

export interface DiffOptions {
  /** Gateways to compare, by id. Default: those of one id, and the two that remain where each side has one left. */
  readonly pairs?: readonly (readonly [before: string, after: string])[];
  /** Where one side is what Envoy runs: the gateway of the files that it is. Default: by its labels, the usual one, the only one. */
  readonly gateway?: string;
  /** Called with the share that is done, 0..1. */
  readonly progress?: (share: number) => void;
}

export interface Compared extends ConfigDiff {
  /** What the files do not say and was taken for given: of either side, and a gateway that both name and neither holds. */
  readonly assumptions: readonly Pick<Assumption, 'code' | 'message' | 'hint'>[];
}

/**
 * A gateway that both sides name and neither holds is assumed, so that its routes are compared; routes of one that only one side names,
 * and those of the mesh, are undecided unless they are the same. Throws CannotRunError where a document of either side could not be read.
 */
export function diff(before: LoadedConfig, after: LoadedConfig, options: DiffOptions = {}): Compared {
  requireReadable(before.sources);
  requireReadable(after.sources);
  const elsewhere = new Set(missingGateways(after.catalog).map(keyOf));
  const shared = missingGateways(before.catalog).filter((gateway) => elsewhere.has(keyOf(gateway)));
  const [left, right] = withServices([before, after]).map((config) =>
    shared.length === 0
      ? config
      : understandAgain(config.sources, {
          ...config.options,
          assumedGateways: [...(config.options.assumedGateways ?? []), ...shared],
        }),
  ) as [LoadedConfig, LoadedConfig];
  const one = onePair(left, right, options);
  const result = diffConfigs(left.gateways, right.gateways, {
    ...options,
    ...(one ? { pairs: one.pairs } : {}),
    locate,
  });
  // What one gateway runs says nothing of the sidecars of the mesh.
  const uncarried = [left, right].map((config) => uncarriedIn(config).filter((u) => !one || u.gateway !== undefined));
  const undecided = [
    ...result.undecided,
    ...intakeParts(result.gateways, left.gateways, right.gateways),
    ...uncarriedParts(uncarried[0]!, uncarried[1]!, locate),
  ];
  const equivalent = result.equivalent === true && undecided.length > 0 ? 'undecided' : result.equivalent;
  const assumed = [...left.assumptions, ...right.assumptions, ...(one?.assumptions ?? [])].map(
    ({ code, message, hint }) => ({
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
    }),
  );
  return { ...result, equivalent, undecided, assumptions: [...new Map(assumed.map((a) => [a.message, a])).values()] };
}

/** What Envoy runs is met on the ports of the Service that leads to it, which is among the files of the other side. */
function withServices([before, after]: readonly [LoadedConfig, LoadedConfig]): readonly [LoadedConfig, LoadedConfig] {
  const runs = (config: LoadedConfig) => config.gateways.some(({ running }) => running);
  if (runs(before) === runs(after)) return [before, after];
  const lent = (config: LoadedConfig, other: LoadedConfig): LoadedConfig => {
    const services = other.catalog
      .ofKind('/Service')
      .filter((r) => !config.catalog.find('/Service', r.namespace, r.name));
    if (services.length === 0) return config;
    const resources = [...config.sources.resources, ...services];
    return { ...config, ...understandAgain({ ...config.sources, resources }, config.options) };
  };
  return runs(before) ? [lent(before, after), after] : [before, lent(after, before)];
}

/** The one pair that is compared where one side is what Envoy runs. Throws CannotRunError where several gateways of the files may be meant. */
function onePair(
  { gateways: before }: LoadedConfig,
  { gateways: after }: LoadedConfig,
  { gateway }: DiffOptions,
): { readonly pairs: [string, string][]; readonly assumptions: Assumption[] } | undefined {
  const pair = runningPair(before, after, gateway);
  if (!pair) return undefined;
  if (!('before' in pair))
    throw new CannotRunError(
      gateway === undefined
        ? 'one side is what one Envoy runs, and the other has several gateways'
        : `no gateway ${JSON.stringify(gateway)} in the files`,
      `choose one with --gateway: ${pair.join(', ') || 'the files define none'}`,
    );
  const { others } = pair;
  const rest: Assumption = {
    code: 'not-compared',
    message: `of the files only ${pair.before.running ? pair.after.id : pair.before.id} is compared, not ${others.join(', ')}`,
    hint: 'another one with --gateway',
  };
  return { pairs: [[pair.before.id, pair.after.id]], assumptions: others.length > 0 ? [rest] : [] };
}
