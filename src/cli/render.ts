// `-k DIR` and `--helm DIR`: what kustomize and Helm make of a folder, where the program is on the path. It may do what it does when the
// user runs it (a chart is not started by naming a folder).

import { CannotRunError } from '../diagnostics/index.js';
import type { SourceText } from '../sources/index.js';
import type { InputFlags } from './command.js';
import type { Io } from './io.js';
import { outputOf } from './program.js';

/** One text for each folder. Rejects with CannotRunError where the program is not there or fails. */
export const renderedSources = ({ kustomize = [], helm = [] }: InputFlags, io: Io): Promise<SourceText[]> =>
  Promise.all([
    ...kustomize.map((folder) => rendered('kustomize', ['build', folder], folder, io)),
    ...helm.map((folder) => rendered('helm', ['template', folder], folder, io)),
  ]);

async function rendered(program: string, args: readonly string[], folder: string, io: Io): Promise<SourceText> {
  if (folder.startsWith('-'))
    throw new CannotRunError(
      `${JSON.stringify(folder)} is no folder`,
      `for example --helm ./chart or -k overlays/prod`,
    );
  const line = [program, ...args].join(' ');
  const instead = `install it, or pipe what it prints elsewhere: ${line} | meshgw lint -`;
  return { file: line, text: await outputOf(program, args, io, instead) };
}
