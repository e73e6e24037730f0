import { serviceEntry } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, onKinds, SERVICE_ENTRY, SIDECAR, WITH_SELECTOR, warned } from '../field-rule.js';
import { object } from '../values.js';
import { ENTRY } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0210',
      name: 'selector-empty',
      title: 'A workload selector has no labels',
      docs: () => ({
        happens: 'It selects every workload of the namespace.',
        instead: 'Labels, or no selector.',
        bad: serviceEntry(`${ENTRY}\nworkloadSelector: {}`),
        good: serviceEntry(`${ENTRY}\nworkloadSelector: {labels: {app: shop}}`),
      }),
    },
    at(DESTINATION_RULE, 'spec.workloadSelector', (value) =>
      Object.keys(object(object(value).matchLabels)).length
        ? undefined
        : 'the workloadSelector has no labels and selects all workloads of the namespace',
    ),
    onKinds([SERVICE_ENTRY, SIDECAR], 'spec.workloadSelector', (value) =>
      Object.keys(object(object(value).labels)).length
        ? undefined
        : 'the workloadSelector has no labels and selects all workloads of the namespace',
    ),
    onKinds(WITH_SELECTOR, 'spec.selector', (value) =>
      Object.keys(object(object(value).matchLabels)).length
        ? undefined
        : 'the selector has no labels and selects all workloads of the namespace (all of the mesh in the root namespace)',
    ),
  ),
];
