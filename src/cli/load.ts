// From the flags to the gateways: files are read, what could not be read is told on stderr.

import type { Diagnostic } from '../diagnostics/index.js';
import { CannotRunError } from '../diagnostics/index.js';
import type { ReadNote } from '../dialects/dialect.js';
import { readGateways } from '../dialects/read.js';
import { type EffectiveGateway, formatResource, type Resource } from '../model/index.js';
import { visible } from '../report/visible.js';
import { type Catalog, catalogOf } from '../resources/catalog.js';
import { isRelated, type LoadedSources, loadSources } from '../sources/index.js';
import type { InputFlags } from './command.js';
import type { Io } from './io.js';
import { stdinAs } from './stdin-role.js';

export interface LoadedConfig {
  readonly sources: LoadedSources;
  readonly catalog: Catalog;
  readonly gateways: readonly EffectiveGateway[];
  readonly notes: readonly ReadNote[];
}

/** Reads the files named by `-f` and by `paths`. Rejects with CannotRunError where there are none. */
export async function loadFiles(flags: InputFlags, paths: readonly string[], io: Io): Promise<LoadedSources> {
  const inputs = [...(flags.filename ?? []), ...paths];
  if (inputs.includes('')) throw new CannotRunError('a path is empty', 'is a variable of the shell unset?');
  if (inputs.length === 0)
    throw new CannotRunError(
      'no configuration was named',
      'name files or folders with -f, e.g. -f config/, or -f - for standard input',
    );
  const sources = await loadSources(inputs, {
    cwd: io.cwd,
    readStdin: () => stdinAs('the configuration', io),
    defaultNamespace: flags.namespace,
  });
  if (sources.resources.length === 0 && sources.diagnostics.length === 0)
    io.stderr.write(
      `note: no Kubernetes object in ${inputs.map((i) => (i === '-' ? 'standard input' : i)).join(', ')}\n`,
    );
  if (flags.verbose) for (const line of describeIgnored(sources)) io.stderr.write(`${line}\n`);
  return sources;
}

/** Reads the files and the gateways in them. A document that cannot be read stops a command that needs the whole configuration. */
export async function loadConfig(flags: InputFlags, paths: readonly string[], io: Io): Promise<LoadedConfig> {
  const sources = await loadFiles(flags, paths, io);
  await refuseUnreadable(sources);
  const config = readConfig(sources, flags, await readKeySets(flags.jwks, io));
  sayReplaced(config.catalog, io);
  return config;
}

/** Objects of one name are no mistake that stops a command, but nobody means them. */
export function sayReplaced({ replaced }: Pick<Catalog, 'replaced'>, io: Io): void {
  const [first] = replaced.filter(({ resource }) => isRelated(resource.group, resource.kind));
  if (!first) return;
  const more = replaced.length > 1 ? ` (and ${replaced.length - 1} more)` : '';
  const at = ({ document }: Resource) => document.file;
  const note = visible(
    `${formatResource(first.resource)}${more} is in the files more than once; the last one counts, as with kubectl apply: ${at(first.by)} replaces ${at(first.resource)}`,
  );
  io.stderr.write(`note: ${note}\n`);
}

/** Rejects with CannotRunError, naming the places, where a document could not be read. */
export async function refuseUnreadable(sources: Pick<LoadedSources, 'diagnostics'>): Promise<void> {
  const errors = sources.diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw await unreadable(errors);
}

/** The meaning of what was read. */
export function readConfig(
  sources: LoadedSources,
  flags: Pick<InputFlags, 'classSemantics' | 'gatewayApi'>,
  keySets: Readonly<Record<string, string>> = {},
): LoadedConfig {
  const catalog = catalogOf(sources.resources);
  const { gateways, notes } = readGateways(catalog, {
    ...(flags.classSemantics ? { classSemantics: flags.classSemantics } : {}),
    ...(flags.gatewayApi ? { gatewayApi: flags.gatewayApi } : {}),
    keySets,
  });
  return { sources, catalog, gateways, notes };
}

/** Of `--jwks`: key sets by URI or issuer. Rejects with CannotRunError. */
export async function readKeySets(flags: readonly string[] = [], io: Io): Promise<Record<string, string>> {
  if (flags.length === 0) return {};
  const { readNamedFile } = await import('./named-file.js');
  const read = async (flag: string): Promise<[string, string]> => {
    const split = flag.lastIndexOf('=');
    if (split < 1)
      throw new CannotRunError(
        `--jwks ${flag} names no file`,
        'e.g. --jwks https://accounts.example.com/keys=keys.json',
      );
    return [flag.slice(0, split), await readNamedFile(flag.slice(split + 1), 'a key set', io)];
  };
  return Object.fromEntries(await Promise.all(flags.map(read)));
}

async function unreadable(errors: readonly Diagnostic[]): Promise<CannotRunError> {
  const { placeOf } = await import('../sources/index.js');
  const lines = errors.slice(0, 20).map((d) => {
    const at = placeOf(d.place);
    return visible(`${at.file}:${at.line}:${at.column} ${d.code} ${d.message}`);
  });
  if (errors.length > lines.length) lines.push(`… and ${errors.length - lines.length} more`);
  return new CannotRunError(
    `the configuration cannot be read:\n  ${lines.join('\n  ')}`,
    'mend these places, or run meshgw lint on the files for all findings',
  );
}

function describeIgnored(sources: LoadedSources): string[] {
  return Object.entries(sources.ignored)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `ignored: ${count} of ${kind}`);
}
