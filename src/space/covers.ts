// Whether one rule alone takes every request that another takes, condition by condition. "No" means: not seen so.

import { type Budget, type Dfa, findWord, runDfa } from '../regex/index.js';
import type { Atom, Product } from './atoms.js';
import type { StringTest } from './string-test.js';
import type { TestOf } from './takes.js';

const MOST_STATES = 5_000;

/** @throws TooLargeError when the budget is spent */
export function coversAlone(wide: Product, narrow: Product, testOf: TestOf, budget: Budget): boolean {
  return wide.atoms.every((a) =>
    narrow.atoms.some((b) => a.dimension === b.dimension && implies(b, a, testOf, budget)),
  );
}

/** What meets `b` meets `a`. */
function implies(b: Atom, a: Atom, testOf: TestOf, budget: Budget): boolean {
  if (a.invert !== b.invert || (b.absent && !a.absent)) return false;
  if (a.test === b.test || JSON.stringify(a.test) === JSON.stringify(b.test)) return true;
  if (a.test.kind === 'cidrs' || b.test.kind === 'cidrs') return false;
  return a.invert ? within(testOf(a), testOf(b), budget) : within(testOf(b), testOf(a), budget);
}

/** Every text that `narrow` takes, `wide` takes. */
function within(narrow: StringTest, wide: StringTest, budget: Budget): boolean {
  if (narrow.kind === 'never' || wide.kind === 'always') return true;
  if (!('literal' in narrow) || !('literal' in wide)) return false;
  if (wide.kind !== 'automaton')
    return wide.kind === 'prefix'
      ? narrow.literal.startsWith(wide.literal)
      : narrow.kind === 'exact' && narrow.literal === wide.literal;
  if (narrow.kind === 'automaton')
    return (
      findWord([narrow.whole(budget), wide.whole(budget)], ([own, taken]) => own! && !taken, MOST_STATES, budget) ===
      undefined
    );
  return coversLiteral(wide.whole(budget), narrow);
}

function coversLiteral(dfa: Dfa, { kind, literal }: StringTest & { readonly kind: 'exact' | 'prefix' }): boolean {
  const state = runDfa(dfa, literal);
  return state >= 0 && (kind === 'exact' ? dfa.accepting[state] === 1 : dfa.universal[state] === 1);
}
