import type { Json } from '../../../model/index.js';
import { destinationRule } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { isLabel } from '../names.js';
import { object, text } from '../values.js';
import { DESTINATIONS, REFUSED } from './shared.js';

const subsetName = (value: Json): Problem =>
  typeof value !== 'string' || value === '' || isLabel(value)
    ? undefined
    : `the subset name "${value}" is not a DNS label`;

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0204',
      name: 'subset-name',
      title: 'The name of a subset is not a DNS label',
      docs: () => ({
        happens: REFUSED,
        instead: 'Letters, digits and inner dashes.',
        bad: destinationRule('host: shop\nsubsets: [{name: v_1, labels: {version: v1}}]'),
        good: destinationRule('host: shop\nsubsets: [{name: v1, labels: {version: v1}}]'),
      }),
    },
    at(
      VIRTUAL_SERVICE,
      DESTINATIONS.map((d) => `${d}.subset`),
      subsetName,
    ),
    at(DESTINATION_RULE, 'spec.subsets[]', (value) => {
      const name = text(object(value).name);
      return name === ''
        ? 'the subset has no name'
        : isLabel(name)
          ? undefined
          : { message: `the subset name "${name}" is not a DNS label`, path: ['name'] };
    }),
  ),
];
