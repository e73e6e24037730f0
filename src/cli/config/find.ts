// Where meshgw.config.yaml is: the nearest one upwards from a folder. Its schema for editors is schemas/meshgw.config.schema.json.

import { dirname, join } from 'node:path';
import { CannotRunError } from '../../diagnostics/index.js';
import { MAX_CONFIG_BYTES, readUserFile } from '../../files/index.js';

const NAMES = ['meshgw.config.yaml', 'meshgw.config.yml'];

export interface FoundConfig {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/** Errors: CannotRunError where it is there and cannot be read. */
export function findConfig(folder: string): FoundConfig | undefined {
  for (let at = folder; ; at = dirname(at)) {
    for (const name of NAMES) {
      const file = join(at, name);
      const text = readOptional(file);
      if (text !== undefined) return { file, text };
    }
    if (dirname(at) === at) return undefined;
  }
}

/** A link may lead to another file of its folder only: nobody named it. */
function readOptional(file: string): string | undefined {
  const read = readUserFile(file, { within: dirname(file), limit: MAX_CONFIG_BYTES });
  if (Buffer.isBuffer(read)) return read.toString('utf8');
  if (read.code === 'missing') return undefined;
  throw new CannotRunError(`cannot read ${file}: ${read.why}`, 'to use another file: --config FILE');
}
