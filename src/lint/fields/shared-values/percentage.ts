import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { percentFraction, percentInteger } from '../values.js';
import { onPolicies, REFUSED, TO_SHOP } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0205',
      name: 'percentage',
      title: 'A percentage is out of range',
      docs: () => ({
        happens: REFUSED,
        instead: '0 to 100; in `percentage.value` the smallest share is 0.0001.',
        bad: httpRule(`fault: {abort: {httpStatus: 503, percentage: {value: 200}}}\n${TO_SHOP}`),
        good: httpRule(`fault: {abort: {httpStatus: 503, percentage: {value: 20}}}\n${TO_SHOP}`),
      }),
    },
    at(
      VIRTUAL_SERVICE,
      ['spec.http[].fault.abort.percentage.value', 'spec.http[].fault.delay.percentage.value'],
      percentFraction,
    ),
    at(
      DESTINATION_RULE,
      onPolicies(['outlierDetection.maxEjectionPercent', 'outlierDetection.minHealthPercent']),
      percentInteger,
    ),
  ),
];
