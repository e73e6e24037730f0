// Is the configuration what was meant?

import type { LintConfig } from '../lint/config.js';
import type { LintMemory } from '../lint/engine.js';
import { type LintResult, runLint } from '../lint/run.js';
import { lintKnowledge } from './lint-knowledge.js';
import type { LoadedConfig } from './load.js';
import { variantNotes } from './variants.js';

export interface LintOptions extends LintConfig {
  /** For certificates that expire, ms since the epoch. Default: dates are not looked at. */
  readonly now?: number;
  /** Called with the share of the rules that is done, 0..1. */
  readonly progress?: (share: number) => void;
  /** What runs before found about objects that are the same ones again, under the same rules. Default: everything is looked at. */
  readonly memory?: LintMemory;
}

/** Findings sorted by place, suppressed ones left out. Rejects with CannotRunError for a rule that does not exist. */
export async function lint(config: LoadedConfig, options: LintOptions = {}): Promise<LintResult> {
  const { now, progress, memory, ...rules } = options;
  return runLint(
    { ...config, notes: [...config.notes, ...(await variantNotes(config))] },
    {
      config: rules,
      ...(now === undefined ? {} : { now }),
      ...(progress ? { progress } : {}),
      ...(memory ? { memory } : {}),
      ...lintKnowledge(config.options),
    },
  );
}
