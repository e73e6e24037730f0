// Which rules run and how loud they are: presets, then meshgw.config.yaml, then `--rule CODE=level`.

import { CannotRunError, type LintSummary, type Severity } from '../diagnostics/index.js';
import { own } from '../model/index.js';
import type { Rule } from './rule.js';

export type Level = 'off' | Severity;
export type Preset = 'recommended' | 'strict' | 'migration';

/** The content of meshgw.config.yaml; JSON Schema in schemas/meshgw.config.schema.json. */
export interface LintConfig {
  /** Default `recommended`. */
  readonly preset?: Preset;
  /** By code or name. */
  readonly rules?: Readonly<Record<string, Level>>;
  /** Levels for some files; the last one that fits and names a rule decides. */
  readonly overrides?: readonly LevelOverride[];
}

export interface LevelOverride {
  /** Of a file as findings name it. */
  readonly fits: (file: string) => boolean;
  /** By code or name. */
  readonly rules: Readonly<Record<string, Level>>;
}

/** Levels of a rule, off first. */
export const LEVELS = ['off', 'info', 'warning', 'error'] as const satisfies readonly Level[];
/** Presets by name. */
export const PRESETS = ['recommended', 'strict', 'migration'] as const satisfies readonly Preset[];

const isLevel = (value: unknown): value is Level => LEVELS.includes(value as Level);

/**
 * The level of a rule in a preset. `recommended`: as the rule says, opt-in rules off. `strict`: opt-in rules on, what is
 * info by default becomes a warning (not what is unknown for want of files). `migration`: as recommended, but what stands
 * in the way of another version or controller (deprecations, surprises of ingress-nginx) is a warning at least.
 */
function presetLevel(rule: Rule, preset: Preset): Level {
  const migrates = rule.category === 'migration';
  if (preset === 'strict') {
    const unknown = rule.category === 'note' || rule.category === 'reference';
    return rule.severity === 'info' && !unknown ? 'warning' : rule.severity;
  }
  if (preset === 'migration' && migrates) return rule.severity === 'info' ? 'warning' : rule.severity;
  return rule.optIn ? 'off' : rule.severity;
}

/** The level of a rule, `off` included; `config.rules` by code. */
export const levelOf = (rule: Rule, config: LintConfig): Level =>
  own(config.rules, rule.code) ?? presetLevel(rule, config.preset ?? 'recommended');

/** The level at which a code is looked for: where it is off, but not for all files, the first level that an override gives it. */
export const searchedLevel = (code: string, level: Level, { overrides = [] }: LintConfig): Level =>
  level === 'off'
    ? (overrides.map((o) => own(o.rules, code)).find((l) => l !== undefined && l !== 'off') ?? 'off')
    : level;

/** Findings at the levels of their files; `isOff`: codes that are off where no override fits. */
export function atLevelsOfFiles<D extends { readonly code: string; readonly severity: Severity }>(
  found: readonly D[],
  { overrides = [] }: LintConfig,
  fileOf: (finding: D) => string,
  isOff: (code: string) => boolean,
): D[] {
  if (overrides.length === 0) return [...found];
  return found.flatMap((finding) => {
    const override = overrides.findLast((o) => own(o.rules, finding.code) !== undefined && o.fits(fileOf(finding)));
    const level = override && own(override.rules, finding.code);
    if (level === undefined) return isOff(finding.code) ? [] : [finding];
    return level === 'off' ? [] : [{ ...finding, severity: level }];
  });
}

/** `MGW0101=off` of `--rule`. */
export function parseRuleFlag(flag: string): readonly [string, Level] {
  const [code, level, ...rest] = flag.split('=');
  if (!code || !isLevel(level) || rest.length)
    throw new CannotRunError(`--rule ${flag} is not CODE=off|info|warning|error`, 'For example: --rule MGW0432=off');
  return [code, level];
}

/** Findings counted by severity. */
export function summaryOf(
  diagnostics: readonly { readonly severity: Severity }[],
): Pick<LintSummary, 'errors' | 'warnings' | 'infos'> {
  const count = (severity: Severity) => diagnostics.filter((d) => d.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), infos: count('info') };
}

export type FailOn = Severity | 'never';

/** Whether the findings make the command fail (`--fail-on`). */
export function failsOn(summary: Pick<LintSummary, 'errors' | 'warnings' | 'infos'>, level: FailOn): boolean {
  if (level === 'never') return false;
  return summary.errors > 0 || (level !== 'error' && summary.warnings > 0) || (level === 'info' && summary.infos > 0);
}
