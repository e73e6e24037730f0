// One file that a flag names (requests, exchanges, an output): read or written, or a message that says why not.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CannotRunError } from '../diagnostics/index.js';
import { table } from '../model/index.js';
import type { Io } from './io.js';
import { stdinAs } from './stdin-role.js';

const MAX_BYTES = 64 * 1024 * 1024;

/** The text of a file, `-` for standard input; `role` is what it is, for messages: `the requests`. Rejects with CannotRunError. */
export async function readNamedFile(name: string, role: string, io: Io): Promise<string> {
  try {
    const bytes = name === '-' ? await stdinAs(role, io) : await readFile(resolve(io.cwd, name));
    if (bytes.length > MAX_BYTES)
      throw new CannotRunError(`${name} has ${bytes.length} bytes`, `files of up to ${MAX_BYTES} bytes are read`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof CannotRunError) throw error;
    if (error instanceof TypeError) throw new CannotRunError(`${name} is not UTF-8 text`);
    throw new CannotRunError(`cannot read ${name}: ${reason(error)}`, 'is the path right, seen from here?', {
      cause: error,
    });
  }
}

/** Writes a file, with the folders it needs. Rejects with CannotRunError. */
export async function writeNamedFile(name: string, text: string, io: Io): Promise<void> {
  if (name === '-')
    throw new CannotRunError('- is standard output, where the result goes', 'name a file, e.g. ./report.json');
  const path = resolve(io.cwd, name);
  try {
    await makeFolders(dirname(path));
    await writeFile(path, text);
  } catch (error) {
    throw new CannotRunError(`cannot write ${name}: ${reason(error)}`, undefined, { cause: error });
  }
}

/** A folder and those above it. One by one: `recursive` of Node 20 never ends where a folder cannot be made (below /proc). */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    await mkdir(path);
  }
}

const WORDS = table<string>({
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  ENOSPC: 'the disk is full',
});
const reason = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return WORDS.get(code) ?? (error instanceof Error ? error.message : String(error));
};
