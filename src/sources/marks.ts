// Where the nodes of a document stand, kept small: three numbers for each parser event (docs/decisions/0001).
// A document with anchors is parsed again when somebody asks; they are rare.

import { EVENT_ID, type Event } from 'js-yaml';
import type { SourceDocument } from '../model/index.js';
import { eventsOf, readable } from './yaml-events.js';

/** A parser event without what is only needed to make values. Offsets are in the text of the document; -1: none. */
export interface Mark {
  readonly type: number;
  /** Of a scalar: `SCALAR_STYLE`. */
  readonly style: number;
  readonly start: number;
  readonly end: number;
  /** The name that a node gives itself, or that an alias refers to. */
  readonly anchor?: string;
}

/** Events of several documents: (type | style << 3, start, end) each, offsets in the text that was parsed. */
export class PackedMarks {
  readonly #words: Int32Array;
  #length = 0;

  constructor(events: number) {
    this.#words = new Int32Array(events * 3);
  }

  /** Number of events so far. */
  get length(): number {
    return this.#length;
  }

  add(event: Event): void {
    const at = 3 * this.#length++;
    const { type } = event;
    this.#words[at] = type === EVENT_ID.SCALAR ? type | (event.style << 3) : type;
    const [start, end] = spanOf(event);
    this.#words[at + 1] = start;
    this.#words[at + 2] = end;
  }

  /** The marks of events `from` up to `to`, of a document whose text begins at `shift`. */
  slice(from: number, to: number, shift: number): Mark[] {
    const marks: Mark[] = [];
    for (let at = 3 * from; at < 3 * to; at += 3) {
      const [head = 0, start = -1, end = -1] = this.#words.subarray(at, at + 3);
      marks.push({
        type: head & 7,
        style: head >> 3,
        start: start < 0 ? -1 : start - shift,
        end: end < 0 ? -1 : end - shift,
      });
    }
    return marks;
  }
}

function spanOf(event: Event): readonly [start: number, end: number] {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return [event.valueStart, event.valueEnd];
    case EVENT_ID.ALIAS:
      return [event.anchorStart - 1, event.anchorEnd];
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return [event.start, event.start];
    default:
      return [-1, -1];
  }
}

const kept = new WeakMap<SourceDocument, () => Mark[]>();

export function keepMarks(document: SourceDocument, packed: PackedMarks, from: number, shift: number): void {
  const to = packed.length;
  kept.set(document, () => packed.slice(from, to, shift));
}

/** The nodes of a document that could be read, in the order of its text. */
export function marksOf(document: SourceDocument): readonly Mark[] {
  return kept.get(document)?.() ?? parsedMarks(readable(document.text));
}

function parsedMarks(text: string): Mark[] {
  return eventsOf(text).map((event) => {
    const [start, end] = spanOf(event);
    const named = 'anchorStart' in event && event.anchorStart >= 0;
    return {
      type: event.type,
      style: event.type === EVENT_ID.SCALAR ? event.style : 0,
      start,
      end,
      ...(named ? { anchor: text.slice(event.anchorStart, event.anchorEnd) } : {}),
    };
  });
}
