// A YAML document as text that is safe in a log: values that a CI runner or a terminal takes for commands stand between double quotes on
// one line, where they can be escaped without becoming other values.

import { type Document, visit } from 'yaml';
import { escapedInQuotes, needsQuotes } from '../diagnostics/index.js';

export function yamlText(document: Document): string {
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && needsQuotes(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapedInQuotes(
    document.toString({ lineWidth: 0, singleQuote: false, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER }),
  );
}
