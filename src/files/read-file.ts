// The one place that opens a user's file for reading. A file that was found, not named (below a folder, a configuration file), has to
// lie inside of its folder after links are resolved; only regular files are read, and bytes are counted while they are read: what the
// file system says of sizes is not believed (devices and /proc say 0).

import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { MAX_FILE_BYTES, megabytes } from './limits.js';

/** Why a file is not read; `why` continues `cannot read a.yaml: `. */
export interface NotRead {
  readonly code: 'missing' | 'outside' | 'not-regular' | 'too-large' | 'unreadable';
  readonly why: string;
}

export interface ReadRule {
  /** The folder in which the file was found: links lead nowhere else. Absent: the user named the file itself, which may be a link. */
  readonly within?: string;
  /** Default `MAX_FILE_BYTES`. */
  readonly limit?: number;
}

/** An open file that the user hands over by its number: standard input, `<(…)` of a shell. */
const DESCRIPTOR = /^\/(?:dev\/(?:stdin|stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/;

export const isDescriptor = (path: string): boolean => DESCRIPTOR.test(path);

/** The bytes of the file at an absolute path, or why there are none. Never throws for what is on the disk. */
export function readUserFile(path: string, { within, limit = MAX_FILE_BYTES }: ReadRule = {}): Buffer | NotRead {
  try {
    if (within === undefined && isDescriptor(path)) return readOpened(openSync(path, constants.O_RDONLY), limit);
    const real = realpathSync.native(path);
    if (within !== undefined && !isInside(realpathSync.native(within), real))
      return { code: 'outside', why: 'it is a link that leads out of its folder' };
    // Asked before it is opened, because opening a device can do something, and again afterwards, because it may be another by then.
    const wrong = notRegular(statSync(real));
    if (wrong) return wrong;
    return readOpened(openSync(real, constants.O_RDONLY | FLAGS), limit, notRegular);
  } catch (error) {
    return notReadFor(error);
  }
}

/** Neither waits for the writer of a pipe nor follows a link that has just been put there. Windows has neither flag. */
const FLAGS = (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Whether a real path is that of a real folder, or below it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Reads to the end, closes. Throws what the file system throws. */
function readOpened(fd: number, limit: number, refuse?: (stats: Stats) => NotRead | undefined): Buffer | NotRead {
  try {
    const stats = fstatSync(fd);
    const wrong = refuse?.(stats);
    if (wrong) return wrong;
    const large: NotRead = { code: 'too-large', why: `it is larger than ${megabytes(limit)}` };
    if (stats.isFile() && stats.size > limit) return large;
    const chunks: Buffer[] = [];
    for (let total = 0; ; ) {
      const chunk = Buffer.allocUnsafe(Math.max(65_536, chunks.length === 0 ? Math.min(stats.size, limit) + 1 : 0));
      const count = readSync(fd, chunk);
      if (count === 0) return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      total += count;
      if (total > limit) return large;
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    closeSync(fd);
  }
}

function notRegular(stats: Stats): NotRead | undefined {
  if (stats.isFile()) return undefined;
  return { code: 'not-regular', why: kindOf(stats) };
}

/** `it is a folder`. */
export function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'it is a link';
  if (stats.isDirectory()) return 'it is a folder';
  if (stats.isFIFO()) return 'it is a named pipe';
  return stats.isSocket() ? 'it is a socket' : 'it is a device';
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOTDIR', 'a part of the path is a file'],
  ['ENOSPC', 'the disk is full'],
  ['ELOOP', 'it is a link that leads back to itself'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['EBUSY', 'it is in use'],
]);

/** What went wrong, for messages; rethrows what no file system said. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') throw error;
  return WORDS.get(code) ?? `${message} (${code})`;
}

function notReadFor(error: unknown): NotRead {
  const why = reasonOf(error);
  const { code } = error as NodeJS.ErrnoException;
  return { code: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable', why };
}
