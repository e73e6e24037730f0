// What is kept of a folder between two looks (the language server, lint --watch): its files, their objects, and what lint found in single
// objects. Another look reads what changed, and says what a first one would (test/lsp-memory.test.ts).

import type { LintOptions } from '../api/lint.js';
import { emptyMemory, type ReadMemory } from '../sources/memory.js';

export interface FolderMemory {
  readonly read: ReadMemory;
  /** What lint found under `rules`. */
  lint: { readonly rules: string; readonly found: NonNullable<LintOptions['memory']> };
}

export const nothingSeen = (): FolderMemory => ({ read: emptyMemory(), lint: { rules: '', found: nothingFound() } });

/** What was found by the same rules; other rules begin anew. `rules`: the configuration of lint. */
export function foundBy(memory: FolderMemory, rules: object): NonNullable<LintOptions['memory']> {
  const key = JSON.stringify(rules);
  if (memory.lint.rules !== key) memory.lint = { rules: key, found: nothingFound() };
  return memory.lint.found;
}

const nothingFound = (): NonNullable<LintOptions['memory']> => ({ shapes: new WeakMap(), fields: new WeakMap() });
