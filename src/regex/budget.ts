// Work that a question may cost, counted in steps and never in time, so that an answer is the same on every machine.

import { TooLargeError } from './nfa.js';

export interface Budget {
  /** Steps that are left. A step is about one transition of one automaton looked at: some ten nanoseconds. */
  left: number;
}

/** @throws TooLargeError when nothing is left */
export function spend(budget: Budget, steps: number): void {
  budget.left -= steps;
  if (budget.left < 0) throw new TooLargeError(OVERSPENT);
}

export const OVERSPENT = 'more work than the budget allows';
