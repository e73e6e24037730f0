import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { REFUSED, TO_SHOP } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0431',
      name: 'mirror-percentage',
      title: 'The percentage of a mirror is not between 0 and 100',
      docs: () => ({
        happens: REFUSED,
        instead: 'mirrorPercentage.value from 0 to 100.',
        bad: httpRule(`mirror: {host: shadow}\nmirrorPercentage: {value: 150}\n${TO_SHOP}`),
        good: httpRule(`mirror: {host: shadow}\nmirrorPercentage: {value: 50}\n${TO_SHOP}`),
      }),
    },
    at(
      VIRTUAL_SERVICE,
      [
        'spec.http[].mirrorPercentage.value',
        'spec.http[].mirrors[].percentage.value',
        'spec.http[].mirrorPercent',
        'spec.http[].mirror_percent',
      ],
      (value) =>
        typeof value === 'number' && (value < 0 || value > 100) ? `${value} is not between 0 and 100` : undefined,
    ),
  ),
];
