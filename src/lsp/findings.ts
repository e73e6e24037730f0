// Findings of lint as diagnostics of the protocol.

import { DiagnosticSeverity, type Diagnostic as LspDiagnostic, type Range } from 'vscode-languageserver';
import { type LocatedDiagnostic, markedLength, type Severity } from '../diagnostics/index.js';
import type { Position } from '../model/index.js';
import { type Checked, uriOf } from './workspace.js';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** A place, to the end of the word there. Lines and characters of the protocol count from 0. */
export function rangeAt({ line, column }: Position, source = ''): Range {
  const start = { line: line - 1, character: column - 1 };
  return { start, end: { line: line - 1, character: column - 1 + markedLength(source.slice(column - 1)) } };
}

export const diagnosticOf = (found: LocatedDiagnostic, checked: Checked): LspDiagnostic => ({
  range: rangeAt(found.position, found.source),
  severity: SEVERITIES[found.severity],
  code: found.code,
  source: 'meshgw',
  message: found.message,
  ...(found.related?.length
    ? {
        relatedInformation: found.related.map(({ message, position }) => ({
          message,
          location: { uri: uriOf(checked, position.file), range: rangeAt(position) },
        })),
      }
    : {}),
});

/** Findings by the URI of their file. */
export function findingsByUri(checked: Checked): Map<string, LocatedDiagnostic[]> {
  const found = new Map<string, LocatedDiagnostic[]>();
  for (const diagnostic of checked.result.diagnostics) {
    const uri = uriOf(checked, diagnostic.position.file);
    const list = found.get(uri);
    if (list) list.push(diagnostic);
    else found.set(uri, [diagnostic]);
  }
  return found;
}
