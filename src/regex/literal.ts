// What every match of a pattern begins with, as far as it is one fixed text: indexes of routes are built on it.

import type { CharSet } from './charset.js';
import { parseRegex } from './parse.js';
import type { Syntax } from './syntax.js';

/** The fixed beginning of every full match; `whole`: nothing but it can match. Empty for a pattern that does not parse. */
export function literalPrefix(pattern: string): { readonly prefix: string; readonly whole: boolean } {
  try {
    return leadingLiteral(parseRegex(pattern));
  } catch {
    return { prefix: '', whole: false };
  }
}

interface Literal {
  readonly prefix: string;
  readonly whole: boolean;
}

const UNKNOWN: Literal = { prefix: '', whole: false };

export function leadingLiteral(tree: Syntax): Literal {
  switch (tree.kind) {
    case 'empty':
      return { prefix: '', whole: true };
    case 'set':
      return isSingle(tree.set) ? { prefix: String.fromCodePoint(tree.set[0]!), whole: true } : UNKNOWN;
    case 'assert':
      return UNKNOWN;
    case 'repeat': {
      if (tree.min === 0) return UNKNOWN;
      const one = leadingLiteral(tree.item);
      return one.whole && tree.min === tree.max && one.prefix.length * tree.min <= 1024
        ? { prefix: one.prefix.repeat(tree.min), whole: true }
        : { prefix: one.prefix, whole: false };
    }
    case 'concat':
      return literalOfSequence(tree.items);
    case 'alternate':
      return commonLiteral(tree.items.map(leadingLiteral));
  }
}

function literalOfSequence(items: readonly Syntax[]): Literal {
  let prefix = '';
  for (const [i, item] of items.entries()) {
    // ^ at the beginning and $ at the end test nothing in a full match.
    if (item.kind === 'assert' && item.assertion === 'begin-text' && prefix === '') continue;
    if (item.kind === 'assert' && item.assertion === 'end-text' && i === items.length - 1) continue;
    const part = leadingLiteral(item);
    prefix += part.prefix;
    if (!part.whole) return { prefix, whole: false };
  }
  return { prefix, whole: true };
}

function commonLiteral(parts: readonly Literal[]): Literal {
  let { prefix } = parts[0]!;
  for (const p of parts) while (!p.prefix.startsWith(prefix)) prefix = [...prefix].slice(0, -1).join('');
  return { prefix, whole: parts.every((p) => p.whole && p.prefix === prefix) };
}

const isSingle = (set: CharSet): boolean => set.length === 2 && set[0] === set[1];
