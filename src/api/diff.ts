// For which requests do two configurations differ?

import { keyOf, missingGateways } from '../dialects/parents.js';
import { diffConfigs } from '../diff/index.js';
import { uncarriedParts } from '../diff/uncarried.js';
import type { Assumption, ConfigDiff } from '../model/index.js';
import { locate } from '../sources/index.js';
import { type LoadedConfig, requireReadable, understand } from './load.js';
import { uncarriedIn } from './uncarried.js';

export interface DiffOptions {
  /** Gateways to compare, by id. Default: those of one id, and the two that remain where each side has one left. */
  readonly pairs?: readonly (readonly [before: string, after: string])[];
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
  const [left, right] = [before, after].map((config) =>
    shared.length === 0
      ? config
      : understand(config.sources, {
          ...config.options,
          assumedGateways: [...(config.options.assumedGateways ?? []), ...shared],
        }),
  ) as [LoadedConfig, LoadedConfig];
  const result = diffConfigs(left.gateways, right.gateways, { ...options, locate });
  const undecided = [...result.undecided, ...uncarriedParts(uncarriedIn(left), uncarriedIn(right), locate)];
  const equivalent = result.equivalent === true && undecided.length > 0 ? 'undecided' : result.equivalent;
  const assumed = [...left.assumptions, ...right.assumptions].map(({ code, message, hint }) => ({
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
  }));
  return { ...result, equivalent, undecided, assumptions: [...new Map(assumed.map((a) => [a.message, a])).values()] };
}
