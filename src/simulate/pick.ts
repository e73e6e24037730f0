// Which of several weighted destinations takes a request.

import type { Choice } from './action.js';
import type { DecisionContext } from './decision.js';

/** Without a draw the likeliest; undefined: there is none. */
export function pick(choices: readonly Choice[], total: number, context: DecisionContext): Choice | undefined {
  if (choices.length < 2) return choices[0];
  if (!context.draw) return choices.reduce((best, c) => (c.weight > best.weight ? c : best));
  let drawn = context.draw(total);
  for (const choice of choices) {
    drawn -= choice.weight;
    if (drawn < 0) return choice;
  }
  return choices[choices.length - 1];
}
