import { service } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { rejected } from '../field-rule.js';
import { dns1035Label, dns1123Label } from '../names.js';
import { text } from '../values.js';
import { on, PORTS } from './shared.js';

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0723',
      name: 'service-name-digit',
      severity: 'info',
      title: 'The name of a Service begins with a digit',
      docs: () => ({
        happens: 'API servers before Kubernetes 1.36 refuse it (RelaxedServiceNameValidation, KEP-5311).',
        instead: 'A name that begins with a letter.',
        bad: service(PORTS, '1shop'),
        good: service(PORTS, 'shop-1'),
      }),
    },
    on(['/Service'], 'metadata.name', (value) =>
      dns1123Label(text(value)) === undefined && dns1035Label(text(value)) !== undefined
        ? `"${text(value)}" begins with a digit, which API servers before Kubernetes 1.36 refuse`
        : undefined,
    ),
  ),
];
