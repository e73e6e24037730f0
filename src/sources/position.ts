// From an offset in a document to a line and column of its file.

import type { Position, SourceDocument } from '../model/index.js';

/** Offsets at which the lines of a text begin. */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Columns count UTF-16 units, as editors and SARIF (`columnKind: utf16CodeUnits`) do. */
export function positionIn(document: SourceDocument, lineStarts: readonly number[], offset: number): Position {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file: document.file, line: document.startLine + low, column: offset - (lineStarts[low] ?? 0) + 1 };
}

/** The position of one offset of a document. */
export const positionAt = (document: SourceDocument, offset: number): Position =>
  positionIn(document, lineStartsOf(document.text), offset);
