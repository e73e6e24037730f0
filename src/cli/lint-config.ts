// The rules of a run: those of meshgw.config.yaml, then those of the flags over them.

import type { LintConfig } from '../lint/config.js';
import type { InputFlags } from './command.js';
import type { Io } from './io.js';

export interface LintConfigFlags extends InputFlags {
  /** `CODE=LEVEL`. */
  readonly rule?: readonly string[];
  readonly preset?: LintConfig['preset'];
}

/** Rejects with CannotRunError where the file or a flag cannot be used. */
export async function lintConfigFor(flags: LintConfigFlags, io: Io): Promise<LintConfig> {
  const [{ settingsOf }, { parseRuleFlag }] = await Promise.all([import('./settings.js'), import('../lint/config.js')]);
  const { lint: section } = await settingsOf(flags, io);
  const base = section ? (await import('./config/lint.js')).lintConfigOf(section) : {};
  const rules = { ...base.rules, ...Object.fromEntries((flags.rule ?? []).map(parseRuleFlag)) };
  return { ...base, rules, ...(flags.preset ? { preset: flags.preset } : {}) };
}
