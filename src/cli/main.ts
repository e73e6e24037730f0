// The only file that touches `process`: it makes an Io of it and sets the exit code.

import { writeSync } from 'node:fs';
import { EXIT } from '../diagnostics/index.js';
import type { Io, Output } from './io.js';
import { run } from './run.js';

function outputOf(stream: NodeJS.WriteStream): Output {
  // A reader that went away (`| head`) ends the program quietly, as with every Unix tool.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.ok);
    cannotWrite(error);
  });
  const write = (text: string) => {
    try {
      stream.write(text);
    } catch (error) {
      // A file is written at once: a full disk is an exception, not an event.
      cannotWrite(error as NodeJS.ErrnoException);
    }
  };
  return { write, isTTY: stream.isTTY === true, columns: stream.columns || 80 };
}

function cannotWrite({ code, message }: NodeJS.ErrnoException): never {
  try {
    writeSync(2, `error: cannot write the output: ${code === 'ENOSPC' ? 'the disk is full' : message}\n`);
  } catch {
    // Nobody is left to tell.
  }
  process.exit(EXIT.cannotRun);
}

async function readAll(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Runs the program on this process's arguments. */
export async function main(): Promise<void> {
  let input: Promise<Buffer> | undefined;
  const io: Io = {
    cwd: process.cwd(),
    env: process.env,
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    stdin: () => {
      input ??= readAll();
      return input;
    },
    stopSignal: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      }),
    now: () => Date.now(),
  };
  process.exitCode = await run(process.argv.slice(2), io);
}
