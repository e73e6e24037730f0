// Documents to plain data. js-yaml is at its best with one long text: many short ones cost it twice the time. So the
// documents are joined again and parsed together; where that fails, the one that is broken is known by the place of
// the error, is parsed alone to say what is wrong, and the rest goes on. Work stays linear in the input.
// JSON is read as the flow style of YAML that it is, so that a duplicate key is found there too.

import { constructFromEvents, EVENT_ID, type Event, YAMLException } from 'js-yaml';
import type { Diagnostic } from '../diagnostics/index.js';
import type { Json, SourceDocument } from '../model/index.js';
import { expansionProblem } from './expansion.js';
import { explainSyntax } from './explain-syntax.js';
import { finding } from './finding.js';
import { keepMarks, PackedMarks } from './marks.js';
import { plainReader } from './plain-document.js';
import { eventsOf, readable } from './yaml-events.js';
import { KUBERNETES_SCHEMA } from './yaml11.js';

export type Parsed = { readonly value: Json } | { readonly problem: Diagnostic };

/** Characters parsed together: bounds the memory that events take (about 8 times the text). */
const MAX_BATCH = 16 * 1024 * 1024;

/** Broken documents of one run that are explained: each costs about 0.1 ms. */
const MAX_BROKEN = 10_000;

interface Batch {
  readonly text: string;
  /** Where each document begins in `text`. */
  readonly starts: readonly number[];
}

/** One answer for each document, in order. */
export function parseDocuments(documents: readonly SourceDocument[]): Parsed[] {
  const read = plainReader();
  const plain = documents.map(({ text }) => read(text));
  const others = documents.filter((_, i) => plain[i] === undefined);
  if (others.length === 0) return plain.map((value) => ({ value: value! }));
  const { parsed, givenUpAt } = parseEvents(others);
  let next = 0;
  return plain.map((value) => {
    if (value === undefined) return parsed[next++]!;
    return next > givenUpAt ? NOT_READ : { value };
  });
}

const NOT_READ: Parsed = { value: null };

/** Of documents that need js-yaml. `givenUpAt`: which is the first that is not read any more, and no document after it. */
function parseEvents(documents: readonly SourceDocument[]): { parsed: Parsed[]; givenUpAt: number } {
  const parsed: Parsed[] = [];
  let limit = MAX_BATCH;
  let broken = 0;
  while (parsed.length < documents.length) {
    const from = parsed.length;
    const batch = joined(documents, from, documents.length, limit);
    const company = batch.starts.length;
    const answer = company > 1 ? parseTogether(documents, from, batch) : 0;
    if (typeof answer !== 'number') {
      for (const one of answer) parsed.push(one);
      limit = Math.min(MAX_BATCH, limit * 2);
      continue;
    }
    // `answer` documents are good, the next one is broken (or does not go with others).
    const again =
      answer > 1 ? parseTogether(documents, from, joined(documents, from, from + answer, MAX_BATCH)) : answer;
    if (typeof again !== 'number') for (const one of again) parsed.push(one);
    for (const document of documents.slice(parsed.length, from + answer + 1)) {
      const one = parseAlone(document);
      if ('problem' in one) broken++;
      parsed.push(one);
    }
    if (broken >= MAX_BROKEN && parsed.length < documents.length)
      return { parsed: [...parsed, ...givenUp(documents, parsed.length)], givenUpAt: parsed.length };
    // Smaller at once, so that many broken documents cost no more than their own text.
    limit = company > 1 ? Math.max(1, limit / 8) : Math.min(MAX_BATCH, limit * 2);
  }
  return { parsed, givenUpAt: documents.length };
}

/** Said at the first document that is not read; nobody mends more than these at once. */
function givenUp(documents: readonly SourceDocument[], from: number): Parsed[] {
  return documents.slice(from).map((document, i) =>
    i === 0
      ? {
          problem: finding(
            'tooLarge',
            `${MAX_BROKEN} documents before this one cannot be read: from here on no document is read`,
            { file: document.file, line: document.startLine, column: 1 },
          ),
        }
      : NOT_READ,
  );
}

/** A document with directives changes how the text before and after it is read. */
const standsAlone = (text: string) => text.startsWith('%') || text.includes('\n%');

/** Documents `from` up to `to`, as many as `limit` characters hold (one at least). */
function joined(documents: readonly SourceDocument[], from: number, to: number, limit: number): Batch {
  const starts: number[] = [];
  // Joined once at the end: looking at the end of a growing text would copy it each time.
  const parts: string[] = [];
  let length = 0;
  const add = (part: string) => {
    parts.push(part);
    length += part.length;
  };
  for (let i = from; i < Math.min(to, documents.length); i++) {
    const part = readable(documents[i]?.text ?? '');
    const alone = standsAlone(part);
    if (starts.length > 0 && (length + part.length > limit || alone)) break;
    if (parts.at(-1)?.endsWith('\n') === false) add('\n');
    if (!part.startsWith('---') && !part.includes('\n---')) add('---\n');
    starts.push(length);
    add(part);
    if (alone) break;
  }
  return { text: parts.join(''), starts };
}

/** The values, or the number of documents before the first one that is not good in this company. */
function parseTogether(documents: readonly SourceDocument[], from: number, { text, starts }: Batch): Parsed[] | number {
  try {
    const events = eventsOf(text);
    const values = constructFromEvents(events, { source: text, schema: KUBERNETES_SCHEMA }) as (Json | undefined)[];
    if (values.length !== starts.length) return 0;
    const aliased = keepAll(documents, from, events, starts);
    return values.map((value, i) => answerOf(documents[from + i], value ?? null, aliased.has(i)));
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const at = error.mark?.position ?? 0;
    let index = starts.length - 1;
    while (index > 0 && (starts[index] ?? 0) > at) index--;
    return index;
  }
}

/** Keeps the marks of each document; returns which documents have aliases. */
function keepAll(
  documents: readonly SourceDocument[],
  first: number,
  events: readonly Event[],
  starts: readonly number[],
): Set<number> {
  const packed = new PackedMarks(events.length);
  const aliased = new Set<number>();
  let index = -1;
  let from = 0;
  let hasAnchor = false;
  const close = () => {
    // Before the first one there is none to close: the document before it is of another batch.
    const document = index < 0 ? undefined : documents[first + index];
    if (document && !hasAnchor) keepMarks(document, packed, from, starts[index] ?? 0);
  };
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) {
      close();
      index++;
      from = packed.length;
      hasAnchor = false;
    }
    if (event.type === EVENT_ID.ALIAS) aliased.add(index);
    hasAnchor ||= 'anchorStart' in event && event.anchorStart >= 0;
    packed.add(event);
  }
  close();
  return aliased;
}

function parseAlone(document: SourceDocument): Parsed {
  const text = readable(document.text);
  try {
    const events = eventsOf(text);
    const [value] = constructFromEvents(events, { source: text, schema: KUBERNETES_SCHEMA }) as Json[];
    const aliased = keepAll([document], 0, events, [0]);
    return answerOf(document, value ?? null, aliased.size > 0);
  } catch (error) {
    if (error instanceof YAMLException) return { problem: explainSyntax(document, text, error) };
    throw error;
  }
}

function answerOf(document: SourceDocument | undefined, value: Json, aliased: boolean): Parsed {
  const problem = aliased && document ? expansionProblem(document, value) : undefined;
  return problem ? { problem } : { value };
}
