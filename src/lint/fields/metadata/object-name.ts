import { virtualService } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { rejected } from '../field-rule.js';
import { dns1123Label, dns1123Subdomain } from '../names.js';
import { text } from '../values.js';
import { KINDS, on, REJECTED, SUBDOMAIN_NAMES } from './shared.js';

const ROUTE = 'hosts: [shop.example.com]\nhttp:\n- route:\n  - destination: {host: shop}';

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0721',
      name: 'object-name',
      title: 'Invalid object name',
      docs: () => ({
        happens: REJECTED,
        instead: 'Lower case letters, digits, dashes and (not for a Service) dots.',
        bad: virtualService(ROUTE, 'My_Shop'),
        good: virtualService(ROUTE, 'my-shop'),
      }),
    },
    on(SUBDOMAIN_NAMES, 'metadata.name', (value) => dns1123Subdomain(text(value))),
    on(['/Service'], 'metadata.name', (value) => dns1123Label(text(value))),
    on(KINDS, 'metadata.namespace', (value) => (value === '' ? undefined : dns1123Label(text(value)))),
  ),
];
