// What stands in braces or quotes may be indented as one likes: go-yaml, with which kubectl and the API server's clients read,
// looks at no indentation inside of `[…]` and `{…}` (yaml_parser_unroll_indent in scannerc.go returns at once there) or between two
// quotes (yaml_parser_scan_flow_scalar). A closing bracket below its key is a common style, and controller-gen wrote descriptions of
// CustomResourceDefinitions that go on at the indentation of their key. js-yaml holds to the specification and refuses both. So line
// breaks and comments between the tokens of a collection, and line breaks between quotes, become spaces: the text keeps its length,
// and every offset holds. It is for finding the tokens only; values are read from the text itself, so that lines are joined as ever.
//
//     args: [
//       "-config",      # →   args: [         "-config",                  ]
//     ]

const SPACE = /[ \t\r]/;

/** The text with each collection in braces and each quoted text on one line; the same text where there is none over several lines. */
export function flowOnOneLine(text: string): string {
  const blanks: [start: number, end: number][] = [];
  let open = true;
  let blockIndent = -1;
  for (let at = 0; at < text.length; ) {
    const start = skip(text, at);
    const indent = start - at;
    const first = text[start];
    if (first === undefined) break;
    if (first === '\n' || first === '#' || (blockIndent >= 0 && indent > blockIndent)) {
      at = nextLine(text, start);
      continue;
    }
    blockIndent = -1;
    const line = readLine(text, start, open, blanks);
    open = line.open;
    if (line.block) blockIndent = indent;
    at = nextLine(text, line.end);
  }
  return blanked(text, blanks);
}

/** Of a line in block style: where its text ends (a collection may end it later), what may begin on the next one. */
interface Line {
  readonly end: number;
  /** It ends where a value is still to come. */
  readonly open: boolean;
  /** A block scalar follows. */
  readonly block: boolean;
}

function readLine(text: string, start: number, afterOpen: boolean, blanks: [number, number][]): Line {
  // A bracket at the beginning of a line is a collection only where a value was to come: else plain text goes on there.
  let mayBegin = afterOpen;
  for (let at = start; ; ) {
    const c = text[at];
    if (c === undefined || c === '\n' || c === '#') return { end: at, open: true, block: false };
    const item = dashEnd(text, at);
    if (item !== undefined) {
      mayBegin = true;
      at = skip(text, item);
      continue;
    }
    if (c === '&' || c === '!') {
      at = skip(text, wordEnd(text, at));
      continue;
    }
    if (c === '|' || c === '>') return { end: at, open: false, block: true };
    const opens = c === '[' || c === '{';
    if (opens && !mayBegin) return { end: at, open: false, block: false };
    const from = at;
    at = opens ? flowEnd(text, at, blanks) : scalarEnd(text, at);
    // A key: its value may begin here.
    const colon = skip(text, at);
    const isKey = text[colon] === ':' && isGap(text[colon + 1]);
    // Quoted text of several lines is no key.
    if (isQuote(c) && !isKey) unbreak(text, from, at, blanks);
    if (!isKey) return { end: at, open: false, block: false };
    mayBegin = true;
    at = skip(text, colon + 1);
  }
}

/** The offset behind the dash of a list's item or the `---` of a document; undefined: neither stands here. */
function dashEnd(text: string, at: number): number | undefined {
  if (text.startsWith('---', at)) return at + 3;
  return text[at] === '-' && isGap(text[at + 1]) ? at + 1 : undefined;
}

const scalarEnd = (text: string, at: number): number => (isQuote(text[at]) ? quoteEnd(text, at) : plainEnd(text, at));

const isQuote = (c: string | undefined): boolean => c === '"' || c === "'";

/** Notes what is to become spaces in a collection; the offset behind it. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass over the characters, whose branches are the grammar
function flowEnd(text: string, from: number, blanks: [number, number][]): number {
  let depth = 0;
  let before = '';
  for (let at = from; at < text.length; ) {
    const c = text[at]!;
    if (c === '\n' && /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(at + 1, at + 5))) return at;
    if (c === '\n' || (c === '#' && isGap(text[at - 1]))) {
      const end = c === '#' ? lineEnd(text, at) : at + 1;
      // Between two words of plain text a line break stays: there it is a part of the text.
      if (c === '#' || INDICATORS.includes(before) || INDICATORS.includes(text[skipLines(text, at)] ?? ''))
        blanks.push([at, end]);
      at = end;
      continue;
    }
    if (isQuote(c) && INDICATORS.includes(before)) {
      const from = at;
      at = quoteEnd(text, at);
      unbreak(text, from, at, blanks);
      before = c;
      continue;
    }
    if (c === '[' || c === '{') depth++;
    else if ((c === ']' || c === '}') && --depth === 0) return at + 1;
    if (!SPACE.test(c)) before = c;
    at++;
  }
  return text.length;
}

/** Notes the line breaks of quoted text; a document does not end in one. */
function unbreak(text: string, from: number, to: number, blanks: [number, number][]): void {
  if (/\n(?:---|\.\.\.)(?:\s|$)/.test(text.slice(from, to))) return;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1))
    blanks.push([text[at - 1] === '\r' ? at - 1 : at, at + 1]);
}

const INDICATORS = [',', '[', ']', '{', '}', ':', '?', '"', "'", '#'];

/** A line break of Windows keeps its \r: blanks need none, it is white space. */
function blanked(text: string, blanks: readonly (readonly [number, number])[]): string {
  if (blanks.length === 0) return text;
  const parts: string[] = [];
  let done = 0;
  for (const [start, end] of blanks) {
    parts.push(text.slice(done, start), ' '.repeat(end - start));
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join('');
}

const isGap = (c: string | undefined): boolean => c === undefined || c === '\n' || SPACE.test(c);

function skip(text: string, from: number): number {
  let at = from;
  while (at < text.length && SPACE.test(text[at]!)) at++;
  return at;
}

/** The next character that is no white space, over line breaks too. */
function skipLines(text: string, from: number): number {
  let at = from;
  while (at < text.length && (text[at] === '\n' || SPACE.test(text[at]!))) at++;
  return at;
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};
const nextLine = (text: string, from: number): number => lineEnd(text, from) + 1;

function wordEnd(text: string, from: number): number {
  let at = from;
  while (!isGap(text[at])) at++;
  return at;
}

/** The offset behind a closing quote. */
function quoteEnd(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at++;
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") at++;
      else return at + 1;
    }
  }
  return text.length;
}

/** The end of plain text on its line: before `: `, a comment or the end. */
function plainEnd(text: string, from: number): number {
  for (let at = from; ; at++) {
    const c = text[at];
    if (c === undefined || c === '\n') return at;
    if (c === ':' && isGap(text[at + 1])) return at;
    if (c === '#' && SPACE.test(text[at - 1] ?? '')) return at;
  }
}
