// Text that fits the width of a terminal.

/** A word, or a flag with its value (`--service-port shop/web:http=80`): what is copied from the text stays whole. */
const WORD = /--[a-z-]+\s+[^\s/=]*[/=]\S+|\S+/g;

/** Lines of at most `width` characters, broken at spaces; a longer word stands alone. `first` begins the first line, `rest` all others. */
export function wrap(text: string, width: number, first = '', rest = first): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.match(WORD) ?? []) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return empty ? lines : [...lines, line];
}

/** Cut to `width` characters, with `…` in the place of its end. */
export const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
