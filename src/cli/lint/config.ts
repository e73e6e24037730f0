// The rules of a run: those of meshgw.config.yaml, then those of the flags over them.

import { dirname, resolve } from 'node:path';
import type { LintConfig } from '../../lint/config.js';
import type { InputFlags } from '../command.js';
import type { Io } from '../io.js';

export interface LintConfigFlags extends InputFlags {
  /** `CODE=LEVEL`. */
  readonly rule?: readonly string[];
  readonly preset?: LintConfig['preset'];
}

/** Rejects with CannotRunError where the file or a flag cannot be used. */
export async function lintConfigFor(flags: LintConfigFlags, io: Io): Promise<LintConfig> {
  const [{ settingsOf }, { parseRuleFlag }] = await Promise.all([
    import('../settings.js'),
    import('../../lint/config.js'),
  ]);
  const { lint: section, file } = await settingsOf(flags, io);
  const places = { folder: dirname(resolve(io.cwd, file)), cwd: io.cwd };
  const base: LintConfig = section ? (await import('../config/lint.js')).lintConfigOf(section, places) : {};
  const asked = Object.fromEntries((flags.rule ?? []).map(parseRuleFlag));
  return {
    ...base,
    rules: { ...base.rules, ...asked },
    ...(base.overrides ? { overrides: [...base.overrides, { fits: () => true, rules: asked }] } : {}),
    ...(flags.preset ? { preset: flags.preset } : {}),
  };
}
