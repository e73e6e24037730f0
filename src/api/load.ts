// From files or texts to the gateways that they define.

import { CannotRunError, type Diagnostic } from '../diagnostics/index.js';
import type { ReadNote, ReadOptions } from '../dialects/dialect.js';
import { assumedResources } from '../dialects/parents.js';
import { readLoaded } from '../dialects/read-loaded.js';
import { loadReaders } from '../dialects/readers.js';
import { recogniseDocument } from '../dialects/registry.js';
import type { Assumption, EffectiveGateway } from '../model/index.js';
import { type Catalog, catalogOf } from '../resources/catalog.js';
import { Keeping } from '../resources/keeping.js';
import { type LoadedSources, loadSources, placeOf, type ReadMemory, type SourceText } from '../sources/index.js';
import { embeddedObjects } from './embedded.js';
import { asStored } from './stored.js';

export interface LoadOptions extends ReadOptions {
  /** Relative paths are seen from here. Default: the working directory of the process. */
  readonly cwd?: string;
  /** Namespace of objects that name none. Default `default`. */
  readonly namespace?: string;
}

/** A configuration: what was read, and what it means. */
export interface LoadedConfig {
  /** The objects, and what could not be read (`diagnostics`). */
  readonly sources: LoadedSources;
  /** The objects by kind and name; of several with one name the last counts, as after `kubectl apply`. */
  readonly catalog: Catalog;
  readonly gateways: readonly EffectiveGateway[];
  /** What the readers of the dialects left out or guessed. */
  readonly notes: readonly ReadNote[];
  /** What the files do not say and was taken for given. */
  readonly assumptions: readonly Assumption[];
  /** How the objects were read; a conversion reads its source again, in the same way. */
  readonly options: ReadOptions;
}

/**
 * Reads files, folders (recursively), globs and texts. A document that cannot be read does not stop it: `lint` reports the document, the
 * other functions reject the configuration. Rejects with CannotRunError where an input names nothing that can be read.
 */
export async function load(
  inputs: string | SourceText | readonly (string | SourceText)[],
  options: LoadOptions = {},
): Promise<LoadedConfig> {
  const { cwd = '.', namespace, ...read } = options;
  const list = Array.isArray(inputs) ? (inputs as readonly (string | SourceText)[]) : [inputs as string | SourceText];
  return understand(await loadSources(list, { cwd, defaultNamespace: namespace, recognise: recogniseDocument }), read);
}

/** The meaning of what was read. The readers of the dialects that it needs are loaded before. `memory`: of the reading. */
export async function understand(
  found: LoadedSources,
  options: ReadOptions = {},
  memory?: ReadMemory,
): Promise<LoadedConfig> {
  await loadReaders(catalogOf(found.resources), options);
  return understandAgain(found, options, memory && keepingOf(memory, options));
}

const keepings = new WeakMap<ReadMemory, { readonly options: string; readonly keeping: Keeping }>();

/** What is kept of the folder, as long as it is read with the same options. */
function keepingOf(memory: ReadMemory, options: ReadOptions): Keeping {
  const [known, text] = [keepings.get(memory), JSON.stringify(options)];
  if (known?.options === text) return known.keeping;
  const keeping = new Keeping();
  keepings.set(memory, { options: text, keeping });
  return keeping;
}

/** The same for objects whose readers are loaded: they were understood before. Throws where one is missing. */
export function understandAgain(found: LoadedSources, options: ReadOptions, keeping?: Keeping): LoadedConfig {
  const stored = asStored(found.resources, options.flags);
  const sources = stored === found.resources ? found : { ...found, resources: stored };
  const read = catalogOf(sources.resources, keeping);
  const { resources, problems } = embeddedObjects(read, options);
  const added = [...resources, ...assumedResources(read, options.assumedGateways ?? [])];
  const catalog = added.length > 0 ? catalogOf([...sources.resources, ...added], keeping) : read;
  const { assumptions = [], ...meaning } = readLoaded(catalog, options);
  return { sources: withProblems(sources, problems), catalog, ...meaning, assumptions, options };
}

/** What was read before may be understood again, with other options. */
function withProblems(sources: LoadedSources, problems: readonly Diagnostic[]): LoadedSources {
  const known = new Set(sources.diagnostics.map((d) => d.message));
  const news = problems.filter((p) => !known.has(p.message));
  return news.length === 0 ? sources : { ...sources, diagnostics: [...sources.diagnostics, ...news] };
}

/** Places that a message names at most. */
const MOST_PLACES = 20;

/** Throws CannotRunError, naming the places, where a document could not be read: the rest alone would mean something else. */
export function requireReadable({ diagnostics }: Pick<LoadedSources, 'diagnostics'>): void {
  const errors = diagnostics.filter((d) => d.severity === 'error');
  if (errors.length === 0) return;
  const lines = errors.slice(0, MOST_PLACES).map((d) => {
    const at = placeOf(d.place);
    return `${at.file}:${at.line}:${at.column} ${d.code} ${d.message}`;
  });
  if (errors.length > lines.length) lines.push(`… and ${errors.length - lines.length} more`);
  throw new CannotRunError(
    'the configuration cannot be read:',
    'fix these places, or leave files out that are no configuration (--exclude PATTERN, ignore: in meshgw.config.yaml); meshgw lint names all findings',
    { details: lines },
  );
}
