// What a language server keeps of its last reading: a file whose content is the same is neither read nor parsed again, and its objects are
// the same ones, so that others can keep what they found about them.

import { statSync } from 'node:fs';
import type { Diagnostic } from '../diagnostics/index.js';
import type { Resource, SourceDocument } from '../model/index.js';
import type { Parsed } from './parse-documents.js';

/** Of one folder; empty at first. */
export interface ReadMemory {
  /** Files of the last reading, by absolute path. */
  files: Map<string, { readonly stamp: string; readonly content: Buffer }>;
  /** Their documents, by the name that findings give the file. */
  texts: Map<string, { readonly content: string | Uint8Array; readonly documents: readonly SourceDocument[] }>;
  readonly parsed: WeakMap<SourceDocument, Parsed>;
  /** Objects of documents, and what reading said about them. */
  readonly objects: WeakMap<SourceDocument, RememberedObjects>;
}

interface RememberedObjects {
  /** Of the first. */
  readonly order: number;
  /** What decides their namespaces, beside themselves. */
  readonly namespaces: string;
  readonly resources: readonly Resource[];
  readonly diagnostics: readonly Diagnostic[];
  /** What was counted and not read. */
  readonly ignored: readonly (readonly [what: string, count: number])[];
}

export const emptyMemory = (): ReadMemory => ({
  files: new Map(),
  texts: new Map(),
  parsed: new WeakMap(),
  objects: new WeakMap(),
});

/** Another one where a file may hold something else. `''`: it cannot be looked at. */
export function stampOf(path: string): string {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path);
    return `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch {
    return '';
  }
}

export const sameContent = (a: string | Uint8Array, b: string | Uint8Array): boolean =>
  typeof a === 'string' || typeof b === 'string' ? a === b : a === b || Buffer.compare(a, b) === 0;
