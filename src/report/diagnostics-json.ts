// Findings as the JSON of contract "meshgw lint".

import { endColumnOf, type LintSummary, type LocatedDiagnostic } from '../diagnostics/index.js';

export function diagnosticsJson({
  diagnostics,
  summary,
  assumptions,
}: {
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly summary: LintSummary;
  /** What the files do not say and was taken for given. */
  readonly assumptions?: readonly object[];
}): string {
  const document = {
    diagnostics: diagnostics.map((d) => ({
      code: d.code,
      ...(d.istio ? { istio: d.istio } : {}),
      ...(d.kiali ? { kiali: d.kiali } : {}),
      severity: d.severity,
      message: d.message,
      ...(d.resource ? { resource: d.resource } : {}),
      file: d.position.file,
      line: d.position.line,
      column: d.position.column,
      ...endOf(d),
      path: d.path,
      ...(d.witness ? { witness: d.witness } : {}),
      ...(d.related ? { related: d.related.map(({ message, position }) => ({ message, ...position })) } : {}),
      ...(d.fix ? { fix: d.fix.description } : {}),
      ...(d.fix && d.edits ? { fixes: [{ description: d.fix.description, edits: d.edits }] } : {}),
    })),
    summary,
    ...(assumptions ? { assumptions } : {}),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function endOf(d: LocatedDiagnostic): { endLine?: number; endColumn?: number } {
  const endColumn = endColumnOf(d);
  return endColumn === undefined ? {} : { endLine: d.position.line, endColumn };
}
