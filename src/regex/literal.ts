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

export function leadingLiteral(tree: Syntax): { prefix: string; whole: boolean } {
  switch (tree.kind) {
    case 'empty':
      return { prefix: '', whole: true };
    case 'set':
      return isSingle(tree.set)
        ? { prefix: String.fromCodePoint(tree.set[0]!), whole: true }
        : { prefix: '', whole: false };
    case 'assert':
      return { prefix: '', whole: false };
    case 'repeat': {
      if (tree.min === 0) return { prefix: '', whole: false };
      const one = leadingLiteral(tree.item);
      return one.whole && tree.min === tree.max && one.prefix.length * tree.min <= 1024
        ? { prefix: one.prefix.repeat(tree.min), whole: true }
        : { prefix: one.prefix, whole: false };
    }
    case 'concat': {
      let prefix = '';
      for (const [i, item] of tree.items.entries()) {
        // ^ at the beginning and $ at the end test nothing in a full match.
        if (item.kind === 'assert' && item.assertion === 'begin-text' && prefix === '') continue;
        if (item.kind === 'assert' && item.assertion === 'end-text' && i === tree.items.length - 1) continue;
        const part = leadingLiteral(item);
        prefix += part.prefix;
        if (!part.whole) return { prefix, whole: false };
      }
      return { prefix, whole: true };
    }
    case 'alternate': {
      const parts = tree.items.map(leadingLiteral);
      let prefix = parts[0]!.prefix;
      for (const p of parts) while (!p.prefix.startsWith(prefix)) prefix = [...prefix].slice(0, -1).join('');
      return { prefix, whole: parts.every((p) => p.whole && p.prefix === prefix) };
    }
  }
}

const isSingle = (set: CharSet): boolean => set.length === 2 && set[0] === set[1];
