// The edits of fixes as ranges of a file, for outputs that programs read.

import type { LocatedDiagnostic } from '../diagnostics/index.js';
import type { SourceDocument } from '../model/index.js';
import { positionAt } from '../sources/index.js';
import { textEdits } from './fix.js';

/** The findings; those whose fix has a plain place in the text with its `edits`. */
export const withEdits = (diagnostics: readonly LocatedDiagnostic[]): LocatedDiagnostic[] =>
  diagnostics.map((d) => {
    const edits = editsOf(d);
    return edits ? { ...d, edits } : d;
  });

function editsOf({ fix }: LocatedDiagnostic): LocatedDiagnostic['edits'] {
  const document = fix?.edits[0]?.origin.resource.document;
  if (!fix || !document || fix.edits.some(({ origin }) => origin.resource.document !== document)) return undefined;
  return textEdits(document.text, fix)?.map(({ start, end, text }) => ({
    start: placeIn(document, start),
    end: placeIn(document, end),
    text,
  }));
}

function placeIn(document: SourceDocument, offset: number): { readonly line: number; readonly column: number } {
  const { line, column } = positionAt(document, offset);
  return { line, column };
}
