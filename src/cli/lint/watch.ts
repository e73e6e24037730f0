// lint --watch: the findings again whenever the content of a file changes, until the user ends it.

import { resolve } from 'node:path';
import { CannotRunError, EXIT } from '../../diagnostics/index.js';
import { findFiles } from '../../sources/find-files.js';
import type { InputFlags } from '../command.js';
import { inputsOf } from '../inputs.js';
import type { Io } from '../io.js';
import { exclusionsOf, settingsOf } from '../settings.js';
import { contentOf, watchFiles } from '../watch-files.js';

/** `once` lints and prints; what it cannot do is said, and tried again after the next change. */
export async function lintAgain(
  flags: InputFlags,
  paths: readonly string[],
  once: () => Promise<number>,
  io: Io,
): Promise<number> {
  const files = () => filesOf(flags, paths, io);
  const look = async (): Promise<void> => {
    try {
      await once();
    } catch (error) {
      if (!(error instanceof CannotRunError)) throw error;
      io.stderr.write(`error: ${error.message}\n${error.hint ? `hint: ${error.hint}\n` : ''}`);
    }
  };
  const seen = await contentOf(files);
  await look();
  io.stderr.write('watching for changes; Ctrl-C ends it\n');
  const watch = watchFiles(seen, {
    files,
    async changed() {
      io.stderr.write('\nchanged, linting again\n');
      await look();
    },
    onBug: (error) => io.stderr.write(`internal error in meshgw: ${error instanceof Error ? error.stack : error}\n`),
  });
  await (io.stopSignal?.() ?? new Promise<void>(() => undefined));
  watch.close();
  return EXIT.ok;
}

/** The inputs and the configuration of meshgw, absolute. Settings are read again each time. */
async function filesOf(given: InputFlags, paths: readonly string[], io: Io): Promise<string[]> {
  const flags = { ...given };
  const { files } = findFiles<never>(inputsOf(flags, paths, io), io.cwd, await exclusionsOf(flags, io));
  const { file } = await settingsOf(flags, io);
  return [...files.map(({ name }) => name), ...(file === '' ? [] : [file])].map((name) => resolve(io.cwd, name));
}
