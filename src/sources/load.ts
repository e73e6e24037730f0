// Inputs → objects: finds the files, reads and splits them, and keeps what one broken document says from hiding the rest.

import { resolve } from 'node:path';
import { CannotRunError, type Diagnostic } from '../diagnostics/index.js';
import { MAX_TOTAL_BYTES, megabytes, readUserFile } from '../files/index.js';
import { append, type Json, own, put, type Resource, type SourceDocument } from '../model/index.js';
import { decodeText, tooLarge } from './decode-text.js';
import { type FoundFile, findFiles, STDIN } from './find-files.js';
import { finding } from './finding.js';
import { isForeign } from './foreign.js';
import type { IgnoreRule } from './ignore-rules.js';
import { type Built, type GivenNamespace, namespaceFor, withoutPatches } from './kustomize.js';
import { type ReadMemory, sameContent, stampOf } from './memory.js';
import { chartFinding, kustomizedFinding } from './not-rendered.js';
import { type Parsed, parseDocuments } from './parse-documents.js';
import { addResources, type Ignored, type Recognise, type ResourceSink } from './resources-of.js';
import { splitDocuments } from './split-documents.js';

export interface LoadedSources {
  /** Every Kubernetes object, in reading order; `order` counts over all files. */
  readonly resources: readonly Resource[];
  /** What could not be read. */
  readonly diagnostics: readonly Diagnostic[];
  readonly ignored: Ignored;
  /** Files read, stdin included. */
  readonly files: number;
}

/** A text in place of a file. */
export interface SourceText {
  /** The name that findings give it, such as `ingress.yaml`. */
  readonly file: string;
  readonly text: string | Uint8Array;
}

export interface SourcesIo {
  readonly cwd: string;
  /** Absent: `-` is an error. */
  readonly readStdin?: () => Promise<string | Uint8Array>;
  /** Namespace of objects that name none. Default `default`. */
  readonly defaultNamespace?: string | undefined;
  /** Which documents without `apiVersion` and `kind` are read all the same. Default: none. */
  readonly recognise?: Recognise | undefined;
  /** Files below folders that are left out. Default: none. */
  readonly exclude?: readonly IgnoreRule[];
  /** What stands in a file (absolute) in place of its content on the disk: an editor's text that was not saved. Undefined: the file is read. */
  readonly textOf?: (path: string) => string | undefined;
  /** Of the last reading of the same inputs; it is brought up to date. Absent: everything is read and parsed. */
  readonly memory?: ReadMemory;
}

interface Sink extends ResourceSink {
  readonly documents: SourceDocument[];
  readonly memory?: ReadMemory | undefined;
}

const emptySink = ({
  defaultNamespace = 'default',
  recognise,
  memory,
}: Pick<SourcesIo, 'defaultNamespace' | 'recognise' | 'memory'>): Sink => ({
  documents: [],
  resources: [],
  diagnostics: [],
  ignored: {},
  defaultNamespace,
  recognise,
  memory,
});

function addSource(sink: Sink, file: string, content: string | Uint8Array): void {
  const known = sink.memory?.texts.get(file);
  if (known && sameContent(known.content, content)) {
    append(sink.documents, known.documents);
    return;
  }
  const decoded = decodeText(file, content);
  if ('problem' in decoded) {
    sink.diagnostics.push(decoded.problem);
    return;
  }
  const documents = unchanged(splitDocuments(file, decoded.text), known?.documents);
  sink.memory?.texts.set(file, { content, documents });
  append(sink.documents, documents);
}

/** Of a file that changed, those documents are the same ones that have the same text in the same place. */
function unchanged(documents: readonly SourceDocument[], before: readonly SourceDocument[] = []): SourceDocument[] {
  const known = new Map(before.map((document) => [document.startLine, document]));
  return documents.map((document) => {
    const same = known.get(document.startLine);
    return same?.text === document.text ? same : document;
  });
}

/** What the folders say that files were found in. */
interface Folders {
  readonly built: readonly Built[];
  /** Files that nobody named: they were found below a folder. */
  readonly unnamed: ReadonlySet<string>;
}

/** Parses what was split, all files together. */
function finish(sink: Sink, files: number, { built, unnamed }: Folders = NO_FOLDERS): LoadedSources {
  const { documents, resources, diagnostics, ignored } = sink;
  for (const [index, parsed] of parsedOf(documents, sink.memory).entries()) {
    const document = documents[index];
    if ('problem' in parsed) {
      const isOthers = document && unnamed.has(document.file) && isForeign(parsed.problem, document, sink.recognise);
      diagnostics.push(isOthers ? { ...parsed.problem, severity: 'warning' } : parsed.problem);
    } else if (document) {
      const given = built.length > 0 ? namespaceFor(document.file, built) : undefined;
      addObjects(given === undefined ? sink : inNamespace(sink, given), document, parsed.value);
    }
  }
  return { resources, diagnostics, ignored, files };
}

function parsedOf(documents: readonly SourceDocument[], memory: ReadMemory | undefined): Parsed[] {
  if (!memory) return parseDocuments(documents);
  const fresh = documents.filter((document) => !memory.parsed.has(document));
  for (const [i, parsed] of parseDocuments(fresh).entries()) memory.parsed.set(fresh[i]!, parsed);
  return documents.map((document) => memory.parsed.get(document)!);
}

/** The objects of a document; those of the last reading where nothing about them can be different. */
function addObjects(sink: Sink, document: SourceDocument, value: Json): void {
  const { memory, resources, defaultNamespace, namespaceOfAll = '' } = sink;
  const [known, order] = [memory?.objects.get(document), resources.length];
  const namespaces = `${defaultNamespace}\n${namespaceOfAll}`;
  if (known?.order === order && known.namespaces === namespaces) {
    append(resources, known.resources);
    append(sink.diagnostics, known.diagnostics);
    for (const [what, count] of known.ignored) put(sink.ignored, what, (own(sink.ignored, what) ?? 0) + count);
    return;
  }
  const [before, diagnostics] = [{ ...sink.ignored }, sink.diagnostics.length];
  addResources(sink, document, value);
  memory?.objects.set(document, {
    ...{ order, namespaces, resources: resources.slice(order), diagnostics: sink.diagnostics.slice(diagnostics) },
    ignored: Object.entries(sink.ignored).flatMap(([what, count]) => {
      const more = count - (own(before, what) ?? 0);
      return more > 0 ? [[what, more] as const] : [];
    }),
  });
}

const inNamespace = (sink: Sink, { namespace, isForAll }: GivenNamespace): Sink => ({
  ...sink,
  defaultNamespace: namespace,
  ...(isForAll ? { namespaceOfAll: namespace } : {}),
});

const NO_FOLDERS: Folders = { built: [], unnamed: new Set() };

/** One text as if it were a file. Never throws for what is in it. */
export function parseSource(
  file: string,
  content: string | Uint8Array,
  defaultNamespace = 'default',
  recognise?: Recognise,
): LoadedSources {
  const sink = emptySink({ defaultNamespace, recognise });
  addSource(sink, file, content);
  return finish(sink, 1);
}

/** Reads files, folders (recursively), globs, texts and `-`. Errors: CannotRunError where an input names nothing that can be read. */
export async function loadSources(inputs: readonly (string | SourceText)[], io: SourcesIo): Promise<LoadedSources> {
  const sink = emptySink(io);
  const { files: found, skipped, charts } = findFiles(inputs, io.cwd, io.exclude);
  for (const chart of charts) sink.diagnostics.push(chartFinding(chart));
  for (const { name, why } of skipped)
    sink.diagnostics.push({
      ...finding(
        'notRead',
        `this folder is not read: ${why}; ${why.startsWith('it is a link') ? 'name it as an input if it belongs to the configuration' : MEND.unreadable}`,
        at(name),
      ),
      severity: 'warning',
    });
  const { files, built } = withoutPatches(found, io.cwd);
  for (const { file, folder } of built) sink.diagnostics.push(kustomizedFinding(file, folder));
  let total = 0;
  for (const file of files) {
    const content = 'text' in file ? file.text : file.name === STDIN ? await stdinOf(io) : contentOf(sink, file, io);
    if (content === undefined) continue;
    total += content.length;
    if (total > MAX_TOTAL_BYTES)
      throw new CannotRunError(
        `the configuration is larger than ${megabytes(MAX_TOTAL_BYTES)}`,
        'name only the files and folders that hold configuration',
      );
    addSource(sink, 'text' in file ? file.file : file.name === STDIN ? '<stdin>' : file.name, content);
  }
  if (io.memory) forget(io.memory, new Set(files.flatMap((file) => ('name' in file ? [file.name] : []))), io.cwd);
  const unnamed = files.flatMap((file) => ('name' in file && file.within !== undefined ? [file.name] : []));
  return finish(sink, files.length, { built, unnamed: new Set(unnamed) });
}

function stdinOf({ readStdin }: SourcesIo): Promise<string | Uint8Array> {
  if (!readStdin) throw new CannotRunError('`-` cannot be read here', 'read standard input yourself and pass its text');
  return readStdin();
}

/** What is no longer among the files is not kept. */
function forget(memory: ReadMemory, names: ReadonlySet<string>, cwd: string): void {
  const paths = new Set([...names].map((name) => resolve(cwd, name)));
  for (const name of memory.texts.keys()) if (!names.has(name)) memory.texts.delete(name);
  for (const path of memory.files.keys()) if (!paths.has(path)) memory.files.delete(path);
}

/** What to do about a file below a folder that is not read. */
const MEND = {
  outside: 'name the file itself if it belongs to the configuration',
  missing: 'put a regular file in its place, or remove it',
  'not-regular': 'put a regular file in its place, or remove it',
  unreadable: 'make it readable, or leave it out with --exclude',
} as const;

/** Undefined where it is not read, which is a finding; of a file that the user named, an error. */
function contentOf(
  sink: Sink,
  { name, within }: FoundFile,
  { cwd, textOf, memory }: SourcesIo,
): string | Buffer | undefined {
  const path = resolve(cwd, name);
  const open = textOf?.(path);
  if (open !== undefined) return open;
  // A link that leads elsewhere now is another file, with another stamp.
  const stamp = memory && stampOf(path);
  const known = memory?.files.get(path);
  if (known && known.stamp === stamp && stamp !== '') return known.content;
  const read = readUserFile(path, within === undefined ? {} : { within });
  if (Buffer.isBuffer(read)) {
    if (stamp !== undefined) memory?.files.set(path, { stamp, content: read });
    return read;
  }
  if (read.code === 'too-large') sink.diagnostics.push(tooLarge(name));
  else if (within === undefined)
    throw new CannotRunError(`cannot read ${name}: ${read.why}`, 'name a readable file, or `-` for standard input');
  else sink.diagnostics.push(finding('notRead', `this file is not read: ${read.why}; ${MEND[read.code]}`, at(name)));
  return undefined;
}

const at = (file: string) => ({ file, line: 1, column: 1 });
