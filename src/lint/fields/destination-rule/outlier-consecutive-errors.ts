import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, warned } from '../field-rule.js';
import { number } from '../values.js';
import { onTop, shop } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0505',
      name: 'outlier-consecutive-errors',
      title: 'consecutiveErrors has no effect',
      docs: () => ({
        happens:
          'It has no effect: Istio does not read it any more (applyOutlierDetection in cluster_traffic_policy.go), so that an endpoint is ejected after 5 errors in a row unless another field says otherwise.',
        instead: 'consecutiveGatewayErrors or consecutive5xxErrors.',
        bad: shop('outlierDetection: {consecutiveErrors: 3}'),
        good: shop('outlierDetection: {consecutive5xxErrors: 3}'),
      }),
    },
    at(DESTINATION_RULE, onTop('outlierDetection.consecutiveErrors'), (value) =>
      number(value) !== 0
        ? 'consecutiveErrors has no effect: Istio does not read it; write consecutive5xxErrors or consecutiveGatewayErrors'
        : undefined,
    ),
  ),
];
