// Whether the content of a configuration has changed. Files are looked at again and again instead of being reported by the
// operating system: a folder that was replaced, a volume that reports nothing, a limit on watches (ENOSPC) and a file that
// may not be read are then nothing special, and what does not belong to the configuration (a log, a recording) is never seen.

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { readUserFile } from '../files/index.js';

/** Between two looks. Ms. */
const EVERY_MS = 400;
/** Editors and `cp -r` write in several steps: a change is taken when two looks see the same. Ms. */
const SETTLE_MS = 100;
/** A look may take this part of the time: with very many files they are looked at less often. */
const MOST_SHARE = 0.1;

export interface WatchOptions {
  /** The files that count now, absolute; it may throw, which is a state like any other: a folder that is not there. */
  readonly files: () => Promise<readonly string[]>;
  /** Called when what is in them has changed; never twice at once. What it rejects with goes to `onBug`. */
  readonly changed: () => Promise<void>;
  readonly onBug: (error: unknown) => void;
}

export interface FileWatch {
  close(): void;
}

/** What is in the files now; pass it to `watchFiles`, so that a change while they are loaded is seen. */
export async function contentOf(files: WatchOptions['files']): Promise<string> {
  return digest(await look(files));
}

/** `seen`: what `contentOf` said before the files were loaded. */
export function watchFiles(seen: string, { files, changed, onBug }: WatchOptions): FileWatch {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let last: Look | undefined;
  let content = seen;
  const step = async (): Promise<number> => {
    const startedAt = performance.now();
    const now = await look(files);
    const took = performance.now() - startedAt;
    const pause = Math.max(EVERY_MS, took / MOST_SHARE);
    if (last !== undefined && last.stamp === now.stamp) return pause;
    const settled = await settle(files, now);
    last = settled;
    const found = digest(settled);
    if (found === content) return pause;
    content = found;
    if (!closed) await changed();
    return pause;
  };
  const go = async (): Promise<void> => {
    let pause = EVERY_MS;
    try {
      pause = await step();
    } catch (error) {
      onBug(error);
    }
    if (!closed) timer = setTimeout(() => void go(), pause);
  };
  timer = setTimeout(() => void go(), SETTLE_MS);
  return {
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

interface Look {
  readonly paths: readonly string[];
  /** Another one where a file may have changed. */
  readonly stamp: string;
}

async function look(files: WatchOptions['files']): Promise<Look> {
  try {
    const paths = await files();
    return { paths, stamp: paths.map((path) => `${path}\n${stampOf(path)}`).join('\n') };
  } catch (error) {
    return { paths: [], stamp: `not found: ${error instanceof Error ? error.message : error}` };
  }
}

async function settle(files: WatchOptions['files'], first: Look): Promise<Look> {
  let before = first;
  for (let i = 0; i < 20; i++) {
    await new Promise((done) => setTimeout(done, SETTLE_MS));
    const now = await look(files);
    if (now.stamp === before.stamp) return now;
    before = now;
  }
  return before;
}

function stampOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch (error) {
    return codeOf(error);
  }
}

function digest({ paths, stamp }: Look): string {
  if (paths.length === 0) return stamp;
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\n`).update(bytesOf(path)).update('\n');
  return hash.digest('hex');
}

/** What is not read has no content, only a reason. */
function bytesOf(path: string): string | Buffer {
  const read = readUserFile(path);
  return Buffer.isBuffer(read) ? read : read.why;
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
