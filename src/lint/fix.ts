// `--fix`: the edits of findings applied to the text of their files. Only the changed values are touched; comments, order
// and formatting of everything else stay as they are. What has no plain place in the text (aliases, the only line of a mapping,
// comments between braces) is left alone and named.

import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { Fix, LocatedDiagnostic } from '../diagnostics/index.js';
import { append, type FieldPath, type SourceDocument } from '../model/index.js';

export interface FixedFile {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

export interface FixResult {
  /** Files that change; nothing has been written. */
  readonly files: readonly FixedFile[];
  /** Findings that are mended by them. */
  readonly fixed: readonly LocatedDiagnostic[];
  /** Findings whose fix could not be applied without touching more than its place. */
  readonly left: readonly LocatedDiagnostic[];
}

/** Replaces `[start, end)` of a document's text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `readFile` gives the text of a file as it is now; undefined where it cannot be read (standard input). */
export function applyFixes(
  diagnostics: readonly LocatedDiagnostic[],
  readFile: (file: string) => string | undefined,
): FixResult {
  const wanted = new Map<SourceDocument, LocatedDiagnostic[]>();
  const left: LocatedDiagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const document = diagnostic.fix?.edits[0]?.origin.resource.document;
    if (!document) continue;
    const list = wanted.get(document);
    if (list) list.push(diagnostic);
    else wanted.set(document, [diagnostic]);
  }
  const texts = new Map<string, { before: string; edits: TextEdit[] }>();
  const fixed: LocatedDiagnostic[] = [];
  for (const [document, findings] of wanted) {
    const file = texts.get(document.file) ?? open(document.file, readFile);
    const offset = file && offsetOf(document, file.before);
    if (!file || offset === undefined) {
      append(left, findings);
      continue;
    }
    texts.set(document.file, file);
    for (const finding of findings) {
      const edits = textEdits(document.text, finding.fix!)?.map((e) => ({
        ...e,
        start: e.start + offset,
        end: e.end + offset,
      }));
      const free = edits?.every((e) => file.edits.every((other) => e.end <= other.start || e.start >= other.end));
      if (edits && free) {
        append(file.edits, edits);
        fixed.push(finding);
      } else left.push(finding);
    }
  }
  const files = [...texts]
    .filter(([, { edits }]) => edits.length)
    .map(([file, { before, edits }]) => ({ file, before, after: edited(before, edits) }));
  return { files, fixed, left };
}

function open(file: string, readFile: (file: string) => string | undefined) {
  const before = readFile(file);
  return before === undefined ? undefined : { before, edits: [] as TextEdit[] };
}

/** Where a document begins in its file; undefined where the file has changed since it was read. */
function offsetOf(document: SourceDocument, text: string): number | undefined {
  // A byte order mark is no part of the first document.
  let offset = text.startsWith('\ufeff') ? 1 : 0;
  for (let line = 1; line < document.startLine; line++) {
    const end = text.indexOf('\n', offset);
    if (end < 0) return undefined;
    offset = end + 1;
  }
  return text.startsWith(document.text, offset) ? offset : undefined;
}

function edited(text: string, edits: readonly TextEdit[]): string {
  let out = text;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => b.start - a.start))
    out = out.slice(0, start) + replacement + out.slice(end);
  return out;
}

/** The edits of one fix, in offsets of the document's text: all of them or none. */
export function textEdits(text: string, fix: Fix): TextEdit[] | undefined {
  const root = parseDocument(text, { version: '1.1', logLevel: 'silent' });
  if (root.errors.length) return undefined;
  const edits: TextEdit[] = [];
  const write = writerFor(text);
  for (const edit of fix.edits) {
    const one = editOf(edit, text, root.contents, write);
    if (!one) return undefined;
    edits.push(one);
  }
  return edits;
}

function editOf(
  edit: Fix['edits'][number],
  text: string,
  root: unknown,
  write: (value: unknown) => string,
): TextEdit | undefined {
  const path = pathOf(edit);
  if (edit.op === 'set') return setEdit(text, root, path, edit.value, write);
  if (edit.op === 'remove') return removeEdit(text, root, path);
  const key = pairAt(root, path)?.key;
  return isScalar(key) && key.range ? { start: key.range[0], end: key.range[1], text: write(edit.to) } : undefined;
}

const pathOf = ({ origin }: Fix['edits'][number]): FieldPath => [...origin.resource.base, ...origin.path];

/** The node at a path, through plain mappings and lists only. */
function nodeAt(root: unknown, path: FieldPath): unknown {
  let node = root;
  for (const step of path) {
    if (isMap(node)) node = pairIn(node, step)?.value;
    else if (isSeq(node)) node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

const pairIn = (map: YAMLMap, key: string | number): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));

function pairAt(root: unknown, path: FieldPath): Pair | undefined {
  const parent = nodeAt(root, path.slice(0, -1));
  return isMap(parent) ? pairIn(parent, path[path.length - 1]!) : undefined;
}

function setEdit(
  text: string,
  root: unknown,
  path: FieldPath,
  value: unknown,
  write: (value: unknown) => string,
): TextEdit | undefined {
  const present = nodeAt(root, path);
  if (isScalar(present) && present.range && present.source !== undefined)
    return { start: present.range[0], end: present.range[1], text: write(value) };
  if (present !== undefined && present !== null) return undefined;
  const parent = nodeAt(root, path.slice(0, -1));
  const entry = `${write(String(path[path.length - 1]))}: ${write(value)}`;
  if (!isMap(parent)) return undefined;
  if (!parent.items.length) {
    const inside = (parent.range?.[0] ?? -1) + 1;
    return parent.flow && inside > 0 ? { start: inside, end: inside, text: entry } : undefined;
  }
  const last = parent.items[parent.items.length - 1]!;
  const lastKey = last.key;
  const end = endOf(last);
  if (!isScalar(lastKey) || !lastKey.range || end === undefined) return undefined;
  if (parent.flow) {
    const before = text.slice(text.lastIndexOf('\n', lastKey.range[0] - 1) + 1, lastKey.range[0]);
    const gap = /^[ \t]+$/.test(before) ? `\n${before}` : ' ';
    return { start: end, end, text: `,${gap}${entry}` };
  }
  const first = parent.items[0]!.key;
  const column = isScalar(first) && first.range ? first.range[0] - (text.lastIndexOf('\n', first.range[0] - 1) + 1) : 0;
  const at = endOfLine(text, end);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const newline = at > 0 && text[at - 1] === '\n' ? '' : eol;
  return { start: at, end: at, text: `${newline}${' '.repeat(column)}${entry}${eol}` };
}

function removeEdit(text: string, root: unknown, path: FieldPath): TextEdit | undefined {
  const parent = nodeAt(root, path.slice(0, -1));
  const pair = pairAt(root, path);
  const key = pair?.key;
  const end = pair && endOf(pair);
  if (!isMap(parent) || !pair || !isScalar(key) || !key.range || end === undefined) return undefined;
  if (parent.flow) return removeFromFlow(text, parent, pair, key.range[0], end);
  // The only member of a mapping: removing it changes more than its own lines.
  if (parent.items.length < 2) return undefined;
  const start = text.lastIndexOf('\n', key.range[0] - 1) + 1;
  if (text.slice(start, key.range[0]).trim() !== '') return undefined;
  return { start, end: endOfLine(text, end), text: '' };
}

/** A member of a mapping in braces, with the comma that parts it from its neighbour. */
function removeFromFlow(
  text: string,
  parent: YAMLMap,
  pair: Pair,
  keyStart: number,
  end: number,
): TextEdit | undefined {
  const index = parent.items.indexOf(pair);
  const [before, after] = [parent.items[index - 1], parent.items[index + 1]];
  const start = before ? endOf(before) : keyStart;
  const stop = before || !after ? end : isScalar(after.key) ? after.key.range?.[0] : undefined;
  if (start === undefined || stop === undefined) return undefined;
  // A comment or a tag between them is not ours to remove.
  const between = text.slice(start, keyStart) + text.slice(end, Math.max(end, stop));
  return /^[\s,]*$/.test(between) ? { start, end: stop, text: '' } : undefined;
}

/** End of a pair's own text, without comments and blank lines after it. */
function endOf(pair: Pair): number | undefined {
  const node = (pair.value ?? pair.key) as Node | undefined;
  if (isMap(node) && !node.flow && node.items.length) return endOf(node.items[node.items.length - 1]!);
  if (isSeq(node) && !node.flow && node.items.length) {
    const last = node.items[node.items.length - 1] as Node;
    return isMap(last) && !last.flow && last.items.length
      ? endOf(last.items[last.items.length - 1]!)
      : (last.range?.[1] ?? undefined);
  }
  return node?.range?.[1] ?? undefined;
}

/** The beginning of the next line, or the end of the text. */
function endOfLine(text: string, from: number): number {
  if (from > 0 && text[from - 1] === '\n') return from;
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

const PLAIN = /^[A-Za-z_][\w./-]*$/;
/** YAML 1.1 reads these as booleans or null. */
const WORDS = /^(?:y|yes|n|no|on|off|true|false|null)$/i;
const scalar = (value: string): string => (PLAIN.test(value) && !WORDS.test(value) ? value : JSON.stringify(value));

/** A document that begins with a brace is JSON, or may be: there every text has its quotes. */
const writerFor = (text: string): ((value: unknown) => string) =>
  /^\s*(?:---\s*)?\{/.test(text) ? (value) => JSON.stringify(value) : flow;

/** A value on one line. */
function flow(value: unknown): string {
  if (typeof value === 'string') return scalar(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([k, v]) => `${scalar(k)}: ${flow(v)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
}
