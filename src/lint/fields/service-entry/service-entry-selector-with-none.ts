import type { Rule } from '../../rule.js';
import { at, SERVICE_ENTRY, warned } from '../field-rule.js';
import { entry, PORTS, resolution } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0608',
      name: 'service-entry-selector-with-none',
      title: 'A workloadSelector with resolution NONE',
      docs: () => ({
        happens: 'The selector has no effect.',
        instead: 'Resolution STATIC.',
        bad: entry(`${PORTS}\nworkloadSelector: {labels: {app: a}}`),
        good: entry(`${PORTS}\nresolution: STATIC\nworkloadSelector: {labels: {app: a}}`),
      }),
    },
    at(SERVICE_ENTRY, 'spec.workloadSelector', (_, { spec }) =>
      resolution(spec) === 'NONE' ? 'the workloadSelector has no effect with resolution NONE' : undefined,
    ),
  ),
];
