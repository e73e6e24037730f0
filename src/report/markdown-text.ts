// Text of files in Markdown that a host renders (pull request comments, job summaries): no link, image, HTML, mention or reference comes of
// it, and no cell or line ends early. GitHub and GitLab make mentions and references of the text after it is rendered, so that a backslash
// does not stop them: an empty comment between the sign and the name does.

import { greatest } from '../model/index.js';

/** One line of code: for requests and names. A code span holds no markup. */
export function code(text: string): string {
  const line = oneLine(text);
  const longest = greatest(
    [...line.matchAll(/`+/g)].map(([run]) => run.length),
    0,
  );
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return `${fence}${pad}${line.replaceAll('|', '\\|')}${pad}${fence}`;
}

/** A sentence with values of files in it, also as the cell of a table. */
export const prose = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=\w)|#(?=\d)/g, '$&<!-- -->')
    .replaceAll('://', ':&#47;&#47;')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}&#46;`);

const oneLine = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, ' ');
