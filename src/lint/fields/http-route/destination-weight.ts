import type { Json } from '../../../model/index.js';
import { httpRule } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { list, number, object } from '../values.js';
import { REFUSED } from './shared.js';

/** One destination may have any weight; of several the sum has to be above 0. */
function weights(value: Json): Problem[] {
  const all = list(value).map((d) => number(object(d).weight));
  const problems: Problem[] = all.map((w, i) =>
    w < 0 ? { message: `the weight ${w} is negative`, path: [i, 'weight'] } : undefined,
  );
  if (all.length > 1 && all.reduce((a, b) => a + b, 0) === 0)
    problems.push('the weights of the destinations add up to 0');
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0423',
      name: 'destination-weight',
      title: 'Weights are negative or all 0',
      docs: () => ({
        happens: REFUSED,
        instead: 'Weights of 0 or more, one of them above 0.',
        bad: httpRule('route:\n- destination: {host: a}\n  weight: 0\n- destination: {host: b}\n  weight: 0'),
        good: httpRule('route:\n- destination: {host: a}\n  weight: 90\n- destination: {host: b}\n  weight: 10'),
      }),
    },
    at(VIRTUAL_SERVICE, ['spec.http[].route', 'spec.tls[].route', 'spec.tcp[].route'], weights),
  ),
];
