import { own } from '../../../model/index.js';
import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, VIRTUAL_SERVICE, warned } from '../field-rule.js';
import { number, object } from '../values.js';
import { TO_SHOP } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0432',
      name: 'mirror-percent-deprecated',
      title: 'mirrorPercent is deprecated',
      docs: () => ({
        happens: 'It works, but a later version may remove it.',
        instead: 'mirrorPercentage: {value: …}.',
        bad: httpRule(`mirror: {host: shadow}\nmirrorPercent: 50\n${TO_SHOP}`),
        good: httpRule(`mirror: {host: shadow}\nmirrorPercentage: {value: 50}\n${TO_SHOP}`),
      }),
    },
    at(VIRTUAL_SERVICE, ['spec.http[].mirrorPercent', 'spec.http[].mirror_percent'], (value, place) => {
      const { path, resource } = place;
      const remove = { op: 'remove', origin: { resource, path } } as const;
      if (own(object(place.up(1)), 'mirrorPercentage') !== undefined)
        return {
          message: 'mirrorPercent has no effect beside mirrorPercentage, which counts; remove it',
          fix: { description: 'remove it', edits: [remove] },
        };
      const origin = { resource, path: [...path.slice(0, -1), 'mirrorPercentage'] };
      const instead = `mirrorPercentage: {value: ${number(value)}}`;
      return {
        message: `mirrorPercent is deprecated; write ${instead}`,
        fix: {
          description: `write ${instead}`,
          edits: [remove, { op: 'set', origin, value: { value: number(value) } }],
        },
      };
    }),
  ),
];
