// Where a field stands: made from the marks of its document when somebody asks (docs/decisions/0001).

import { CHOMPING_MODE, EVENT_ID, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import type { FieldPath, Origin, Position, SourceDocument } from '../model/index.js';
import { type Mark, marksOf } from './marks.js';
import { lineStartsOf, positionIn } from './position.js';
import { plainKey } from './yaml11.js';

/** A node of the document: offsets of its key (if it is a member of a mapping), its beginning and its end. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly keyStart?: number;
  readonly members?: ReadonlyMap<string, Place>;
  readonly items?: readonly Place[];
}

interface Tree {
  readonly text: string;
  readonly lineStarts: readonly number[];
  readonly root: Place;
}

const trees = new WeakMap<SourceDocument, Tree>();
/** Trees of the last documents asked for; the findings of one document come together. */
const recent: SourceDocument[] = [];
const KEPT = 64;

function treeOf(document: SourceDocument): Tree {
  const known = trees.get(document);
  if (known) return known;
  const { text } = document;
  const tree = { text, lineStarts: lineStartsOf(text), root: treeFrom(text, marksOf(document)) };
  trees.set(document, tree);
  recent.push(document);
  const old = recent.length > KEPT ? recent.shift() : undefined;
  if (old) trees.delete(old);
  return tree;
}

const isQuoted = ({ style }: Mark) => style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
const isBlock = ({ style }: Mark) => style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;

function treeFrom(text: string, marks: readonly Mark[]): Place {
  const anchors = new Map<string, Place>();
  let next = 0;

  const remember = ({ anchor }: Mark, place: Place): Place => {
    if (anchor !== undefined) anchors.set(anchor, place);
    return place;
  };
  const ends = () => next >= marks.length || marks[next]?.type === EVENT_ID.POP;

  /** Builds the node of the next mark; `fallback` is the place of a node without text (`key:` and nothing). */
  const build = (fallback: number): Place => {
    const mark = marks[next++];
    if (!mark) return { start: fallback, end: fallback };
    switch (mark.type) {
      case EVENT_ID.SCALAR:
        return remember(mark, scalarPlace(text, mark, fallback));
      case EVENT_ID.ALIAS:
        return { ...anchors.get(mark.anchor ?? ''), start: mark.start, end: mark.end };
      case EVENT_ID.SEQUENCE: {
        const items: Place[] = [];
        const place = remember(mark, { start: mark.start, end: mark.start, items });
        while (!ends()) items.push(build(mark.start));
        next++;
        return place;
      }
      case EVENT_ID.MAPPING: {
        const members = new Map<string, Place>();
        const place = remember(mark, { start: mark.start, end: mark.start, members });
        const merged: Place[] = [];
        while (!ends()) {
          const keyMark = marks[next];
          const key = build(mark.start);
          const value = build(key.end);
          const name = keyMark?.type === EVENT_ID.SCALAR ? keyName(text, keyMark) : '';
          if (name === '<<' && keyMark?.style === SCALAR_STYLE.PLAIN) merged.push(...(value.items ?? [value]));
          else members.set(name, { ...value, keyStart: key.start });
        }
        next++;
        for (const source of merged)
          for (const [name, value] of source.members ?? []) if (!members.has(name)) members.set(name, value);
        return place;
      }
      default:
        return build(fallback);
    }
  };
  return build(0);
}

function scalarPlace(text: string, mark: Mark, fallback: number): Place {
  if (mark.start < 0) return { start: fallback, end: fallback };
  const quote = isQuoted(mark) ? 1 : 0;
  const start = isBlock(mark) ? mark.start + indentAt(text, mark.start) : mark.start - quote;
  return { start, end: Math.max(start, mark.end + quote) };
}

function keyName(text: string, { start, end, style }: Mark): string {
  if (start < 0) return '';
  const written = style === SCALAR_STYLE.PLAIN ? text.slice(start, end) : quotedText(text, start, end, style);
  return style === SCALAR_STYLE.PLAIN ? plainKey(written) : written;
}

const quotedText = (text: string, valueStart: number, valueEnd: number, style: number): string =>
  getScalarValue(text, {
    type: EVENT_ID.SCALAR,
    valueStart,
    valueEnd,
    style: style as ScalarEvent['style'],
    anchorStart: -1,
    anchorEnd: -1,
    tagStart: -1,
    tagEnd: -1,
    chomping: CHOMPING_MODE.CLIP,
    indent: -1,
    fast: false,
  });

function indentAt(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 10 || text.charCodeAt(at) === 13) at++;
  return at - from;
}

/** The deepest place on the way to `path` that exists, and whether it is the path's own. */
function follow(root: Place, path: FieldPath): { place: Place; found: boolean } {
  let place = root;
  for (const step of path) {
    const below = place.items ? place.items[Number(step)] : place.members?.get(String(step));
    if (!below) return { place, found: false };
    place = below;
  }
  return { place, found: true };
}

const pathOf = (origin: Origin): FieldPath => [...origin.resource.base, ...origin.path];

/**
 * Where a field stands: a scalar at its text, a mapping or a list at its key (an item of a list at its beginning).
 * A field that is not there: the closest thing around it.
 */
export function locate(origin: Origin): Position {
  const { document } = origin.resource;
  const { root, lineStarts } = treeOf(document);
  const { place, found } = follow(root, pathOf(origin));
  const isCollection = place.members !== undefined || place.items !== undefined;
  return positionIn(document, lineStarts, found && !isCollection ? place.start : (place.keyStart ?? place.start));
}

/** The position of a diagnostic's place. */
export const placeOf = (place: Origin | Position): Position => ('line' in place ? place : locate(place));

/** Where the key of a field stands (`hosts` in `hosts: [a]`); of a list's item: the item. */
export function locateKey(origin: Origin): Position {
  const { document } = origin.resource;
  const { root, lineStarts } = treeOf(document);
  const { place } = follow(root, pathOf(origin));
  return positionIn(document, lineStarts, place.keyStart ?? place.start);
}

/** How a scalar was written (`n`, `0777`, `'n'` with its quotes); undefined where the field is no scalar or not there. */
export function sourceText(origin: Origin): string | undefined {
  const { text, root } = treeOf(origin.resource.document);
  const { place, found } = follow(root, pathOf(origin));
  if (!found || place.members || place.items) return undefined;
  return text.slice(place.start, place.end);
}
