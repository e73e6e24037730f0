// Most documents are written in a small part of YAML: block mappings and lists of texts that stand on one line. They are read here, without
// events (docs/decisions/0023); whatever is anything else is left to js-yaml. What is read here has the value that js-yaml gives
// (test/sources-plain.test.ts).

import { EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import { type Json, put } from '../model/index.js';
import { KnownWords } from './known-words.js';
import { plainValue } from './yaml11.js';

const [LINE, SPACE, QUOTE, HASH, APOSTROPHE, DASH, COLON, BACKSLASH] = [10, 32, 34, 35, 39, 45, 58, 92] as const;

/** Not in a document that is read here: control characters, tabs, other line breaks, and what YAML treats in a way of its own. */
const UNUSUAL = /[^\n -~\u00a1-\u1fff\u2030-\ud7ff]/;
/** First characters of values that are more than the text up to the end of their line. */
const INDICATORS = new Set([...'?:,[]{}#&*!|>%@`<='].map((c) => c.charCodeAt(0)));
const MAX_DEPTH = 50;
/** js-yaml takes keys of up to 1,024 characters. */
const MAX_KEY = 512;

const isAlphanumeric = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57);
/** Letters, digits and `-./_`. */
const isInKey = (c: number): boolean => isAlphanumeric(c) || (c >= 45 && c <= 47) || c === 95;
/** Of `charCodeAt`; behind the text it is NaN. */
const isLineEnd = (c: number): boolean => c === LINE || Number.isNaN(c);
const isSpaceOrEnd = (c: number): boolean => c === SPACE || isLineEnd(c);

/** Parts of texts and what they mean. */
interface Words<T> {
  /** `hash`: of the characters from `start` up to `end`. */
  meaningOf(text: string, start: number, end: number, hash: number): T;
}

interface Vocabulary {
  /** `undefined`: not a key that is read here. */
  readonly keys: Words<string | undefined>;
  /** `undefined` for numbers that JSON does not have: js-yaml says so. */
  readonly values: Words<Json | undefined>;
  readonly quoted: Words<string>;
}

/** What the words of one reading mean; they are not kept longer, because they hold the text that they are part of. */
const vocabulary = (): Vocabulary => ({
  keys: new KnownWords((text) => (plainValue(text) === text ? text : undefined)),
  values: new KnownWords<Json | undefined>((text) => {
    const value = plainValue(text);
    return typeof value === 'number' && !Number.isFinite(value) ? undefined : value;
  }),
  quoted: new KnownWords((text) => text),
});

/** Where only the places count: every word means itself. */
const ITSELF: Words<string> = { meaningOf: (text, start, end) => text.slice(start, end) };
const WITHOUT_MEANINGS: Vocabulary = { keys: ITSELF, values: ITSELF, quoted: ITSELF };

/** Called for each event that js-yaml's parser has for the same text. `end` equals `start` but for scalars; -1: a value without text. */
export type OnEvent = (type: number, style: number, start: number, end: number) => void;

/** Reads documents one after the other: their values; undefined for what js-yaml has to read. */
export function plainReader(): (text: string) => Json | undefined {
  const words = vocabulary();
  return (text) => readWith(words, text);
}

/** The events of a document. Whether it is one that is read here; if not, some events were called. */
export function plainEvents(text: string, onEvent: OnEvent): boolean {
  onEvent(EVENT_ID.DOCUMENT, 0, 0, 0);
  if (readWith(WITHOUT_MEANINGS, text, onEvent) === undefined) return false;
  onEvent(EVENT_ID.POP, 0, 0, 0);
  return true;
}

function readWith(words: Vocabulary, text: string, onEvent?: OnEvent): Json | undefined {
  if (UNUSUAL.test(text)) return undefined;
  const reader = new Reader(text, words, onEvent);
  if (text.startsWith('---')) {
    if (text.charCodeAt(3) !== LINE) return undefined;
    reader.at = 4;
  }
  reader.toNextLine();
  const value = reader.indent < 0 ? undefined : reader.block(0);
  return reader.indent < 0 ? value : undefined;
}

/** Stands at the first character of a line's content, or at a value in it. Its methods give undefined where they stop reading. */
class Reader {
  at = 0;
  /** Of the line; -1: the text is at its end. */
  indent = 0;

  readonly text: string;
  readonly words: Vocabulary;
  readonly onEvent: OnEvent | undefined;

  constructor(text: string, words: Vocabulary, onEvent: OnEvent | undefined) {
    this.text = text;
    this.words = words;
    this.onEvent = onEvent;
  }

  #opens(type: number): void {
    this.onEvent?.(type, 0, this.at, this.at);
  }

  #closes(): void {
    this.onEvent?.(EVENT_ID.POP, 0, 0, 0);
  }

  #scalarAt(style: number, start: number, end: number): void {
    this.onEvent?.(EVENT_ID.SCALAR, style, start, end);
  }

  #code(at: number): number {
    return this.text.charCodeAt(at);
  }

  /** From the beginning of a line to the next content: blank lines and comments are skipped. */
  toNextLine(): void {
    const { text } = this;
    for (let start = this.at; ; ) {
      let at = start;
      let c = text.charCodeAt(at);
      while (c === SPACE) c = text.charCodeAt(++at);
      if (Number.isNaN(c)) {
        this.at = at;
        this.indent = -1;
        return;
      }
      if (c === HASH) {
        const end = text.indexOf('\n', at);
        start = end < 0 ? text.length : end + 1;
      } else if (c === LINE) start = at + 1;
      else {
        this.at = at;
        this.indent = at - start;
        return;
      }
    }
  }

  block(depth: number): Json | undefined {
    if (depth > MAX_DEPTH) return undefined;
    return this.#isItem() ? this.#list(this.indent, depth) : this.#mapping(this.indent, depth);
  }

  #isItem(): boolean {
    return this.#code(this.at) === DASH && this.#code(this.at + 1) === SPACE;
  }

  #mapping(indent: number, depth: number): Json | undefined {
    const object: Record<string, Json> = {};
    this.#opens(EVENT_ID.MAPPING);
    do {
      const start = this.at;
      const key = this.#key();
      if (key === undefined || Object.hasOwn(object, key)) return undefined;
      this.#scalarAt(SCALAR_STYLE.PLAIN, start, this.at - 1);
      const value = this.#valueOf(indent, depth);
      if (value === undefined) return undefined;
      put(object, key, value);
    } while (this.indent === indent);
    this.#closes();
    return this.indent < indent ? object : undefined;
  }

  /** Moves behind the colon. */
  #key(): string | undefined {
    const { text, at: start } = this;
    let c = text.charCodeAt(start);
    if (!isAlphanumeric(c)) return undefined;
    let hash = 0;
    let at = start;
    for (; isInKey(c); c = text.charCodeAt(++at)) hash = (Math.imul(hash, 31) + c) | 0;
    if (c !== COLON || !isSpaceOrEnd(text.charCodeAt(at + 1)) || at - start > MAX_KEY) return undefined;
    this.at = at + 1;
    return this.words.keys.meaningOf(text, start, at, hash);
  }

  /** What follows a key, on its line or below; the reader then stands at the next line. */
  #valueOf(indent: number, depth: number): Json | undefined {
    if (!this.#isAtLineEnd()) return this.#scalar(indent);
    this.#leaveLine();
    if (this.indent > indent) return this.block(depth + 1);
    if (this.indent === indent && this.#isItem()) return this.#list(indent, depth + 1);
    this.#scalarAt(SCALAR_STYLE.PLAIN, -1, -1);
    return null;
  }

  #list(indent: number, depth: number): Json | undefined {
    const items: Json[] = [];
    this.#opens(EVENT_ID.SEQUENCE);
    do {
      this.at++;
      if (this.#isAtLineEnd() || this.#isItem()) return undefined;
      const value = this.#item(indent, depth);
      if (value === undefined) return undefined;
      items.push(value);
    } while (this.indent === indent && this.#isItem());
    this.#closes();
    return this.indent <= indent ? items : undefined;
  }

  #item(indent: number, depth: number): Json | undefined {
    const { at } = this;
    const isMapping = this.#key() !== undefined;
    this.at = at;
    if (!isMapping) return this.#scalar(indent);
    let lineStart = at;
    while (lineStart > 0 && this.#code(lineStart - 1) !== LINE) lineStart--;
    return depth < MAX_DEPTH ? this.#mapping(at - lineStart, depth + 1) : undefined;
  }

  /** Skips spaces. Whether nothing but a comment follows; the character before it has to be a space. */
  #isAtLineEnd(): boolean {
    const from = this.at;
    let c = this.#code(this.at);
    while (c === SPACE) c = this.#code(++this.at);
    return isLineEnd(c) || (c === HASH && this.at > from);
  }

  #leaveLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end < 0 ? this.text.length : end + 1;
    this.toNextLine();
  }

  /** A text that ends on its line. */
  #scalar(indent: number): Json | undefined {
    const first = this.#code(this.at);
    const value =
      first === QUOTE || first === APOSTROPHE
        ? this.#quotedText(first)
        : INDICATORS.has(first)
          ? this.#empty()
          : this.#plainText(first);
    if (value === undefined || !this.#isAtLineEnd()) return undefined;
    this.#leaveLine();
    // Otherwise the text goes on there, or the line is wrong.
    return this.indent <= indent ? value : undefined;
  }

  #quotedText(quote: number): string | undefined {
    const { text } = this;
    const start = this.at + 1;
    let at = start;
    let hash = 0;
    let c = text.charCodeAt(at);
    for (; c !== quote; c = text.charCodeAt(++at)) {
      if (isLineEnd(c) || (c === BACKSLASH && quote === QUOTE)) return undefined;
      hash = (Math.imul(hash, 31) + c) | 0;
    }
    if (quote === APOSTROPHE && text.charCodeAt(at + 1) === APOSTROPHE) return undefined;
    this.at = at + 1;
    this.#scalarAt(quote === QUOTE ? SCALAR_STYLE.DOUBLE_QUOTED : SCALAR_STYLE.SINGLE_QUOTED, start, at);
    return at === start ? '' : this.words.quoted.meaningOf(text, start, at, hash);
  }

  /** `[]` or `{}`. */
  #empty(): Json | undefined {
    const written = this.text.slice(this.at, this.at + 2);
    if (written !== '[]' && written !== '{}') return undefined;
    this.#opens(written === '[]' ? EVENT_ID.SEQUENCE : EVENT_ID.MAPPING);
    this.#closes();
    this.at += 2;
    return written === '[]' ? [] : {};
  }

  #plainText(first: number): Json | undefined {
    const { text, at: start } = this;
    if (first === DASH && !isAlphanumeric(text.charCodeAt(start + 1))) return undefined;
    let end = start;
    let [hash, hashOfAll] = [0, 0];
    let at = start;
    for (let c = first; !isLineEnd(c); c = text.charCodeAt(++at)) {
      if (c === COLON && isSpaceOrEnd(text.charCodeAt(at + 1))) return undefined;
      if (c === HASH && text.charCodeAt(at - 1) === SPACE) break;
      hashOfAll = (Math.imul(hashOfAll, 31) + c) | 0;
      if (c === SPACE) continue;
      hash = hashOfAll;
      end = at + 1;
    }
    this.at = end;
    this.#scalarAt(SCALAR_STYLE.PLAIN, start, end);
    return this.words.values.meaningOf(text, start, end, hash);
  }
}
