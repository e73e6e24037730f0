import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { object } from '../values.js';
import { MATCH, REFUSED, TO_SHOP } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0445',
      name: 'match-null-header',
      title: 'A header match is null',
      docs: () => ({
        happens: REFUSED,
        instead: '`regex: ".*"` (any value), exact, prefix or regex.',
        bad: httpRule(`match:\n- headers: {x-user: null}\n${TO_SHOP}`),
        good: httpRule(`match:\n- headers: {x-user: {regex: ".*"}}\n${TO_SHOP}`),
      }),
    },
    at(VIRTUAL_SERVICE, `${MATCH}.headers`, (value) =>
      Object.entries(object(value)).map(([name, match]) =>
        match === null ? { message: `the match of the header "${name}" is null`, path: [name] } : undefined,
      ),
    ),
  ),
];
