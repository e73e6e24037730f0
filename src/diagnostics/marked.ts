// How much of its line a finding marks: the carets of the text, and the end of its region in the other outputs.

import type { LocatedDiagnostic } from './located.js';

/** A quoted text, or a word up to a space, a comma, a bracket or the colon of a key. */
const WORD = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:(?!:(?:\s|$))[^\s,[\]{}])+)/;

/** Characters of the key or value at the beginning of a text, 1 at least. */
export const markedLength = (text: string): number => Math.max(1, WORD.exec(text)?.[0].length ?? 1);

/** The column behind what is marked, on the finding's own line; undefined where the line is not at hand. */
export function endColumnOf({
  position: { column },
  source,
}: Pick<LocatedDiagnostic, 'position' | 'source'>): number | undefined {
  return source === undefined || column > source.length ? undefined : column + markedLength(source.slice(column - 1));
}
