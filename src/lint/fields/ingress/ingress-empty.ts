import { ingress } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { rejected } from '../field-rule.js';
import { given, list, object } from '../values.js';
import { on, REJECTED, rule, TO_SHOP } from './shared.js';

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0701',
      name: 'ingress-empty',
      title: 'An Ingress has neither rules nor a default backend',
      docs: () => ({
        happens: REJECTED,
        instead: 'Rules, or a defaultBackend.',
        bad: ingress('ingressClassName: nginx'),
        good: rule(`{path: /, pathType: Prefix, ${TO_SHOP}}`),
      }),
    },
    on('spec', (value) =>
      list(object(value).rules).length || given(object(value).defaultBackend) || given(object(value).backend)
        ? undefined
        : 'the Ingress has neither rules nor a defaultBackend',
    ),
    on('spec.rules[].http.paths', (value) => (list(value).length ? undefined : 'the rule has no paths')),
  ),
];
