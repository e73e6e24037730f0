// Where a field stands: found in the marks of its document when somebody asks (docs/decisions/0001).

import { EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import type { FieldPath, Origin, Position, SourceDocument } from '../model/index.js';
import { type Marks, marksOf } from './marks.js';
import { keyName } from './node-names.js';
import { lineStartsOf, positionIn } from './position.js';

interface Layout {
  readonly marks: Marks;
  readonly lineStarts: readonly number[];
  /** Items of the lists that were asked about, so that the place of each is not counted from the first. */
  readonly items: Map<number, readonly number[]>;
  /** Likewise of large mappings. */
  readonly fields: Map<number, Fields>;
}

/** Layouts of the last documents asked for: the findings of one document come together. */
const layouts = new Map<SourceDocument, Layout>();
const KEPT_CHARACTERS = 4_000_000;
let kept = 0;

function layoutOf(document: SourceDocument): Layout {
  const known = layouts.get(document);
  if (known) return known;
  const layout = {
    marks: marksOf(document),
    lineStarts: lineStartsOf(document.text),
    items: new Map<number, readonly number[]>(),
    fields: new Map<number, Fields>(),
  };
  layouts.set(document, layout);
  kept += document.text.length;
  for (const oldest of layouts.keys()) {
    if (kept <= KEPT_CHARACTERS || layouts.size === 1) break;
    layouts.delete(oldest);
    kept -= oldest.text.length;
  }
  return layout;
}

/** A node on the way to a field: its number, that of its key, and whether it is the field itself. */
interface Spot {
  readonly node: number;
  readonly key?: number;
  readonly found: boolean;
}

/** The document itself is node 0, its value node 1. */
const ROOT = 1;
/** Aliases that lead to aliases, at most. */
const MAX_HOPS = 100;

function follow(layout: Layout, path: FieldPath): Spot {
  const { marks, items } = layout;
  let spot: Spot = { node: ROOT, found: true };
  for (const step of path) {
    const node = resolved(marks, spot.node);
    const below =
      marks.type(node) === EVENT_ID.SEQUENCE ? item(marks, items, node, Number(step)) : child(layout, node, step, 0);
    if (!below) return { ...spot, found: false };
    spot = { ...below, found: true };
  }
  return spot;
}

/** The node itself, or the one that an alias stands for. */
function resolved(marks: Marks, node: number): number {
  if (marks.type(node) !== EVENT_ID.ALIAS) return node;
  return marks.anchors.get(marks.text.slice(marks.start(node) + 1, marks.end(node))) ?? node;
}

/** The entries of a mapping, and the values of its merge keys. */
interface Fields {
  readonly entries: Map<string, { readonly node: number; readonly key: number }>;
  readonly merged: number[];
}

/** Mappings with more entries are gone through once. */
const MANY_ENTRIES = 16;

function child(layout: Layout, node: number, step: string | number, hops: number): Omit<Spot, 'found'> | undefined {
  const { marks, fields } = layout;
  if (marks.type(node) !== EVENT_ID.MAPPING || typeof step === 'number') return undefined;
  const { entries, merged } = fields.get(node) ?? fieldsUntil(layout, node, step);
  const own = entries.get(step);
  if (own) return own;
  for (const source of hops < MAX_HOPS ? merged : [])
    for (const from of mergeSources(marks, resolved(marks, source))) {
      const found = child(layout, from, step, hops + 1);
      if (found) return found;
    }
  return undefined;
}

/** Of a large mapping all fields, which are remembered; of another one those up to `step`. */
function fieldsUntil({ marks, fields }: Layout, node: number, step: string): Fields {
  const found: Fields = { entries: new Map(), merged: [] };
  const last = marks.after(node) - 1;
  for (let key = node + 1; key < last; ) {
    const value = marks.after(key);
    const name = keyName(marks, key);
    if (name !== undefined && !found.entries.has(name)) found.entries.set(name, { node: value, key });
    if (name === step && found.entries.size <= MANY_ENTRIES) return found;
    if (name === '<<' && marks.style(key) === SCALAR_STYLE.PLAIN) found.merged.push(value);
    key = marks.after(value);
  }
  if (found.entries.size > MANY_ENTRIES) fields.set(node, found);
  return found;
}

function item(marks: Marks, items: Layout['items'], list: number, index: number): Omit<Spot, 'found'> | undefined {
  let nodes = items.get(list);
  if (!nodes) {
    const found: number[] = [];
    const last = marks.after(list) - 1;
    for (let node = list + 1; node < last; node = marks.after(node)) found.push(node);
    items.set(list, (nodes = found));
  }
  const node = nodes[index];
  return node === undefined ? undefined : { node };
}

function mergeSources(marks: Marks, node: number): number[] {
  if (marks.type(node) !== EVENT_ID.SEQUENCE) return [node];
  const sources: number[] = [];
  for (let at = node + 1; at < marks.after(node) - 1; at = marks.after(at)) sources.push(resolved(marks, at));
  return sources;
}

/** Offsets of a node's text, quotes included; `key:` without a value stands behind its key. */
function spanOf(marks: Marks, { node, key }: Spot): { start: number; end: number } {
  const start = marks.start(node);
  if (start < 0) {
    const end = key === undefined ? 0 : Math.max(0, marks.end(key));
    return { start: end, end };
  }
  const style = marks.style(node);
  const quote = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0;
  const block = style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
  const first = block ? start + (/^[ \r\n]*/.exec(marks.text.slice(start))?.[0].length ?? 0) : start - quote;
  return { start: first, end: Math.max(first, marks.end(node) + quote) };
}

const isCollection = (marks: Marks, node: number) => {
  const type = marks.type(resolved(marks, node));
  return type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE;
};

const fullPath = (origin: Origin): FieldPath => [...origin.resource.base, ...origin.path];

/** Where the key of a spot begins; of a list's item: the item. */
const keyStart = (marks: Marks, spot: Spot): number =>
  spot.key === undefined ? spanOf(marks, spot).start : spanOf(marks, { node: spot.key, found: true }).start;

/**
 * Where a field stands: a scalar at its text, a mapping or a list at its key (an item of a list at its beginning).
 * A field that is not there: the closest thing around it.
 */
export function locate(origin: Origin): Position {
  let position = positions.get(origin);
  if (!position) positions.set(origin, (position = positionOf(origin)));
  return position;
}

/** The same rule is named by many answers. */
const positions = new WeakMap<Origin, Position>();

function positionOf(origin: Origin): Position {
  const { document } = origin.resource;
  const layout = layoutOf(document);
  const { marks, lineStarts } = layout;
  const spot = follow(layout, fullPath(origin));
  const atText = spot.found && !isCollection(marks, spot.node);
  return positionIn(document, lineStarts, atText ? spanOf(marks, spot).start : keyStart(marks, spot));
}

/** The position of a diagnostic's place. */
export const placeOf = (place: Origin | Position): Position => ('line' in place ? place : locate(place));

/** Where the key of a field stands (`hosts` in `hosts: [a]`); of a list's item: the item. */
export function locateKey(origin: Origin): Position {
  const { document } = origin.resource;
  const layout = layoutOf(document);
  return positionIn(document, layout.lineStarts, keyStart(layout.marks, follow(layout, fullPath(origin))));
}

/** How a scalar was written (`n`, `0777`, `'n'` with its quotes); undefined where the field is no scalar or not there. */
export function sourceText(origin: Origin): string | undefined {
  const layout = layoutOf(origin.resource.document);
  const { marks } = layout;
  const spot = follow(layout, fullPath(origin));
  if (!spot.found || isCollection(marks, spot.node)) return undefined;
  const { start, end } = spanOf(marks, spot);
  return marks.text.slice(start, end);
}

/** The line of the file, as it is written; undefined: the document has no such line. */
export function lineText({ resource: { document } }: Origin, line: number): string | undefined {
  const { lineStarts } = layoutOf(document);
  const start = lineStarts[line - document.startLine];
  if (start === undefined) return undefined;
  const end = lineStarts[line - document.startLine + 1];
  return document.text.slice(start, end === undefined ? undefined : end - 1).replace(/\r$/, '');
}
