// Which field stands at a place of a document: the other way round from locate.ts.

import { EVENT_ID } from 'js-yaml';
import type { FieldPath, SourceDocument } from '../model/index.js';
import { type Marks, marksOf } from './marks.js';
import { keyName } from './node-names.js';
import { lineStartsOf } from './position.js';

/** The document itself is node 0, its value node 1. */
const ROOT = 1;

/** The innermost field at a place of the file (line and column from 1), from the top of the document; undefined: the place is not in it. */
export function pathAt(document: SourceDocument, line: number, column: number): FieldPath | undefined {
  const starts = lineStartsOf(document.text);
  const start = starts[line - document.startLine];
  if (start === undefined) return undefined;
  return pathTo(marksOf(document), start + column - 1);
}

function pathTo(marks: Marks, offset: number): FieldPath {
  const path: (string | number)[] = [];
  let node = ROOT;
  for (;;) {
    const type = marks.type(node);
    const step =
      type === EVENT_ID.MAPPING
        ? entryAt(marks, node, offset)
        : type === EVENT_ID.SEQUENCE
          ? itemAt(marks, node, offset)
          : undefined;
    if (!step) return path;
    path.push(step.name);
    if (step.isKey) return path;
    node = step.node;
  }
}

interface Step {
  readonly name: string | number;
  readonly node: number;
  /** The place is in the key. */
  readonly isKey: boolean;
}

/** The last entry that begins at or before the place. */
function entryAt(marks: Marks, mapping: number, offset: number): Step | undefined {
  const last = marks.after(mapping) - 1;
  let found: Step | undefined;
  for (let key = mapping + 1; key < last; ) {
    const value = marks.after(key);
    if (marks.start(key) > offset) break;
    const name = keyName(marks, key);
    found = name === undefined ? undefined : { name, node: value, isKey: offset <= marks.end(key) };
    key = marks.after(value);
  }
  return found;
}

function itemAt(marks: Marks, list: number, offset: number): Step | undefined {
  const last = marks.after(list) - 1;
  let found: Step | undefined;
  let index = 0;
  for (let node = list + 1; node < last; node = marks.after(node), index++) {
    if (marks.start(node) > offset) break;
    found = { name: index, node, isKey: false };
  }
  return found;
}
