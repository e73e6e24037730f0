import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, warned } from '../field-rule.js';
import { number } from '../values.js';
import { onTop, shop } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0505',
      name: 'outlier-consecutive-errors',
      title: 'consecutiveErrors is deprecated',
      docs: {
        happens: 'A later version may remove it.',
        instead: 'consecutiveGatewayErrors or consecutive5xxErrors.',
        bad: shop('outlierDetection: {consecutiveErrors: 3}'),
        good: shop('outlierDetection: {consecutive5xxErrors: 3}'),
      },
    },
    at(DESTINATION_RULE, onTop('outlierDetection.consecutiveErrors'), (value) =>
      number(value) !== 0
        ? 'consecutiveErrors is deprecated; write consecutiveGatewayErrors or consecutive5xxErrors'
        : undefined,
    ),
  ),
];
