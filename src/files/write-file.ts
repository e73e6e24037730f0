// The one place that decides where a file of the user may be written. No link is followed: not the file, not the folder that a flag
// names, and below the working directory (which may be a stranger's checkout) no folder on the way. What is written stands beside its
// place first and takes it by a rename, so that a link or a second name (hard link) that lies there is replaced, never written through.

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CannotRunError } from '../diagnostics/index.js';
import { isDescriptor, isInside, kindOf, reasonOf } from './read-file.js';

export interface WriteRule {
  /** The working directory. */
  readonly cwd: string;
  /** The folder that the user named, where only that was named: it is no link either. The name is one of a file in it. */
  readonly folder?: string;
  /** Of the new file; default: that of the file it replaces, else what the umask leaves. */
  readonly mode?: number;
}

/** Writes a text file, with the folders it needs. Throws CannotRunError that says why not. */
export function writeUserFile(name: string, text: string, rule: WriteRule): void {
  const fd = openForWriting(name, rule, (opened) => writeFileSync(opened, text));
  closeSync(fd);
}

/** A new empty file in its place, open for writing. `fill` writes what has to be there from the beginning. Throws CannotRunError. */
export function openForWriting(name: string, rule: WriteRule, fill: (fd: number) => void = () => undefined): number {
  if (name === '-' && rule.folder === undefined)
    throw new CannotRunError('- is standard output, where the result goes', 'name a file, e.g. ./report.json');
  const shown = rule.folder === undefined ? name : join(rule.folder, name);
  try {
    const target = resolve(rule.cwd, rule.folder ?? '.', name);
    if (rule.folder === undefined && (isDescriptor(target) || target === '/dev/null')) {
      const fd = openSync(target, 'w');
      fill(fd);
      return fd;
    }
    makeFolders(target, rule);
    return replace(target, rule.mode, fill);
  } catch (error) {
    if (error instanceof CannotRunError) throw error;
    const refused = error instanceof Refused;
    throw new CannotRunError(
      `cannot write ${shown}: ${refused ? error.message : reasonOf(error)}`,
      refused ? error.hint : undefined,
      { cause: error },
    );
  }
}

class Refused extends Error {
  readonly hint: string | undefined;
  constructor(why: string, hint?: string) {
    super(why);
    this.hint = hint;
  }
}

/** For what could be meant to be written through. */
const THROUGH = 'links and special files are not written through: name the file or folder itself';

/** Every folder below the place where links are no longer the user's own choice is made, or is one already. */
function makeFolders(target: string, { cwd, folder }: WriteRule): void {
  const parent = dirname(target);
  if (folder !== undefined && parent !== resolve(cwd, folder)) throw new Refused('its name leads out of the folder');
  let at = isInside(cwd, parent) ? cwd : existing(folder === undefined ? parent : dirname(parent));
  for (const part of relative(at, parent).split(sep).filter(Boolean)) {
    at = join(at, part);
    try {
      mkdirSync(at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const stats = lstatSync(at);
    if (stats.isSymbolicLink()) throw new Refused(`${relative(cwd, at)} is a link`, THROUGH);
    if (!stats.isDirectory()) throw new Refused(`${relative(cwd, at)} is not a folder`);
  }
}

/** The deepest folder that is there. */
const existing = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : existing(dirname(path));

/** Puts a new file in the place of what is there: a regular file or nothing. */
function replace(target: string, mode: number | undefined, fill: (fd: number) => void): number {
  const old = lstatSync(target, { throwIfNoEntry: false });
  if (old && !old.isFile()) throw new Refused(kindOf(old), old.isDirectory() ? undefined : THROUGH);
  const beside = join(dirname(target), `.meshgw-${randomBytes(8).toString('hex')}.tmp`);
  const fd = openSync(beside, CREATE, mode ?? 0o666);
  try {
    fill(fd);
    if (old) keepOwner(fd, old, mode);
    renameSync(beside, target);
    return fd;
  } catch (error) {
    closeSync(fd);
    unlinkSync(beside);
    throw error;
  }
}

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** A container writes as root into folders of others. */
function keepOwner(fd: number, old: Stats, mode: number | undefined): void {
  if (process.getuid?.() === 0) fchownSync(fd, old.uid, old.gid);
  if (mode === undefined) fchmodSync(fd, old.mode & 0o777);
}
