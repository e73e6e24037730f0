// One side of a comparison: a path, or `REVISION:PATH` of the git repository here.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { CannotRunError } from '../diagnostics/index.js';
import { type LoadedSources, parseSource } from '../sources/index.js';
import type { InputFlags } from './command.js';
import type { Io } from './io.js';
import { type LoadedConfig, loadConfig, readConfig, refuseUnreadable } from './load.js';

const run = promisify(execFile);
const MAX_OUTPUT = 256 * 1024 * 1024;

/** A path that exists wins over its reading as a git revision. */
export async function loadSide(side: string, flags: InputFlags, io: Io): Promise<LoadedConfig> {
  const revision = /^([^:]+):(.*)$/.exec(side);
  if (!revision || side === '-' || existsSync(resolve(io.cwd, side))) return loadConfig(flags, [side], io);
  const sources = await sourcesAt(revision[1]!, revision[2]!, flags, io);
  await refuseUnreadable(sources);
  return readConfig(sources, flags);
}

async function sourcesAt(revision: string, path: string, flags: InputFlags, io: Io): Promise<LoadedSources> {
  if (revision.startsWith('-')) throw new CannotRunError(`${JSON.stringify(revision)} is not a git revision`);
  const names = (await git(io, 'ls-tree', '-r', '-z', '--name-only', revision, '--', path || '.'))
    .split('\0')
    .filter((n) => /\.(ya?ml|json)$/.test(n));
  if (names.length === 0) throw new CannotRunError(`no YAML or JSON file under ${path || '.'} at ${revision}`);
  const parts: LoadedSources[] = [];
  let order = 0;
  for (const name of names.sort()) {
    const text = await git(io, 'show', `${revision}:./${name}`);
    const part = parseSource(`${revision}:${name}`, text, flags.namespace);
    parts.push({ ...part, resources: part.resources.map((r) => ({ ...r, order: order++ })) } as LoadedSources);
  }
  return {
    resources: parts.flatMap((p) => p.resources),
    diagnostics: parts.flatMap((p) => p.diagnostics),
    ignored: {},
    files: names.length,
  };
}

async function git(io: Io, ...args: string[]): Promise<string> {
  try {
    return (await run('git', args, { cwd: io.cwd, maxBuffer: MAX_OUTPUT })).stdout;
  } catch (error) {
    const stderr = String((error as { stderr?: string }).stderr ?? error)
      .trim()
      .split('\n')[0];
    throw new CannotRunError(
      `git ${args[0]} failed: ${stderr}`,
      'a side of a diff is a path, or REVISION:PATH inside a git repository',
      { cause: error },
    );
  }
}
