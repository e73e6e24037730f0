// `lint:` of meshgw.config.yaml.

import { resolve } from 'node:path';
import { isScalar } from 'yaml';
import { LEVELS, type Level, type LevelOverride, type LintConfig, PRESETS } from '../../lint/config.js';
import { ruleCodes, unknownRule } from '../../lint/explain.js';
import { put } from '../../model/index.js';
import { fitsFile, ignoreRule } from '../../sources/index.js';
import { entriesOf, itemsOf, pairsOf, type Section, startOf, textsOf, wordOf } from './section.js';

/** Where the globs of a configuration and the names of files in findings are seen from; both absolute. */
export interface Places {
  readonly folder: string;
  readonly cwd: string;
}

/** Errors: CannotRunError with file, line and column. */
export function lintConfigOf(section: Section, places: Places): LintConfig {
  const { preset, rules, overrides } = entriesOf(section, ['preset', 'rules', 'overrides'], 'lint.');
  return {
    ...(preset.node ? { preset: wordOf(preset, PRESETS) } : {}),
    rules: levelsOf(rules),
    ...(overrides.node ? { overrides: itemsOf(overrides).map((o) => overrideOf(o, places)) } : {}),
  };
}

function overrideOf(section: Section, { folder, cwd }: Places): LevelOverride {
  const { files, rules } = entriesOf(section, ['files', 'rules'], 'lint.overrides.');
  const globs = textsOf(files).flatMap(({ text }) => ignoreRule(text, folder));
  if (globs.length === 0)
    section.fail(startOf(section), `${section.what} names no files`, 'for example files: [legacy/]');
  return { fits: (file) => fitsFile(globs, resolve(cwd, file)), rules: levelsOf(rules) };
}

function levelsOf(section: Section): Record<string, Level> {
  const codes = ruleCodes();
  const levels: Record<string, Level> = {};
  for (const { key, value, at } of pairsOf(section)) {
    if (!codes.has(key)) {
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
