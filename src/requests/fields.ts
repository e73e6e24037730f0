// Reads fields of parsed request files: every wrong type is an error with its place, never a crash.

import { LineCounter, parseAllDocuments } from 'yaml';
import { CannotRunError } from '../diagnostics/index.js';
import { put } from '../model/index.js';

export type Fields = Readonly<Record<string, unknown>>;

/** The text of a file, for errors. */
export interface FileText {
  readonly name: string;
  readonly text: string;
}

/** A value and where it stands in its file. */
export interface Cursor {
  readonly file: FileText;
  readonly path: readonly (string | number)[];
}

export const below = (at: Cursor, ...path: (string | number)[]): Cursor => ({
  file: at.file,
  path: [...at.path, ...path],
});

/** An error at a place: `requests.yaml:7: …`. The line is looked up only now. */
export function badField(at: Cursor, message: string, hint?: string): CannotRunError {
  return new CannotRunError(`${at.file.name}:${lineOf(at)}: ${message}`, hint);
}

function lineOf({ file, path }: Cursor): number {
  const lines = new LineCounter();
  try {
    const [document] = parseAllDocuments(file.text, { lineCounter: lines, logLevel: 'silent' });
    for (let length = path.length; document && 'getIn' in document && length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
  } catch {
    return 1;
  }
  return 1;
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function fieldsOf(value: unknown, at: Cursor, what: string): Fields {
  if (!isFields(value)) throw badField(at, `${what} must be a mapping of fields`);
  return value;
}

export function listOf(value: unknown, at: Cursor, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badField(at, `${what} must be a list`);
  return value;
}

/** Numbers and booleans are taken as their text: YAML makes them from unquoted values. */
export function textOf(value: unknown, at: Cursor, what: string): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw badField(at, `${what} must be text`);
  return value;
}

export function headersOf(value: unknown, at: Cursor): Record<string, string | readonly string[]> {
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, v] of Object.entries(fieldsOf(value, at, 'headers'))) {
    const what = `header ${name}`;
    const lines = Array.isArray(v)
      ? v.map((line, i) => textOf(line, below(at, name, i), what))
      : textOf(v, below(at, name), what);
    put(headers, name, lines);
  }
  return headers;
}
