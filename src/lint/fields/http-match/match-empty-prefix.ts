import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { REFUSED, STRING_MATCHES, TO_SHOP } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0441',
      name: 'match-empty-prefix',
      title: 'A prefix is empty',
      docs: () => ({
        happens: REFUSED,
        instead: '`regex: ".*"` to require that a header is present; leave the match out to match everything.',
        bad: httpRule(`match:\n- headers: {x-user: {prefix: ""}}\n${TO_SHOP}`),
        good: httpRule(`match:\n- headers: {x-user: {regex: ".*"}}\n${TO_SHOP}`),
      }),
    },
    at(
      VIRTUAL_SERVICE,
      STRING_MATCHES.map((s) => `${s}.prefix`),
      (value) => (value === '' ? 'the prefix is empty' : undefined),
    ),
  ),
];
