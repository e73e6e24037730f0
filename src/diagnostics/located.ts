// A finding with its place in a file: what the outputs of lint print.

import type { GatewayRequest, Position } from '../model/index.js';
import type { Fix, Severity } from './diagnostic.js';

export interface LocatedDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly istio?: string;
  readonly kiali?: string;
  readonly position: Position;
  /** Absent where a document could not be read. */
  readonly resource?: { readonly kind: string; readonly namespace: string; readonly name: string };
  /** `spec.http[0].match`; `''` for the object. */
  readonly path: string;
  /** The line of the file, without its end; absent where the text is not at hand. */
  readonly source?: string;
  readonly related?: readonly { readonly message: string; readonly position: Position }[];
  readonly witness?: GatewayRequest;
  readonly fix?: Fix;
  /** The text edits of `fix`, where an output asked for them (`withEdits`). */
  readonly edits?: readonly TextReplacement[];
}

/** Text in place of a range of the finding's file; lines and columns from 1, the end is exclusive. */
export interface TextReplacement {
  readonly start: Omit<Position, 'file'>;
  readonly end: Omit<Position, 'file'>;
  readonly text: string;
}

/** Counts of the JSON output. */
export interface LintSummary {
  readonly files: number;
  readonly resources: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}
