// From an offset in a document to a line and column of its file.

import type { Position, SourceDocument } from '../model/index.js';

/** Columns count UTF-16 units, as editors and SARIF (`columnKind: utf16CodeUnits`) do. */
export function positionAt(document: SourceDocument, offset: number): Position {
  let line = document.startLine;
  let lineStart = 0;
  for (let at = document.text.indexOf('\n'); at >= 0 && at < offset; at = document.text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { file: document.file, line, column: offset - lineStart + 1 };
}
