import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { isLabel } from '../names.js';
import { text } from '../values.js';
import { MATCH, REFUSED, TO_SHOP } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0444',
      name: 'match-source-namespace',
      title: 'sourceNamespace is not the name of a namespace',
      docs: () => ({
        happens: REFUSED,
        instead: 'The name of a namespace.',
        bad: httpRule(`match:\n- sourceNamespace: Team_A\n${TO_SHOP}`),
        good: httpRule(`match:\n- sourceNamespace: team-a\n${TO_SHOP}`),
      }),
    },
    at(VIRTUAL_SERVICE, `${MATCH}.sourceNamespace`, (value) =>
      value === '' || isLabel(text(value)) ? undefined : `"${text(value)}" is not the name of a namespace`,
    ),
  ),
];
