// The only file that touches `process`: it makes an Io of it and sets the exit code.

import { writeSync } from 'node:fs';
import { EXIT } from '../diagnostics/index.js';
import { MAX_FILE_BYTES } from '../files/index.js';
import type { Io, KeepRunning, Output } from './io.js';
import { run } from './run.js';

/** The program for whoever brings an Io of their own: the fuzz of files runs the built one in a process of its own. */
export { run } from './run.js';

/** Set by a command that serves: see `Io.keepRunning`. */
let keeping: KeepRunning | undefined;

function outputOf(stream: NodeJS.WriteStream, name: string): Output {
  let gone = false;
  let reported = false;
  const failed = (error: NodeJS.ErrnoException) => {
    // A reader that went away (`| head`) ends the program quietly, as with every Unix tool; a gateway goes on without it.
    if (keeping === undefined) {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.ok);
      cannotWrite(error);
    }
    gone ||= error.code === 'EPIPE';
    if (reported) return;
    reported = true;
    keeping.onNotice(`${name} cannot be written: ${wordsFor(error)}; serve keeps running`);
  };
  stream.on('error', failed);
  const write = (text: string) => {
    if (gone) return;
    try {
      stream.write(text);
    } catch (error) {
      // A file is written at once: a full disk is an exception, not an event.
      failed(error as NodeJS.ErrnoException);
    }
  };
  return { write, isTTY: stream.isTTY === true, columns: stream.columns || 80 };
}

const wordsFor = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'ENOSPC' ? 'the disk is full' : code === 'EPIPE' ? 'the reader closed the pipe' : message;

function cannotWrite(error: NodeJS.ErrnoException): never {
  try {
    writeSync(2, `error: cannot write the output: ${wordsFor(error)}\n`);
  } catch {
    // Nobody is left to tell.
  }
  process.exit(EXIT.cannotRun);
}

/** Not more than shows that it is too much. */
async function readAll(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    total += (chunk as Buffer).length;
    if (total > MAX_FILE_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** Runs the program on this process's arguments. */
export async function main(): Promise<void> {
  let input: Promise<Buffer> | undefined;
  const io: Io = {
    cwd: process.cwd(),
    env: process.env,
    stdout: outputOf(process.stdout, 'standard output'),
    stderr: outputOf(process.stderr, 'standard error'),
    stdin: () => {
      input ??= readAll();
      return input;
    },
    stopSignal: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      }),
    keepRunning(reports) {
      if (keeping === undefined) process.on('uncaughtException', (error) => keeping?.onError(error));
      keeping = reports;
    },
    now: () => Date.now(),
  };
  process.exitCode = await run(process.argv.slice(2), io);
}
