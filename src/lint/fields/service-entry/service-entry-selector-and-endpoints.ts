import type { Rule } from '../../rule.js';
import { at, refused, SERVICE_ENTRY } from '../field-rule.js';
import { given, list, object } from '../values.js';
import { entry, PORTS, REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0603',
      name: 'service-entry-selector-and-endpoints',
      title: 'A ServiceEntry has both a workloadSelector and endpoints',
      docs: () => ({
        happens: REFUSED,
        instead: 'One of them.',
        bad: entry(
          `${PORTS}\nresolution: STATIC\nworkloadSelector: {labels: {app: a}}\nendpoints: [{address: 10.0.0.1}]`,
        ),
        good: entry(`${PORTS}\nresolution: STATIC\nendpoints: [{address: 10.0.0.1}]`),
      }),
    },
    at(SERVICE_ENTRY, 'spec', (value) =>
      given(object(value).workloadSelector) && list(object(value).endpoints).length
        ? { message: 'workloadSelector and endpoints exclude each other', path: ['endpoints'] }
        : undefined,
    ),
  ),
];
