// Hurl files (https://hurl.dev/docs/grammar.html) cut into entries: lines of the request, of its sections, of its body, and the same
// of the response. What they mean is read in read-hurl.ts.

/** A line and its number, from 1. */
export interface HurlLine {
  readonly line: number;
  readonly text: string;
}

/** One half of an entry. */
export interface HurlPart {
  /** `GET http://…`, or `HTTP 200`. */
  readonly first: HurlLine;
  /** Before the first section. */
  readonly headers: HurlLine[];
  /** By name, without brackets. */
  readonly sections: { readonly name: string; readonly at: number; readonly lines: HurlLine[] }[];
  readonly body: HurlLine[];
}

export interface HurlEntry {
  readonly request: HurlPart;
  readonly response?: HurlPart;
}

const REQUEST = /^[A-Z]+[ \t]+(?:https?:\/\/|\{\{)/;
const RESPONSE = /^HTTP(?:\/[0-9.]+)?[ \t]+(?:\d{3}|\*)/;
const SECTION = /^\[([A-Za-z]+)\][ \t]*(?:#.*)?$/;
/** A key, which may hold dots and dashes, and a value. */
const PAIR = /^[^\s:{[<`"]+[ \t]*:/;

export const looksLikeHurl = (text: string): boolean => {
  const first = text.split('\n', 200).find((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return first !== undefined && REQUEST.test(first.trimEnd());
};

/** The entries of a text that looks like one. */
export function hurlEntries(text: string): HurlEntry[] {
  const entries: { request: HurlPart; response?: HurlPart }[] = [];
  let part: HurlPart | undefined;
  /** Inside of a body: until its fence is closed, or the next request or response begins. */
  let fence = false;
  let inBody = false;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const here = { line: i + 1, text: raw.trimEnd() };
    const word = here.text.trim();
    if (!fence && REQUEST.test(word)) {
      part = { first: { ...here, text: word }, headers: [], sections: [], body: [] };
      entries.push({ request: part });
      inBody = false;
    } else if (!fence && part && RESPONSE.test(word)) {
      part = { first: { ...here, text: word }, headers: [], sections: [], body: [] };
      entries.at(-1)!.response = part;
      inBody = false;
    } else if (part) {
      inBody ||= startsBody(word, part);
      if (inBody) {
        part.body.push({ ...here, text: raw });
        if (word.startsWith('```') && !(word.length > 3 && word.endsWith('```'))) fence = !fence;
        else if (fence && word.endsWith('```')) fence = false;
      } else addLine(part, { ...here, text: word });
    }
  }
  return entries;
}

function startsBody(word: string, { sections }: HurlPart): boolean {
  if (word === '' || word.startsWith('#') || SECTION.test(word) || PAIR.test(word)) return false;
  // Asserts are no pairs.
  return sections.at(-1)?.name !== 'Asserts' || word.startsWith('```');
}

function addLine({ headers, sections }: HurlPart, here: HurlLine): void {
  if (here.text === '' || here.text.startsWith('#')) return;
  const name = SECTION.exec(here.text)?.[1];
  if (name !== undefined) sections.push({ name, at: here.line, lines: [] });
  else (sections.at(-1)?.lines ?? headers).push(here);
}
