// Findings as GitHub workflow commands: annotations on the lines of a pull request.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions

import { endColumnOf, type LocatedDiagnostic } from '../diagnostics/index.js';
import { visible } from './visible.js';

const COMMAND = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Line breaks as GitHub wants them; what else commands a terminal shows as what it is not. */
const data = (text: string): string =>
  text.split('\n').map(visible).join('\n').replaceAll('%', '%25').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

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
