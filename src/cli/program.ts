// A program of the path, started without a shell, with a limit on time and output: what it prints.

import { execFile } from 'node:child_process';
import { CannotRunError } from '../diagnostics/index.js';
import { MAX_TOTAL_BYTES, megabytes } from '../files/index.js';
import type { Io } from './io.js';

/** Ms. */
const LIMIT_MS = 60_000;

/** `instead`: what to do where the program is not installed. Rejects with CannotRunError where it is not there or fails. */
export function outputOf(program: string, args: readonly string[], io: Io, instead: string): Promise<string> {
  const line = [program, ...args].join(' ');
  return new Promise((resolve, reject) => {
    const options = {
      cwd: io.cwd,
      env: io.env,
      timeout: LIMIT_MS,
      maxBuffer: MAX_TOTAL_BYTES,
      encoding: 'utf8',
    } as const;
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const { code, killed } = error as { code?: unknown; killed?: boolean };
      if (code === 'ENOENT') return reject(new CannotRunError(`${program} is not on PATH`, instead));
      const why =
        code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER'
          ? `it prints more than ${megabytes(MAX_TOTAL_BYTES)}`
          : killed
            ? `it takes longer than ${LIMIT_MS / 1000} s`
            : stderr.trim().split('\n').slice(0, 5).join('\n  ') || error.message;
      reject(new CannotRunError(`${line} failed: ${why}`, 'does it run by itself?', { cause: error }));
    });
    child.stdin?.end();
  });
}
