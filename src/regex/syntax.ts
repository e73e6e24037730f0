// The tree of a regular expression.

import { type CharSet, singleChar } from './charset.js';

export type Assertion = 'begin-text' | 'end-text' | 'begin-line' | 'end-line' | 'word-boundary' | 'no-word-boundary';

export type Syntax =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'concat' | 'alternate'; readonly items: readonly Syntax[] }
  /** `max` absent: without end. */
  | { readonly kind: 'repeat'; readonly item: Syntax; readonly min: number; readonly max?: number }
  | { readonly kind: 'assert'; readonly assertion: Assertion };

export const EMPTY: Syntax = { kind: 'empty' };
export const setOf = (set: CharSet): Syntax => ({ kind: 'set', set });
export const star = (item: Syntax): Syntax => ({ kind: 'repeat', item, min: 0 });

export function concat(items: readonly Syntax[]): Syntax {
  const flat = items.flatMap((i) => (i.kind === 'concat' ? i.items : i.kind === 'empty' ? [] : [i]));
  return flat.length === 0 ? EMPTY : flat.length === 1 ? flat[0]! : { kind: 'concat', items: flat };
}

export const alternate = (items: readonly Syntax[]): Syntax =>
  items.length === 1 ? items[0]! : { kind: 'alternate', items };

/** The characters of `text` in a row. */
export const literal = (text: string, fold: (set: CharSet) => CharSet = (s) => s): Syntax =>
  concat([...text].map((c) => setOf(fold(singleChar(c.codePointAt(0)!)))));
