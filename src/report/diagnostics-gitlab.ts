// Findings as a code quality report of GitLab, which shows them in merge requests.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format

import { fingerprints } from '../diagnostics/fingerprint.js';
import type { LocatedDiagnostic } from '../diagnostics/index.js';

const SEVERITY = { error: 'major', warning: 'minor', info: 'info' } as const;

export function diagnosticsGitlab(diagnostics: readonly LocatedDiagnostic[]): string {
  const marks = fingerprints(diagnostics);
  const report = diagnostics.map(({ code, message, severity, position: { file, line } }, i) => ({
    description: `${code}: ${message}`,
    check_name: code,
    fingerprint: marks[i],
    severity: SEVERITY[severity],
    location: { path: file === '<stdin>' ? 'stdin' : file.replaceAll('\\', '/'), lines: { begin: line } },
  }));
  return `${JSON.stringify(report, null, 2)}\n`;
}
