// A tree becomes a nondeterministic automaton (Thompson's construction). Counted repetition is unrolled, so the number
// of states is capped.

import type { CharSet } from './charset.js';
import type { Assertion, Syntax } from './syntax.js';

/** `a` and `b` are states; `set` is on a `char` state. */
export interface Nfa {
  readonly kinds: readonly ('char' | 'split' | 'assert' | 'match' | 'jump')[];
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly sets: readonly (CharSet | undefined)[];
  readonly assertions: readonly (Assertion | undefined)[];
  readonly start: number;
  readonly hasAssertions: boolean;
}

/** An automaton grew past its cap. The message names the cap. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

const MAX_NFA_STATES = 20_000;

/** @throws TooLargeError past {@link MAX_NFA_STATES} states. */
export function buildNfa(tree: Syntax): Nfa {
  const kinds: Nfa['kinds'][number][] = [];
  const a: number[] = [];
  const b: number[] = [];
  const sets: (CharSet | undefined)[] = [];
  const assertions: (Assertion | undefined)[] = [];
  let hasAssertions = false;

  const add = (kind: Nfa['kinds'][number], next = -1, other = -1, set?: CharSet, assertion?: Assertion): number => {
    if (kinds.length >= MAX_NFA_STATES) throw new TooLargeError(`more than ${MAX_NFA_STATES} states`);
    kinds.push(kind);
    a.push(next);
    b.push(other);
    sets.push(set);
    assertions.push(assertion);
    return kinds.length - 1;
  };

  // Built from the end: `next` is the state that follows.
  const build = (node: Syntax, next: number): number => {
    switch (node.kind) {
      case 'empty':
        return next;
      case 'set':
        return add('char', next, -1, node.set);
      case 'assert':
        hasAssertions = true;
        return add('assert', next, -1, undefined, node.assertion);
      case 'concat': {
        let at = next;
        for (let i = node.items.length - 1; i >= 0; i--) at = build(node.items[i]!, at);
        return at;
      }
      case 'alternate': {
        let at = build(node.items[node.items.length - 1]!, next);
        for (let i = node.items.length - 2; i >= 0; i--) at = add('split', build(node.items[i]!, next), at);
        return at;
      }
      case 'repeat': {
        let at = next;
        if (node.max === undefined) {
          const loop = add('split', -1, next);
          a[loop] = build(node.item, loop);
          at = loop;
        } else for (let i = node.min; i < node.max; i++) at = add('split', build(node.item, at), next);
        for (let i = 0; i < node.min; i++) at = build(node.item, at);
        return at;
      }
    }
  };

  const match = add('match');
  const start = build(tree, match);
  return { kinds, a, b, sets, assertions, start, hasAssertions };
}
