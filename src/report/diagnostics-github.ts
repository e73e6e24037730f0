// Findings as GitHub workflow commands: annotations on the lines of a pull request.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions

import { endColumnOf, type LocatedDiagnostic } from '../diagnostics/index.js';
import { data, property } from './github-text.js';

const COMMAND = { error: 'error', warning: 'warning', info: 'notice' } as const;

export const diagnosticsGithub = (diagnostics: readonly LocatedDiagnostic[]): string =>
  diagnostics
    .map((diagnostic) => {
      const { severity, position, code, istio, message } = diagnostic;
      const title = istio ? `${code} (${istio})` : code;
      const end = endColumnOf(diagnostic);
      const range = `line=${position.line},col=${position.column}${end === undefined ? '' : `,endColumn=${end}`}`;
      return `::${COMMAND[severity]} file=${property(position.file)},${range},title=${property(title)}::${data(message)}\n`;
    })
    .join('');
