import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, VIRTUAL_SERVICE, warned } from '../field-rule.js';
import { number } from '../values.js';
import { TO_SHOP } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0432',
      name: 'mirror-percent-deprecated',
      title: 'mirrorPercent is deprecated',
      docs: {
        happens: 'It works, but a later version may remove it.',
        instead: 'mirrorPercentage: {value: …}.',
        bad: httpRule(`mirror: {host: shadow}\nmirrorPercent: 50\n${TO_SHOP}`),
        good: httpRule(`mirror: {host: shadow}\nmirrorPercentage: {value: 50}\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, ['spec.http[].mirrorPercent', 'spec.http[].mirror_percent'], (value, { path, resource }) => ({
      message: `mirrorPercent is deprecated; write mirrorPercentage: {value: ${number(value)}}`,
      fix: {
        description: `write mirrorPercentage: {value: ${number(value)}}`,
        edits: [
          { op: 'remove', origin: { resource, path } },
          {
            op: 'set',
            origin: { resource, path: [...path.slice(0, -1), 'mirrorPercentage'] },
            value: { value: number(value) },
          },
        ],
      },
    })),
  ),
];
