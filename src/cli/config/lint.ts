// `lint:` of meshgw.config.yaml.

import { isScalar } from 'yaml';
import { LEVELS, type Level, type LintConfig, PRESETS } from '../../lint/config.js';
import { ruleSummaries, unknownRule } from '../../lint/explain.js';
import { put } from '../../model/index.js';
import { entriesOf, pairsOf, type Section, wordOf } from './section.js';

/** Errors: CannotRunError with file, line and column. */
export function lintConfigOf(section: Section): LintConfig {
  const { preset, rules } = entriesOf(section, ['preset', 'rules'], 'lint.');
  return { ...(preset.node ? { preset: wordOf(preset, PRESETS) } : {}), rules: levelsOf(rules) };
}

function levelsOf(section: Section): Record<string, Level> {
  const names = new Set(ruleSummaries().flatMap(({ code, name }) => [code, name]));
  const levels: Record<string, Level> = {};
  for (const { key, value, at } of pairsOf(section)) {
    if (!names.has(key)) {
      const { message, hint } = unknownRule(key);
      section.fail(at, message, hint);
    }
    if (!value.node) section.fail(at, `${value.what} has no level`, `allowed here: ${LEVELS.join(', ')}`);
    // A bare `off` is false to readers of YAML 1.1, and people write it so.
    const off = isScalar(value.node) && value.node.value === false;
    put(levels, key, off ? 'off' : wordOf(value, LEVELS));
  }
  return levels;
}
