// meshgw.config.yaml for a run: the file of `--config`, or the nearest one upwards. Read once.

import { dirname, resolve } from 'node:path';
import { type IgnoreRule, ignoreRule } from '../sources/index.js';
import type { InputFlags } from './command.js';
import type { ConfigFile } from './config/file.js';
import { findConfig } from './config/find.js';
import type { Io } from './io.js';

const NONE: ConfigFile = { file: '', environment: { read: {} }, ignore: [] };

const known = new WeakMap<InputFlags, Promise<ConfigFile>>();

/** Rejects with CannotRunError, with file, line and column, where it cannot be read. */
export function settingsOf(flags: InputFlags, io: Io): Promise<ConfigFile> {
  const settings = known.get(flags) ?? read(flags, io);
  known.set(flags, settings);
  return settings;
}

/** Of `ignore:` and `--exclude`, the flags last: what they say wins. */
export async function exclusionsOf(flags: InputFlags, io: Io): Promise<IgnoreRule[]> {
  const { file, ignore } = await settingsOf(flags, io);
  const folder = dirname(resolve(io.cwd, file));
  return [
    ...ignore.flatMap((glob) => ignoreRule(glob, folder)),
    ...(flags.exclude ?? []).flatMap((glob) => ignoreRule(glob, io.cwd)),
  ];
}

async function read({ config }: InputFlags, io: Io): Promise<ConfigFile> {
  const found = config === undefined ? findConfig(io.cwd) : await named(config, io);
  if (!found) return NONE;
  const { readConfigText } = await import('./config/file.js');
  return readConfigText(found.file, found.text, dirname(resolve(io.cwd, found.file)));
}

async function named(file: string, io: Io) {
  const [{ readNamedFile }, { MAX_CONFIG_BYTES }] = await Promise.all([
    import('./named-file.js'),
    import('../files/index.js'),
  ]);
  return { file, text: await readNamedFile(file, 'the configuration of meshgw', io, MAX_CONFIG_BYTES) };
}
