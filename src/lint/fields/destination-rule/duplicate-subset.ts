import { destinationRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused } from '../field-rule.js';
import { given, list, object, text } from '../values.js';
import { REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0501',
      name: 'duplicate-subset',
      title: 'Two subsets have the same name',
      docs: () => ({
        happens: REFUSED,
        instead: 'A name of its own for each subset.',
        bad: destinationRule('host: shop\nsubsets: [{name: v1, labels: {v: a}}, {name: v1, labels: {v: b}}]'),
        good: destinationRule('host: shop\nsubsets: [{name: v1, labels: {v: a}}, {name: v2, labels: {v: b}}]'),
      }),
    },
    at(DESTINATION_RULE, 'spec.subsets', (value) => {
      const names = new Set<string>();
      return list(value).map((entry, index) => {
        if (!given(entry)) return undefined;
        const name = text(object(entry).name);
        if (names.has(name)) return { message: `the subset "${name}" is defined twice`, path: [index] };
        names.add(name);
        return undefined;
      });
    }),
  ),
];
