import type { Json } from '../../../model/index.js';
import { serviceEntry } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, DESTINATION_RULE, onKinds, refused, SERVICE_ENTRY, SIDECAR, WITH_SELECTOR } from '../field-rule.js';
import { object, text } from '../values.js';
import { ENTRY, REFUSED } from './shared.js';

function selectorProblems(labels: Json): Problem[] {
  return Object.entries(object(labels)).map(([key, value]) =>
    key === ''
      ? 'the selector has an empty key'
      : `${key}${text(value)}`.includes('*')
        ? { message: `the selector "${key}=${text(value)}" has a wildcard, which is not supported`, path: [key] }
        : undefined,
  );
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0209',
      name: 'selector-form',
      title: 'A workload selector has an empty key or a wildcard',
      docs: () => ({
        happens: REFUSED,
        instead: 'Exact labels.',
        bad: serviceEntry(`${ENTRY}\nworkloadSelector: {labels: {app: "shop*"}}`),
        good: serviceEntry(`${ENTRY}\nworkloadSelector: {labels: {app: shop}}`),
      }),
    },
    at(DESTINATION_RULE, 'spec.workloadSelector.matchLabels', selectorProblems),
    onKinds([SERVICE_ENTRY, SIDECAR], 'spec.workloadSelector.labels', selectorProblems),
    onKinds(WITH_SELECTOR, 'spec.selector.matchLabels', selectorProblems),
  ),
];
