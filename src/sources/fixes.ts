// Fixes of findings about a single field.

import type { Fix } from '../diagnostics/index.js';
import type { Origin } from '../model/index.js';

interface WithFix {
  readonly fix: Fix;
}

/** The key of a field gets another name. */
export const renaming = (origin: Origin, to: string): WithFix => ({
  fix: { description: `write ${to}`, edits: [{ op: 'rename', origin, to }] },
});

/** A scalar gets another value. */
export const setting = (origin: Origin, value: string | number): WithFix => ({
  fix: { description: `write ${JSON.stringify(value)}`, edits: [{ op: 'set', origin, value }] },
});
