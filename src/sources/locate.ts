// Where a field stands: the document is parsed again, to events with offsets, when somebody asks (docs/decisions/0001).

import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import type { FieldPath, Origin, Position, SourceDocument } from '../model/index.js';
import { eventsOf, readable } from './parse-document.js';
import { positionAt } from './position.js';
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
  readonly root: Place;
}

const trees = new WeakMap<SourceDocument, Tree>();
/** Trees of the last documents asked for; the findings of one document come together. */
const recent: SourceDocument[] = [];
const KEPT = 64;

function treeOf(document: SourceDocument): Tree {
  const known = trees.get(document);
  if (known) return known;
  const text = readable(document.text);
  const tree = { text, root: treeFrom(text) };
  trees.set(document, tree);
  recent.push(document);
  const old = recent.length > KEPT ? recent.shift() : undefined;
  if (old) trees.delete(old);
  return tree;
}

const isQuoted = (event: ScalarEvent) =>
  event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
const isBlock = (event: ScalarEvent) =>
  event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;

function treeFrom(text: string): Place {
  const events = eventsOf(text);
  const anchors = new Map<string, Place>();
  let next = 0;

  const remember = (event: Event, place: Place): Place => {
    if ('anchorStart' in event && event.anchorStart >= 0)
      anchors.set(text.slice(event.anchorStart, event.anchorEnd), place);
    return place;
  };

  /** Builds the node of the next event; `fallback` is the place of a node without text (`key:` and nothing). */
  const build = (fallback: number): Place => {
    const event = events[next++];
    if (!event) return { start: fallback, end: fallback };
    switch (event.type) {
      case EVENT_ID.SCALAR: {
        const start = event.valueStart < 0 ? fallback : event.valueStart - (isQuoted(event) ? 1 : 0);
        const first = isBlock(event) ? start + indentAt(text, start) : start;
        return remember(event, { start: first, end: Math.max(first, event.valueEnd + (isQuoted(event) ? 1 : 0)) });
      }
      case EVENT_ID.ALIAS: {
        const target = anchors.get(text.slice(event.anchorStart, event.anchorEnd));
        return { ...target, start: event.anchorStart - 1, end: event.anchorEnd };
      }
      case EVENT_ID.SEQUENCE: {
        const items: Place[] = [];
        const place = remember(event, { start: event.start, end: event.start, items });
        while (events[next]?.type !== EVENT_ID.POP && next < events.length) items.push(build(event.start));
        next++;
        return place;
      }
      case EVENT_ID.MAPPING: {
        const members = new Map<string, Place>();
        const place = remember(event, { start: event.start, end: event.start, members });
        const merged: Place[] = [];
        while (events[next]?.type !== EVENT_ID.POP && next < events.length) {
          const keyEvent = events[next];
          const key = build(event.start);
          const value = build(key.end);
          if (keyEvent?.type !== EVENT_ID.SCALAR) continue;
          const written = getScalarValue(text, keyEvent);
          const name = keyEvent.style === SCALAR_STYLE.PLAIN ? plainKey(written) : written;
          if (name === '<<' && keyEvent.style === SCALAR_STYLE.PLAIN) merged.push(...(value.items ?? [value]));
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
  const { place, found } = follow(treeOf(document).root, pathOf(origin));
  const isCollection = place.members !== undefined || place.items !== undefined;
  return positionAt(document, found && !isCollection ? place.start : (place.keyStart ?? place.start));
}

/** The position of a diagnostic's place. */
export const placeOf = (place: Origin | Position): Position => ('line' in place ? place : locate(place));

/** Where the key of a field stands (`hosts` in `hosts: [a]`); of a list's item: the item. */
export function locateKey(origin: Origin): Position {
  const { document } = origin.resource;
  const { place } = follow(treeOf(document).root, pathOf(origin));
  return positionAt(document, place.keyStart ?? place.start);
}

/** How a scalar was written (`n`, `0777`, `'n'` with its quotes); undefined where the field is no scalar or not there. */
export function sourceText(origin: Origin): string | undefined {
  const { text, root } = treeOf(origin.resource.document);
  const { place, found } = follow(root, pathOf(origin));
  if (!found || place.members || place.items) return undefined;
  return text.slice(place.start, place.end);
}
