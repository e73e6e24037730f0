// Findings as GitHub workflow commands: annotations on the lines of a pull request.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions

import type { LocatedDiagnostic } from '../diagnostics/index.js';

const COMMAND = { error: 'error', warning: 'warning', info: 'notice' } as const;

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

export const diagnosticsGithub = (diagnostics: readonly LocatedDiagnostic[]): string =>
  diagnostics
    .map(({ severity, position, code, istio, message }) => {
      const title = istio ? `${code} (${istio})` : code;
      return `::${COMMAND[severity]} file=${property(position.file)},line=${position.line},col=${position.column},title=${property(title)}::${data(message)}\n`;
    })
    .join('');
