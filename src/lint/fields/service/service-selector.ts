import { service } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, rejected } from '../field-rule.js';
import { labelValue, qualifiedName } from '../names.js';
import { text } from '../values.js';
import { PORTS, REJECTED, SERVICE } from './shared.js';

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0714',
      name: 'service-selector',
      title: 'Invalid label in the selector of a Service',
      docs: () => ({
        happens: REJECTED,
        instead: 'Labels of letters, digits, "-", "_" and ".".',
        bad: service(`selector: {app: "my shop"}\n${PORTS}`),
        good: service(`selector: {app: shop}\n${PORTS}`),
      }),
    },
    at(SERVICE, 'spec.selector{}', (value, { key }) => [qualifiedName(String(key)), labelValue(text(value))]),
  ),
];
