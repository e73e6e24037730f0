// A text that a pattern matches, read off its tree: no automaton is made, and not every pattern has one that can be read off.

import { bestChar, hasChar } from './charset.js';
import type { Syntax } from './syntax.js';
import { onceForTail, splitPattern } from './tail.js';

/** Of patterns that are looked at, and of repetitions that are written out. */
const LONGEST = 1024;

/** A short text that the whole pattern matches and that begins with the character `first` (empty: any); undefined: none was found, which does not mean that there is none. */
export function exampleOf(pattern: string, first: string): string | undefined {
  if (pattern.length > LONGEST) return undefined;
  const { head, tail } = splitPattern(pattern);
  if (head !== '') {
    const rest = shortestOfTail(tail);
    return rest !== undefined && head.startsWith(first) ? head + rest : undefined;
  }
  const tree = tail.tree && withoutEdges(tail.tree);
  return tree && (first === '' ? shortest(tree) : beginning(tree, first.codePointAt(0)!));
}

const shortestOfTail = onceForTail(({ tree }) => tree && shortest(withoutEndOfText(tree)));

/** `^` and `$` at the edges test nothing where the whole text has to match. */
function withoutEdges(tree: Syntax): Syntax {
  const rest = withoutEndOfText(tree);
  const isBegin = (item: Syntax | undefined) => item?.kind === 'assert' && item.assertion === 'begin-text';
  if (isBegin(rest)) return { kind: 'empty' };
  return rest.kind === 'concat' && isBegin(rest.items[0]) ? { ...rest, items: rest.items.slice(1) } : rest;
}

function withoutEndOfText(tree: Syntax): Syntax {
  if (tree.kind === 'assert' && tree.assertion === 'end-text') return { kind: 'empty' };
  const last = tree.kind === 'concat' ? tree.items.at(-1) : undefined;
  return tree.kind === 'concat' && last?.kind === 'assert' && last.assertion === 'end-text'
    ? { ...tree, items: tree.items.slice(0, -1) }
    : tree;
}

/** As few repetitions as the tree asks for, the first alternative that has a text. */
function shortest(tree: Syntax): string | undefined {
  switch (tree.kind) {
    case 'empty':
      return '';
    case 'set':
      return tree.set.length === 0 ? undefined : String.fromCodePoint(bestChar(tree.set));
    case 'assert':
      return undefined;
    case 'repeat': {
      const one = tree.min === 0 ? '' : shortest(tree.item);
      return one !== undefined && one.length * tree.min <= LONGEST ? one.repeat(tree.min) : undefined;
    }
    case 'concat':
      return joined(tree.items.map(shortest));
    case 'alternate':
      return firstOf(tree.items, shortest);
  }
}

/** As `shortest`, of the texts that begin with a character. */
function beginning(tree: Syntax, first: number): string | undefined {
  switch (tree.kind) {
    case 'empty':
    case 'assert':
      return undefined;
    case 'set':
      return hasChar(tree.set, first) ? String.fromCodePoint(first) : undefined;
    case 'repeat': {
      if (tree.max === 0) return undefined;
      const others = Math.max(0, tree.min - 1);
      const rest = others === 0 ? '' : shortest({ kind: 'repeat', item: tree.item, min: others, max: others });
      return joined([beginning(tree.item, first), rest]);
    }
    case 'concat':
      return beginningOfSequence(tree.items, first);
    case 'alternate':
      return firstOf(tree.items, (item) => beginning(item, first));
  }
}

/** The first item that can begin so; those before it have to be able to be empty. */
function beginningOfSequence(items: readonly Syntax[], first: number): string | undefined {
  for (const [i, item] of items.entries()) {
    const begun = beginning(item, first);
    if (begun !== undefined) return joined([begun, ...items.slice(i + 1).map(shortest)]);
    if (shortest(item) !== '') return undefined;
  }
  return undefined;
}

const firstOf = (items: readonly Syntax[], of: (item: Syntax) => string | undefined): string | undefined => {
  for (const item of items) {
    const text = of(item);
    if (text !== undefined) return text;
  }
  return undefined;
};

const joined = (texts: readonly (string | undefined)[]): string | undefined =>
  texts.includes(undefined) ? undefined : texts.join('');
