// meshgw.config.yaml, found upwards from a folder; its schema for editors is schemas/meshgw.config.schema.json.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { CannotRunError } from '../diagnostics/index.js';
import { type LintConfig, readLintConfig } from './config.js';

const NAMES = ['meshgw.config.yaml', 'meshgw.config.yml'];

/** The nearest configuration. Errors: CannotRunError with the file and line where it cannot be read. */
export function findConfig(folder: string): { readonly file: string; readonly config: LintConfig } | undefined {
  for (let at = folder; ; at = dirname(at)) {
    for (const name of NAMES) {
      const file = join(at, name);
      const text = readOptional(file);
      if (text !== undefined) return { file, config: readConfigText(file, text) };
    }
    if (dirname(at) === at) return undefined;
  }
}

export function readConfigText(file: string, text: string): LintConfig {
  try {
    return readLintConfig(parse(text, { maxAliasCount: 0 }), file);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const line = error.linePos?.[0].line ?? 1;
    throw new CannotRunError(`${file}:${line}: ${error.message.split('\n')[0]}`, 'The configuration has to be YAML.', {
      cause: error,
    });
  }
}

function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === undefined) throw error;
    throw new CannotRunError(`${file}: cannot be read (${code})`, undefined, { cause: error });
  }
}
