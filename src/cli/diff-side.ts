// One side of a comparison: a path, or `REVISION:PATH` of the git repository here.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LoadedConfig } from '../api/load.js';
import { CannotRunError } from '../diagnostics/index.js';
import { recogniseDocument } from '../dialects/registry.js';
import { loadSources } from '../sources/index.js';
import type { InputFlags } from './command.js';
import { filesAt, isRevision } from './git-revision.js';
import type { Io } from './io.js';
import { configOf, loadConfig } from './load.js';

/** A path that exists wins over its reading as a git revision. */
export async function loadSide(side: string, all: InputFlags, io: Io): Promise<LoadedConfig> {
  const { context: _, envoyPod: __, ...flags } = all;
  const revision = /^([^:]+):(.*)$/.exec(side);
  const here = existsSync(resolve(io.cwd, side));
  if (!revision && !here && (await isRevision(side, io)))
    throw new CannotRunError(
      `${side} is a revision without a path`,
      `name what to compare: ${side}:config/, or ${side}: for the whole repository`,
    );
  if (!revision || side === '-' || here) return loadConfig(flags, [side], io);
  const files = await filesAt(revision[1]!, revision[2]!, io);
  const texts = files.map(({ name, content }) => ({ file: `${revision[1]}:${name}`, text: content }));
  const how = { cwd: io.cwd, defaultNamespace: flags.namespace, recognise: recogniseDocument };
  return configOf(await loadSources(texts, how), flags, io);
}

/** The side that is no path: what an Envoy runs, else the objects of a cluster. */
export function loadCluster(flags: InputFlags, io: Io): Promise<LoadedConfig> {
  if (flags.envoyPod === undefined && flags.context === undefined)
    throw new CannotRunError(
      'diff takes two sides',
      'meshgw diff before/ after/, or a cluster: --context NAME or --envoy POD.NAMESPACE',
    );
  return loadConfig(flags, [], io);
}
