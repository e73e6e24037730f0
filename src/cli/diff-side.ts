// One side of a comparison: a path, or `REVISION:PATH` of the git repository here.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CannotRunError } from '../diagnostics/index.js';
import { parseSource } from '../sources/index.js';
import type { InputFlags } from './command.js';
import { filesAt, isRevision } from './git-revision.js';
import type { Io } from './io.js';
import { type LoadedConfig, loadConfig, readConfig, readKeySets, refuseUnreadable, sayReplaced } from './load.js';

/** A path that exists wins over its reading as a git revision. */
export async function loadSide(side: string, flags: InputFlags, io: Io): Promise<LoadedConfig> {
  const revision = /^([^:]+):(.*)$/.exec(side);
  const here = existsSync(resolve(io.cwd, side));
  if (!revision && !here && (await isRevision(side, io)))
    throw new CannotRunError(
      `${side} is a revision without a path`,
      `name what to compare: ${side}:config/, or ${side}: for the whole repository`,
    );
  if (!revision || side === '-' || here) return loadConfig(flags, [side], io);
  const files = await filesAt(revision[1]!, revision[2]!, io);
  const parts = files.map(({ name, content }) => parseSource(`${revision[1]}:${name}`, content, flags.namespace));
  let order = 0;
  const sources = {
    resources: parts.flatMap((p) => p.resources.map((r) => ({ ...r, order: order++ }))),
    diagnostics: parts.flatMap((p) => p.diagnostics),
    ignored: {},
    files: files.length,
  };
  await refuseUnreadable(sources);
  const config = readConfig(sources, flags, await readKeySets(flags.jwks, io));
  sayReplaced(config.catalog, io);
  return config;
}
