// Says when one of the files that a command reads may have changed. Folders are watched with everything below them.

import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** Editors write in several steps: what follows within this time is one change. Ms. */
const SETTLE_MS = 100;

/** `inputs` as given to -f; standard input cannot be watched. `changed` is never run twice at once. */
export async function watchFiles(inputs: readonly string[], changed: () => Promise<void>): Promise<{ close(): void }> {
  const watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  const run = async (): Promise<void> => {
    if (running) return schedule();
    running = true;
    try {
      await changed();
    } finally {
      running = false;
    }
  };
  const schedule = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), SETTLE_MS);
  };
  for (const { path, name } of await Promise.all(inputs.filter((input) => input !== '-').map(placeOf))) {
    const heard = (_event: string, changedName: string | null) => {
      if (name === undefined || changedName === null || changedName === name) schedule();
    };
    const watcher = watch(path, { recursive: name === undefined }, heard);
    watcher.on('error', () => undefined);
    watchers.push(watcher);
  }
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** A folder with all below it; of a file its folder alone, because editors replace files; of a glob the folder before the first wildcard. */
async function placeOf(input: string): Promise<{ readonly path: string; readonly name?: string }> {
  const fixed = input.split(/[*?[{]/, 1)[0] ?? '';
  if (fixed !== input) return { path: fixed.endsWith('/') ? fixed : dirname(fixed || '.') };
  const found = await stat(input).catch(() => undefined);
  return found?.isDirectory() ? { path: input } : { path: dirname(input), name: basename(input) };
}
