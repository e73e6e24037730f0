// What a way answers is the simulator's word.

import { contextOf, routeOf } from '../diff/confirm.js';
import { compiledOf, decide, toResult } from '../simulate/index.js';
import type { Answered, WaysOptions } from '../ways-in/index.js';

export const answer: WaysOptions['answer'] = (gateway, witness, draw): Answered => {
  const context = { ...contextOf(witness), ...(draw ? { draw } : {}) };
  const decision = decide(compiledOf(gateway), witness.request, context);
  const route = routeOf(decision);
  return { result: toResult(decision, witness.request), ...(route ? { route } : {}) };
};
