// For which requests do two configurations differ?

import { diffConfigs } from '../diff/index.js';
import type { ConfigDiff } from '../model/index.js';
import { locate } from '../sources/index.js';
import { type LoadedConfig, requireReadable } from './load.js';

export interface DiffOptions {
  /** Gateways to compare, by id. Default: those of one id, and the two that remain where each side has one left. */
  readonly pairs?: readonly (readonly [before: string, after: string])[];
  /** Called with the share that is done, 0..1. */
  readonly progress?: (share: number) => void;
}

/** Throws CannotRunError where a document of either side could not be read. */
export function diff(before: LoadedConfig, after: LoadedConfig, options: DiffOptions = {}): ConfigDiff {
  requireReadable(before.sources);
  requireReadable(after.sources);
  return diffConfigs(before.gateways, after.gateways, { ...options, locate });
}
