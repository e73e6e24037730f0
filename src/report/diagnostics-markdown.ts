// Findings for a job summary or a comment: a table of each file, the worst first.

import type { LintSummary, LocatedDiagnostic, Severity } from '../diagnostics/index.js';
import { counted } from '../model/index.js';
import { code, prose } from './markdown-text.js';

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
/** Hosts cut a summary off at a megabyte. */
const MOST_ROWS = 1000;

export function diagnosticsMarkdown(result: {
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly summary: LintSummary;
}): string {
  const { errors, warnings, infos, resources, files } = result.summary;
  const counts = [counted(errors, 'error'), counted(warnings, 'warning'), counted(infos, 'info')].join(', ');
  const sorted = result.diagnostics.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
  const rows = sorted.slice(0, MOST_ROWS).map(row);
  const more = sorted.length > rows.length ? [`\n${sorted.length - rows.length} more findings are not shown.`] : [];
  const table = rows.length === 0 ? [] : ['', '| | rule | where | finding |', '|---|---|---|---|', ...rows, ...more];
  return [
    `**meshgw lint**: ${counts} in ${counted(resources, 'resource')} of ${counted(files, 'file')}`,
    ...table,
    '',
  ].join('\n');
}

function row({ severity, code: rule, position: { file, line }, resource, message }: LocatedDiagnostic): string {
  const object = resource ? ` (${prose(`${resource.kind} ${resource.namespace}/${resource.name}`)})` : '';
  return `| ${severity} | ${rule} | ${code(`${file}:${line}`)}${object} | ${prose(message)} |`;
}
