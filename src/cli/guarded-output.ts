// Everything that meshgw writes to its output streams passes here: names and values of strangers in it command neither the terminal
// nor the CI job whose log it is. The only exceptions are named by those who write: the annotations of `-o github`, the progress bar.

import { neutralised } from '../diagnostics/index.js';
import type { Output } from './io.js';

/** The stream with every text neutralised. */
export function guarded(output: Output): Output {
  let atLineStart = true;
  return {
    isTTY: output.isTTY,
    columns: output.columns,
    write(text, how) {
      output.write(how === 'terminal' ? text : neutralised(text, { atLineStart, commands: how === 'ci-commands' }));
      const lastLine = text.slice(Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1);
      atLineStart = lastLine.trim() === '' && (atLineStart || lastLine.length < text.length);
    },
  };
}
