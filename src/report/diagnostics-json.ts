// Findings as the JSON of contract "meshgw lint".

import type { LintSummary, LocatedDiagnostic } from '../diagnostics/index.js';

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
      path: d.path,
      ...(d.witness ? { witness: d.witness } : {}),
      ...(d.related ? { related: d.related.map(({ message, position }) => ({ message, ...position })) } : {}),
      ...(d.fix ? { fix: d.fix.description } : {}),
    })),
    summary,
    ...(assumptions ? { assumptions } : {}),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
