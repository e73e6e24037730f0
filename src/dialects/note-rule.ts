// What a note of a reader is to lint. The file `note-rules.ts` of a dialect's folder holds the rules of its own notes; notes that have
// none are findings of MGW0146.

import type { RuleDocs, Severity } from '../diagnostics/index.js';

export interface NoteRule {
  /** `MGW1701`: stable, never reused. */
  readonly code: string;
  /** kebab-case, unique. */
  readonly name: string;
  readonly severity: Severity;
  /** Default: `note`. */
  readonly category?: 'migration';
  /** One line, without a full stop. */
  readonly title: string;
  /** Codes of ReadNote. */
  readonly notes: readonly string[];
  /** Of these, the effect depends on what may be in the cluster only. */
  readonly open?: readonly string[];
  /** What is left out has requests that go elsewhere: the gateway is asked where, with the note's witness. */
  readonly elsewhere?: true;
  /** Made when asked: a run of lint reads none of them. */
  readonly docs: () => RuleDocs;
}
