// One file that a flag names (requests, exchanges, keys): its text, or a message that says why not.

import { resolve } from 'node:path';
import { CannotRunError } from '../diagnostics/index.js';
import { MAX_FILE_BYTES, megabytes, readUserFile } from '../files/index.js';
import type { Io } from './io.js';
import { stdinAs } from './stdin-role.js';

/** The text of a file, `-` for standard input; `role` is what it is, for messages: `the requests`. `limit` in bytes. Rejects with CannotRunError. */
export async function readNamedFile(name: string, role: string, io: Io, limit = MAX_FILE_BYTES): Promise<string> {
  const read = name === '-' ? await stdinAs(role, io) : readUserFile(resolve(io.cwd, name), { limit });
  if (!Buffer.isBuffer(read))
    throw new CannotRunError(
      `cannot read ${name}: ${read.why}`,
      read.code === 'missing' ? 'paths are relative to the working directory' : undefined,
    );
  if (read.length > limit) throw new CannotRunError(`cannot read ${name}: it is larger than ${megabytes(limit)}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(read);
  } catch (error) {
    throw new CannotRunError(`${name} is not UTF-8 text`, undefined, { cause: error });
  }
}
