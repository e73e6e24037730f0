import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused } from '../field-rule.js';
import { number, object } from '../values.js';
import { on, REFUSED, shop } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0504',
      name: 'outlier-detection',
      title: 'consecutiveLocalOriginFailures without splitExternalLocalOriginErrors',
      docs: () => ({
        happens: REFUSED,
        instead: 'splitExternalLocalOriginErrors: true beside consecutiveLocalOriginFailures.',
        bad: shop('outlierDetection: {consecutiveLocalOriginFailures: 3}'),
        good: shop('outlierDetection: {consecutiveLocalOriginFailures: 3, splitExternalLocalOriginErrors: true}'),
      }),
    },
    at(DESTINATION_RULE, on('outlierDetection'), (value) =>
      number(object(value).consecutiveLocalOriginFailures) > 0 && object(value).splitExternalLocalOriginErrors !== true
        ? 'consecutiveLocalOriginFailures has an effect only with splitExternalLocalOriginErrors: true'
        : undefined,
    ),
  ),
];
