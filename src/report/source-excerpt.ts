// The part of a source line that a finding shows: lines of generated files may have megabytes.

/** Longer source lines are shown around the column. */
const WIDEST = 160;

/** `from` is the offset of `text` in the line; `column` counts from 1. */
export function sourceExcerpt(line: string, column: number): { readonly text: string; readonly from: number } {
  const from = Math.max(0, Math.min(column - 1 - WIDEST / 2, line.length - WIDEST));
  return { text: line.slice(from, from + WIDEST), from };
}
