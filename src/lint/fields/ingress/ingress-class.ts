import { ingress } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { rejected } from '../field-rule.js';
import { dns1123Subdomain } from '../names.js';
import { text } from '../values.js';
import { on, REJECTED } from './shared.js';

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0706',
      name: 'ingress-class',
      title: 'Invalid class of an Ingress',
      docs: () => ({
        happens: REJECTED,
        instead: 'The name of an IngressClass; not a different one in the annotation kubernetes.io/ingress.class.',
        bad: ingress('ingressClassName: My Class\ndefaultBackend: {service: {name: shop, port: {number: 80}}}'),
        good: ingress('ingressClassName: nginx\ndefaultBackend: {service: {name: shop, port: {number: 80}}}'),
      }),
    },
    on('spec.ingressClassName', (value, { resource }) => {
      const annotated = resource.annotations['kubernetes.io/ingress.class'];
      return [
        dns1123Subdomain(text(value)),
        annotated !== undefined && annotated !== value
          ? `the annotation kubernetes.io/ingress.class is "${annotated}", ingressClassName is "${text(value)}"`
          : undefined,
      ];
    }),
  ),
];
