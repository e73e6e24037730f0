// `-k DIR` and `--helm DIR`: what kustomize and Helm make of a folder, where the program is on the path. It is started without a shell,
// with a limit on time and output; it may do what it does when the user runs it (a chart is not started by naming a folder).

import { execFile } from 'node:child_process';
import { CannotRunError } from '../diagnostics/index.js';
import { MAX_TOTAL_BYTES, megabytes } from '../files/index.js';
import type { SourceText } from '../sources/index.js';
import type { InputFlags } from './command.js';
import type { Io } from './io.js';

/** Ms. */
const LIMIT_MS = 60_000;

/** One text for each folder. Rejects with CannotRunError where the program is not there or fails. */
export const renderedSources = ({ kustomize = [], helm = [] }: InputFlags, io: Io): Promise<SourceText[]> =>
  Promise.all([
    ...kustomize.map((folder) => rendered('kustomize', ['build', folder], folder, io)),
    ...helm.map((folder) => rendered('helm', ['template', folder], folder, io)),
  ]);

function rendered(program: string, args: readonly string[], folder: string, io: Io): Promise<SourceText> {
  if (folder.startsWith('-'))
    throw new CannotRunError(
      `${JSON.stringify(folder)} is no folder`,
      `for example --helm ./chart or -k overlays/prod`,
    );
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
      if (error === null) return resolve({ file: line, text: stdout });
      const { code, killed } = error as { code?: unknown; killed?: boolean };
      if (code === 'ENOENT')
        return reject(
          new CannotRunError(
            `${program} is not on PATH`,
            `install it, or pipe what it prints elsewhere: ${line} | meshgw lint -`,
          ),
        );
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
