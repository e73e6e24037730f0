// What a pattern begins with, taken off it: what is left is the same for many patterns of one file, and made into an automaton once.

import { type CharSet, concat, leadingLiteral, type Syntax, textOf } from '../regex/index.js';
import { type Label, labelOf } from './any-case.js';

export interface SplitBeginning {
  /** The beginning where it is a plain text; empty where `folded` is there. */
  readonly text: string;
  /** The beginning where letters may have either case: labels (`any-case.ts`). */
  readonly folded?: readonly number[];
  /** What stands behind it. */
  readonly behind: Syntax;
}

/** Of a tree that has to match whole texts over `alphabet`. */
export function splitBeginning(tree: Syntax, alphabet: CharSet): SplitBeginning {
  const items = tree.kind === 'concat' ? tree.items : [tree];
  // Nothing stands before a whole text.
  const from = items[0]?.kind === 'assert' && items[0].assertion === 'begin-text' ? 1 : 0;
  const labels = labelsAt(items, from, alphabet);
  const behind = concat(items.slice(from + labels.length));
  const folded = labels.some((l) => l.case === 'any');
  const isLonger = labels.length > leadingLiteral(tree).prefix.length;
  if (labels.length === 0 || looksBack(behind) || (folded && !isLonger)) return { text: '', behind: tree };
  const characters = labels.map((l) => l.label);
  return folded ? { text: '', folded: characters, behind } : { text: textOf(characters), behind };
}

/** As far as each item is one character or one letter in any case, but not both kinds of letters. */
function labelsAt(items: readonly Syntax[], from: number, alphabet: CharSet): readonly Label[] {
  const labels: Label[] = [];
  let kind: Label['case'] = 'none';
  for (let i = from; i < items.length; i++) {
    const item = items[i]!;
    const found = item.kind === 'set' ? labelOf(item.set, alphabet) : undefined;
    if (!found || (found.case !== 'none' && kind !== 'none' && found.case !== kind)) break;
    // Only characters that are one unit of a text.
    if (found.label >= 0xd800) break;
    if (found.case !== 'none') kind = found.case;
    labels.push(found);
  }
  return labels;
}

/** It tests what stands before a place. */
function looksBack(tree: Syntax): boolean {
  switch (tree.kind) {
    case 'assert':
      return tree.assertion !== 'end-text';
    case 'repeat':
      return looksBack(tree.item);
    case 'concat':
    case 'alternate':
      return tree.items.some(looksBack);
    default:
      return false;
  }
}
