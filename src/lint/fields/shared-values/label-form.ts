import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused, SERVICE_ENTRY, VIRTUAL_SERVICE } from '../field-rule.js';
import { labelProblem } from '../names.js';
import { text } from '../values.js';
import { REFUSED, TO_SHOP } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0208',
      name: 'label-form',
      title: 'A label is not a Kubernetes label',
      docs: () => ({
        happens: REFUSED,
        instead: 'Keys and values of letters, digits, "-", "_" and ".".',
        bad: httpRule(`match:\n- sourceLabels: {"a b": c}\n${TO_SHOP}`),
        good: httpRule(`match:\n- sourceLabels: {app: c}\n${TO_SHOP}`),
      }),
    },
    at(
      VIRTUAL_SERVICE,
      ['http', 'tls', 'tcp'].map((p) => `spec.${p}[].match[].sourceLabels{}`),
      (value, { key }) => labelProblem(String(key), text(value)),
    ),
    at(DESTINATION_RULE, 'spec.subsets[].labels{}', (value, { key }) => labelProblem(String(key), text(value))),
    at(SERVICE_ENTRY, 'spec.endpoints[].labels{}', (value, { key, spec }) =>
      ['STATIC', 'DNS', 'DNS_ROUND_ROBIN'].includes(text(spec.resolution))
        ? labelProblem(String(key), text(value))
        : undefined,
    ),
  ),
];
