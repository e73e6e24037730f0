// serve --watch: a changed configuration is taken, or refused in words while the last good one stays.

import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { CannotRunError } from '../../diagnostics/index.js';
import type { RouteChanges } from '../../diff/index.js';
import { counted } from '../../model/index.js';
import type { ServedConfig } from '../../serve/index.js';
import { findFiles, STDIN } from '../../sources/find-files.js';
import { inputsOf } from '../inputs.js';
import type { Io } from '../io.js';
import { exclusionsOf } from '../settings.js';
import { contentOf, type FileWatch, watchFiles } from '../watch-files.js';
import type { ServeFlags } from './flags.js';

/** What a load rejects with, and what became of it, in words. Never throws. */
export interface ReloadReport {
  readonly notice: (text: string) => void;
  readonly onBug: (error: unknown) => void;
}

/** A watch that has looked at the files, and begins when the first configuration is served. */
export interface ReadyWatch {
  /** `reload` loads and takes the configuration, and says in words what changed. */
  begin(reload: () => Promise<string>): FileWatch;
}

/** Looks at the files; call it before they are loaded. */
export async function readyWatch(
  flags: ServeFlags,
  paths: readonly string[],
  { notice, onBug }: ReloadReport,
  io: Io,
): Promise<ReadyWatch> {
  const files = () => configurationFiles(flags, paths, io);
  const seen = await contentOf(files);
  return {
    begin: (reload) =>
      watchFiles(seen, {
        files,
        onBug,
        async changed() {
          try {
            notice(await reload());
          } catch (error) {
            const known = error instanceof CannotRunError;
            if (!known) onBug(error);
            const why = known ? error.message : 'internal error in meshgw while reading the files';
            const hint = known && error.hint ? `\nhint: ${error.hint}` : '';
            notice(`not reloaded, the last good configuration stays active: ${why}${hint}`);
          }
        },
      }),
  };
}

/** The files of the inputs and of `--jwks`, absolute. What serve writes itself is none of them. */
async function configurationFiles(flags: ServeFlags, paths: readonly string[], io: Io): Promise<string[]> {
  const { cwd } = io;
  const exclude = await exclusionsOf(flags, io);
  const inputs = inputsOf(flags, paths, io).filter((input) => input !== STDIN);
  const found = inputs.length === 0 ? [] : findFiles<never>(inputs, cwd, exclude).files.map(({ name }) => name);
  const keys = (flags.jwks ?? []).map((flag) => flag.slice(flag.lastIndexOf('=') + 1));
  const written = [flags.record, flags.caOut].flatMap((name) => (name === undefined ? [] : [realName(name, cwd)]));
  // A pattern may take logs: of what was not named itself, only what can be configuration counts.
  const counts = (name: string) => inputs.includes(name) || /\.(?:ya?ml|json)$/.test(name);
  return [...found.filter(counts), ...keys]
    .map((name) => resolve(cwd, name))
    .filter((path) => !written.includes(realName(path, cwd)));
}

function realName(name: string, cwd: string): string {
  const path = resolve(cwd, name);
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** Routes that are listed after a reload; the others are counted. */
const MOST_LINES = 10;

/** `reloaded: 2 routes added, 1 removed`, and the routes. */
export function reloadText(
  { added, removed, changed, moved, around }: RouteChanges,
  ports: readonly number[],
  certificates: boolean,
): string {
  const counts = [
    ...(added.length > 0 ? [`${counted(added.length, 'route')} added`] : []),
    ...(removed.length > 0 ? [`${counted(removed.length, 'route')} removed`] : []),
    ...(changed.length > 0 ? [`${counted(changed.length, 'route')} changed`] : []),
    ...(moved.length > 0 ? [`${counted(moved.length, 'route')} tried in another order`] : []),
    ...(around ? ['settings beside the routes changed'] : []),
    ...(certificates ? ['certificates changed'] : []),
  ];
  const lines = [
    ...added.map((line) => `  + ${line}`),
    ...removed.map((line) => `  - ${line}`),
    ...changed.map((line) => `  ~ ${line}`),
    ...moved.map((line) => `  ↕ ${line}`),
  ];
  const shown =
    lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `  … and ${lines.length - MOST_LINES} more`] : lines;
  const listening = ports.length === 0 ? 'no port' : `port ${ports.join(', ')}`;
  const what = counts.length === 0 ? 'no route or setting is different' : counts.join(', ');
  return [`reloaded: ${what} (${listening})`, ...shown].join('\n');
}

/** Secrets and ConfigMaps for TLS, as far as they were read. */
export const sameCertificates = (a: ServedConfig, b: ServedConfig): boolean =>
  certificatesText(a) === certificatesText(b);

const certificatesText = ({ secrets = new Map(), authorities = new Map() }: ServedConfig): string =>
  JSON.stringify([[...secrets], [...authorities]]);
