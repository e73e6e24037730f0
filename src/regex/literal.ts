// What every match of a pattern begins with, as far as it is one fixed text: indexes of routes are built on it.

import type { CharSet } from './charset.js';
import { parseRegex } from './parse.js';
import type { Assertion, Syntax } from './syntax.js';
import { onceForTail, splitPattern } from './tail.js';

/** The fixed beginning of every full match; `whole`: nothing but it can match. Empty for a pattern that does not parse. */
export function literalPrefix(pattern: string): { readonly prefix: string; readonly whole: boolean } {
  const { head, tail } = splitPattern(pattern);
  const literal = literalOfTail(tail);
  return literal ? { prefix: head + literal.prefix, whole: literal.whole } : { prefix: '', whole: false };
}

const literalOfTail = onceForTail(({ tree }) => tree && leadingLiteral(tree));

/** The fixed end of every full match. Empty for a pattern that does not parse. */
export function literalSuffix(pattern: string): string {
  try {
    return reversed(leadingLiteral(backwards(parseRegex(pattern))).prefix);
  } catch {
    return '';
  }
}

const reversed = (text: string): string => [...text].reverse().join('');

/** A tree whose matches are those of `tree`, read from the end. */
function backwards(tree: Syntax): Syntax {
  switch (tree.kind) {
    case 'concat':
      return { kind: 'concat', items: tree.items.map(backwards).reverse() };
    case 'alternate':
      return { kind: 'alternate', items: tree.items.map(backwards) };
    case 'repeat':
      return { ...tree, item: backwards(tree.item) };
    case 'assert':
      return { kind: 'assert', assertion: TURNED[tree.assertion] ?? tree.assertion };
    default:
      return tree;
  }
}

const TURNED: { readonly [A in Assertion]?: Assertion } = {
  'begin-text': 'end-text',
  'end-text': 'begin-text',
  'begin-line': 'end-line',
  'end-line': 'begin-line',
};

/** The longest text that stands in every full match, as far as it can be read off the pattern; empty: none. */
export function requiredText(pattern: string): string {
  const { head, tail } = splitPattern(pattern);
  const literal = literalOfTail(tail);
  return literal ? longer(head + literal.prefix, literal.inner) : '';
}

interface Literal {
  readonly prefix: string;
  readonly whole: boolean;
  /** A text that stands somewhere in every match. */
  readonly inner: string;
}

const UNKNOWN: Literal = { prefix: '', whole: false, inner: '' };

const whole = (prefix: string): Literal => ({ prefix, whole: true, inner: prefix });

/** Of two the later one, which tells patterns with one beginning apart. */
const longer = (a: string, b: string): string => (b.length >= a.length ? b : a);

export function leadingLiteral(tree: Syntax): Literal {
  switch (tree.kind) {
    case 'empty':
      return whole('');
    case 'set':
      return isSingle(tree.set) ? whole(String.fromCodePoint(tree.set[0]!)) : UNKNOWN;
    case 'assert':
      return UNKNOWN;
    case 'repeat': {
      if (tree.min === 0) return UNKNOWN;
      const one = leadingLiteral(tree.item);
      return one.whole && tree.min === tree.max && one.prefix.length * tree.min <= 1024
        ? whole(one.prefix.repeat(tree.min))
        : { prefix: one.prefix, whole: false, inner: one.inner };
    }
    case 'concat':
      return literalOfSequence(tree.items);
    case 'alternate':
      return commonLiteral(tree.items.map(leadingLiteral));
  }
}

function literalOfSequence(items: readonly Syntax[]): Literal {
  let prefix: string | undefined;
  let inner = '';
  /** The text since the last item that may be several. */
  let run = '';
  for (const [i, item] of items.entries()) {
    // ^ at the beginning and $ at the end test nothing in a full match.
    if (item.kind === 'assert' && item.assertion === 'begin-text' && prefix === undefined && run === '') continue;
    if (item.kind === 'assert' && item.assertion === 'end-text' && i === items.length - 1) continue;
    const part = leadingLiteral(item);
    run += part.prefix;
    if (part.whole) continue;
    prefix ??= run;
    inner = longer(longer(inner, run), part.inner);
    run = '';
  }
  return prefix === undefined ? whole(run) : { prefix, whole: false, inner: longer(inner, run) };
}

function commonLiteral(parts: readonly Literal[]): Literal {
  let { prefix } = parts[0]!;
  for (const p of parts) while (!p.prefix.startsWith(prefix)) prefix = [...prefix].slice(0, -1).join('');
  return { prefix, whole: parts.every((p) => p.whole && p.prefix === prefix), inner: prefix };
}

const isSingle = (set: CharSet): boolean => set.length === 2 && set[0] === set[1];
