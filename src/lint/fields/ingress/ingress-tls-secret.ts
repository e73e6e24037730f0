import { ingress } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { rejected } from '../field-rule.js';
import { dns1123Subdomain } from '../names.js';
import { text } from '../values.js';
import { on, REJECTED } from './shared.js';

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0707',
      name: 'ingress-tls-secret',
      title: 'Invalid name of a TLS secret',
      docs: () => ({
        happens: REJECTED,
        instead: 'The name of a Secret in the namespace of the Ingress.',
        bad: ingress(
          'tls: [{hosts: [shop.example.com], secretName: Shop_Cert}]\ndefaultBackend: {service: {name: shop, port: {number: 80}}}',
        ),
        good: ingress(
          'tls: [{hosts: [shop.example.com], secretName: shop-cert}]\ndefaultBackend: {service: {name: shop, port: {number: 80}}}',
        ),
      }),
    },
    on('spec.tls[].secretName', (value) => (value === '' ? undefined : dns1123Subdomain(text(value)))),
  ),
];
