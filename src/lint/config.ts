// Which rules run and how loud they are: presets, then meshgw.config.yaml, then `--rule CODE=level`.

import { CannotRunError, type LintSummary, type Severity } from '../diagnostics/index.js';
import type { Rule } from './rule.js';

export type Level = 'off' | Severity;
export type Preset = 'recommended' | 'strict' | 'migration';

/** The content of meshgw.config.yaml; JSON Schema in schemas/meshgw.config.schema.json. */
export interface LintConfig {
  /** Default `recommended`. */
  readonly preset?: Preset;
  /** By code or name. */
  readonly rules?: Readonly<Record<string, Level>>;
}

const LEVELS: ReadonlySet<unknown> = new Set<Level>(['off', 'info', 'warning', 'error']);
const PRESETS: ReadonlySet<unknown> = new Set<Preset>(['recommended', 'strict', 'migration']);

export const isLevel = (value: unknown): value is Level => LEVELS.has(value);

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
  config.rules?.[rule.code] ?? presetLevel(rule, config.preset ?? 'recommended');

/** `MGW0101=off` of `--rule`. */
export function parseRuleFlag(flag: string): readonly [string, Level] {
  const [code, level, ...rest] = flag.split('=');
  if (!code || !isLevel(level) || rest.length)
    throw new CannotRunError(`--rule ${flag} is not CODE=off|info|warning|error`, 'For example: --rule MGW0432=off');
  return [code, level];
}

/** Checks what came out of a config file; `file` is for messages. */
export function readLintConfig(value: unknown, file: string): LintConfig {
  const fail = (what: string) => {
    throw new CannotRunError(`${file}: ${what}`, 'The schema is in schemas/meshgw.config.schema.json.');
  };
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return fail('the configuration is not a mapping') as never;
  const [other] = Object.keys(value).filter((key) => key !== 'lint');
  if (other) fail(`\`${other}\` is unknown; there is lint`);
  const lint = (value as Record<string, unknown>).lint ?? {};
  if (typeof lint !== 'object' || lint === null || Array.isArray(lint)) return fail('`lint` is not a mapping') as never;
  const { preset, rules, ...others } = lint as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown) fail(`\`lint.${unknown}\` is unknown; there are preset and rules`);
  if (preset !== undefined && !PRESETS.has(preset)) fail(`\`lint.preset\` is not recommended, strict or migration`);
  if (rules !== undefined && (typeof rules !== 'object' || rules === null || Array.isArray(rules)))
    fail('`lint.rules` is not a mapping');
  // YAML 1.1 reads a bare `off` as false.
  for (const [code, level] of Object.entries((rules ?? {}) as Record<string, unknown>))
    if (!isLevel(level) && level !== false) fail(`\`lint.rules.${code}\` is not off, info, warning or error`);
  return {
    ...(preset === undefined ? {} : { preset: preset as Preset }),
    rules: Object.fromEntries(
      Object.entries((rules ?? {}) as Record<string, unknown>).map(([code, level]) => [
        code,
        level === false ? 'off' : (level as Level),
      ]),
    ),
  };
}

export type FailOn = Severity | 'never';

/** Whether the findings make the command fail (`--fail-on`). */
export function failsOn(summary: Pick<LintSummary, 'errors' | 'warnings' | 'infos'>, level: FailOn): boolean {
  if (level === 'never') return false;
  return summary.errors > 0 || (level !== 'error' && summary.warnings > 0) || (level === 'info' && summary.infos > 0);
}
