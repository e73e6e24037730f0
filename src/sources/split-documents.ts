// Where one YAML document ends and the next begins: a marker (`---`, `...`) at the beginning of a line, whatever
// stands before it (YAML 1.2.2, section 9.1.2; inside block scalars a line cannot begin at column 0).
// Splitting before parsing is what keeps one broken document from hiding the others. JSON objects one after the other (jq, kubectl
// takes them too) are documents as well, where each begins on a line of its own.

import type { SourceDocument } from '../model/index.js';

const MARKER = /(?:^|\n)(---|\.\.\.)(?=[ \t\r\n]|$)/g;

/** Nothing but comments, directives and blank lines: a `---` that follows belongs to the same document. */
function isPreamble(text: string): boolean {
  for (let at = text.startsWith('---') ? 3 : 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end).trim();
    if (line !== '' && line[0] !== '#' && line[0] !== '%' && line !== '...') return false;
    if (end < 0) return true;
    at = end + 1;
  }
  return true;
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Where the second and further of several JSON objects begin. */
function jsonStarts(text: string): number[] {
  const starts: number[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 0x22 /* " */) at = stringEnd(text, at);
    else if (c === 0x7b /* { */) {
      if (depth++ === 0 && at > 0) {
        if (text[at - 1] !== '\n') return [];
        starts.push(at);
      }
    } else if (c === 0x7d /* } */) depth--;
    else if (depth === 0 && c > 0x20) return [];
  }
  return starts;
}

/** The closing quote of a JSON string that opens at `from`. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 0x5c /* \\ */) at++;
    else if (c === 0x22) return at;
  }
  return text.length;
}

/** The documents of a text (line breaks are `\n` or `\r\n`), without those that hold comments only. */
export function splitDocuments(file: string, text: string): SourceDocument[] {
  const documents: SourceDocument[] = [];
  let start = 0;
  let startLine = 1;
  const close = (end: number) => {
    const part = text.slice(start, end);
    if (!isPreamble(part)) documents.push({ file, startLine, text: part });
    startLine += lineBreaks(part);
    start = end;
  };
  if (text.startsWith('{')) for (const at of jsonStarts(text)) close(at);
  MARKER.lastIndex = start;
  for (let found = MARKER.exec(text); found; found = MARKER.exec(text)) {
    const at = found.index + found[0].length - 3;
    if (found[1] === '...') {
      const lineEnd = text.indexOf('\n', at);
      close(lineEnd < 0 ? text.length : lineEnd + 1);
    } else if (at > start && (text.startsWith('---', start) || !isPreamble(text.slice(start, at)))) close(at);
  }
  if (start < text.length) close(text.length);
  return documents;
}
