// Where the nodes of a document stand, kept small: three numbers for each parser event (docs/decisions/0001).
// A document with anchors, or one that was read without events, is read again when somebody asks.

import { EVENT_ID, type Event } from 'js-yaml';
import type { SourceDocument } from '../model/index.js';
import { plainEvents } from './plain-document.js';
import { eventsOf, readable } from './yaml-events.js';

/** Numbers of one event: type | style << 3, start, end. */
const SIZE = 3;

/** Events of several documents that were parsed as one text; offsets are in that text. */
export class PackedMarks {
  readonly words: Int32Array;
  #length = 0;

  constructor(events: number) {
    this.words = new Int32Array(events * SIZE);
  }

  /** Number of events so far. */
  get length(): number {
    return this.#length;
  }

  add(event: Event): void {
    const at = SIZE * this.#length++;
    this.words[at] = event.type === EVENT_ID.SCALAR ? event.type | (event.style << 3) : event.type;
    switch (event.type) {
      case EVENT_ID.SCALAR:
        this.words[at + 1] = event.valueStart;
        this.words[at + 2] = event.valueEnd;
        break;
      case EVENT_ID.ALIAS:
        this.words[at + 1] = event.anchorStart - 1;
        this.words[at + 2] = event.anchorEnd;
        break;
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        this.words[at + 1] = event.start;
        this.words[at + 2] = event.start;
    }
  }
}

/** The nodes of one document, numbered in the order of its text. Offsets are in the text of the document; negative: a node without text. */
export interface Marks {
  readonly text: string;
  type(node: number): number;
  /** Of a scalar: `SCALAR_STYLE`. */
  style(node: number): number;
  start(node: number): number;
  end(node: number): number;
  /** The number after the last one inside `node`. */
  after(node: number): number;
  /** Nodes by the name of their anchor. */
  readonly anchors: ReadonlyMap<string, number>;
}

const NO_ANCHORS: ReadonlyMap<string, number> = new Map();

/** Which of the packed events are those of a document, and where its text begins in what they count in. */
interface MarkRange {
  readonly words: Int32Array;
  readonly from: number;
  readonly to: number;
  readonly shift: number;
}

function marksIn(text: string, { words, from, to, shift }: MarkRange, anchors = NO_ANCHORS): Marks {
  const head = (node: number) => words[SIZE * (from + node)] ?? 0;
  const after = new Int32Array(to - from);
  const open: number[] = [];
  for (let node = 0; node < to - from; node++) {
    after[node] = node + 1;
    const type = head(node) & 7;
    if (type === EVENT_ID.POP) after[open.pop() ?? 0] = node + 1;
    else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS) open.push(node);
  }
  return {
    text,
    type: (node) => head(node) & 7,
    style: (node) => head(node) >> 3,
    start: (node) => (words[SIZE * (from + node) + 1] ?? -1) - shift,
    end: (node) => (words[SIZE * (from + node) + 2] ?? -1) - shift,
    after: (node) => after[node] ?? node + 1,
    anchors,
  };
}

const kept = new WeakMap<SourceDocument, () => Marks>();

/** Remembers the events from `from` on as those of `document`, whose text begins at `shift`. */
export function keepMarks(document: SourceDocument, packed: PackedMarks, from: number, shift: number): void {
  const to = packed.length;
  kept.set(document, () => marksIn(document.text, { words: packed.words, from, to, shift }));
}

/** The nodes of a document that could be read. */
export const marksOf = (document: SourceDocument): Marks =>
  kept.get(document)?.() ?? plainMarks(document.text) ?? parsedMarks(document.text);

/** Of documents that are read without js-yaml: they are read again, where a finding asks for places. */
function plainMarks(text: string): Marks | undefined {
  const words: number[] = [];
  const isRead = plainEvents(text, (type, style, start, end) => words.push(type | (style << 3), start, end));
  return isRead
    ? marksIn(text, { words: Int32Array.from(words), from: 0, to: words.length / SIZE, shift: 0 })
    : undefined;
}

function parsedMarks(text: string): Marks {
  const events = eventsOf(readable(text));
  const packed = new PackedMarks(events.length);
  const anchors = new Map<string, number>();
  for (const event of events) {
    const named = event.type !== EVENT_ID.ALIAS && 'anchorStart' in event && event.anchorStart >= 0;
    if (named) anchors.set(text.slice(event.anchorStart, event.anchorEnd), packed.length);
    packed.add(event);
  }
  return marksIn(text, { words: packed.words, from: 0, to: packed.length, shift: 0 }, anchors);
}
