// From the flags to the gateways: files are read, what could not be read is reported on stderr.

import { type LoadedConfig, requireReadable, understand } from '../api/load.js';
import { CannotRunError, nearestName } from '../diagnostics/index.js';

import { recogniseDocument } from '../dialects/registry.js';
import { formatResource, type Resource } from '../model/index.js';
import { visible } from '../report/visible.js';
import type { Catalog } from '../resources/catalog.js';
import { mistypedKinds } from '../resources/known-kinds.js';
import {
  isRelated,
  joinedNotRendered,
  type LoadedSources,
  loadSources,
  placeOf,
  type ReadMemory,
  SOURCE_CODES,
} from '../sources/index.js';
import { sayAssumptions } from './assumptions.js';
import type { InputFlags } from './command.js';
import { inputsOf } from './inputs.js';
import type { Io } from './io.js';
import { progressOn } from './progress.js';
import { readOptions } from './read-options.js';
import { exclusionsOf } from './settings.js';
import { stdinAs } from './stdin-role.js';

/** Reads the files named by `-f` and by `paths`. Rejects with CannotRunError where there are none. `memory`: of the same, read before. */
export async function loadFiles(
  flags: InputFlags,
  paths: readonly string[],
  io: Io,
  memory?: ReadMemory,
): Promise<LoadedSources> {
  const inputs = inputsOf(flags, paths, io);
  if (inputs.includes('')) throw new CannotRunError('a path is empty', 'is a variable of the shell unset?');
  const rendered = flags.kustomize || flags.helm ? await (await import('./render.js')).renderedSources(flags, io) : [];
  const read =
    flags.context !== undefined || flags.envoyPod !== undefined
      ? await (await import('./cluster.js')).clusterSources(flags, io)
      : [];
  if (inputs.length + rendered.length + read.length === 0)
    throw new CannotRunError(
      'no configuration was named',
      'name files or folders with -f, e.g. -f config/, or -f - for standard input',
    );
  const sources = await loadSources([...inputs, ...rendered, ...read], {
    cwd: io.cwd,
    readStdin: () => configurationOfStdin(io),
    defaultNamespace: flags.namespace,
    recognise: recogniseDocument,
    exclude: await exclusionsOf(flags, io),
    ...(memory ? { memory } : {}),
  });
  if (sources.resources.length === 0 && sources.diagnostics.length === 0)
    io.stderr.write(
      `note: no Kubernetes object in ${inputs.map((i) => (i === '-' ? 'standard input' : i)).join(', ')}\n`,
    );
  if (flags.verbose) for (const line of describeIgnored(sources)) io.stderr.write(`${line}\n`);
  return sources;
}

/** A pipe without a document is a command before it that failed: nothing to call clean. Rejects with CannotRunError. */
async function configurationOfStdin(io: Io): Promise<Buffer> {
  const text = await stdinAs('the configuration', io);
  // What is left of YAML without a document: blank lines, comments, document markers.
  const lines = text.length > 65_536 ? [] : text.toString('utf8').split(/\r\n|[\r\n]/);
  if (lines.length > 0 && lines.every((line) => /^\s*(#.*|---\s*(#.*)?|\.\.\.\s*)?$/.test(line)))
    throw new CannotRunError(
      'standard input holds no document',
      'did the command before the pipe fail? e.g. kustomize build overlays/prod | meshgw lint -',
    );
  return text;
}

/** Reads the files and the gateways in them. A document that cannot be read stops a command that needs the whole configuration. */
export async function loadConfig(
  flags: InputFlags,
  paths: readonly string[],
  io: Io,
  memory?: ReadMemory,
): Promise<LoadedConfig> {
  const progress = progressOn(io, 'reading');
  try {
    const sources = await loadFiles(flags, paths, io, memory);
    progress.at(READ);
    return await configOf(sources, flags, io, memory);
  } finally {
    progress.end();
  }
}

/** The share of the time that is over when the files are parsed, and their meaning is next. */
const READ = 0.6;

/** The meaning of files that were read. Rejects with CannotRunError as `loadConfig` does. */
export async function configOf(
  sources: LoadedSources,
  flags: InputFlags,
  io: Io,
  memory?: ReadMemory,
): Promise<LoadedConfig> {
  requireReadable(sources);
  saySkipped(sources, io);
  const config = await understand(sources, await readOptions(flags, io), memory);
  if (config.sources !== sources) requireReadable(config.sources);
  sayReplaced(config.catalog, io);
  sayAssumptions(config.assumptions, io);
  sayMistyped(config.catalog, io);
  return config;
}

/** An object of a kind that does not exist is read by nobody: lint calls it an error, the others go on without it. */
function sayMistyped(catalog: Catalog, io: Io): void {
  for (const { resource, message, suggestion } of mistypedKinds(catalog, nearestName)) {
    const meant = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
    io.stderr.write(
      `warning: ${visible(`${resource.document.file}: ${message}${meant} ${formatResource(resource)} is not read`)}\n`,
    );
  }
}

/** Objects of one name are no mistake that stops a command, but nobody means them. */
function sayReplaced({ replaced }: Pick<Catalog, 'replaced'>, io: Io): void {
  const [first] = replaced.filter(({ resource }) => isRelated(resource.group, resource.kind));
  if (!first) return;
  const more = replaced.length > 1 ? ` (and ${replaced.length - 1} more)` : '';
  const at = ({ document }: Resource) => document.file;
  const note = visible(
    `${formatResource(first.resource)}${more} is in the files more than once; the last one counts, as with kubectl apply: ${at(first.by)} replaces ${at(first.resource)}`,
  );
  io.stderr.write(`note: ${note}\n`);
}

/** An empty table needs a reason. */
export function sayWithoutGateways(gateways: readonly unknown[], io: Io): void {
  if (gateways.length === 0)
    io.stderr.write('note: no gateway was found in the files: they hold no Gateway, no Ingress and no other entry\n');
}

/** Folders below the inputs that were not read; lint has them as findings. */
function saySkipped(sources: Pick<LoadedSources, 'diagnostics'>, io: Io): void {
  for (const { code, place, message } of joinedNotRendered(sources.diagnostics))
    if (code === SOURCE_CODES.notRead.code || code === SOURCE_CODES.notRendered.code)
      io.stderr.write(`note: ${visible(placeOf(place).file)}: ${message}\n`);
}

function describeIgnored(sources: LoadedSources): string[] {
  return Object.entries(sources.ignored)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `ignored: ${count} of ${kind}`);
}
