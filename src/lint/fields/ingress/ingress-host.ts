import type { Rule } from '../../rule.js';
import { rejected } from '../field-rule.js';
import { dns1123Subdomain, wildcardSubdomain } from '../names.js';
import { host, on, REJECTED, rule, TO_SHOP } from './shared.js';

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0702',
      name: 'ingress-host',
      title: 'A host of an Ingress is not a DNS name',
      docs: () => ({
        happens: REJECTED,
        instead: 'A lower case DNS name, or "*." and one; no address, no port, no "*" alone (leave host out).',
        bad: rule(`{path: /, pathType: Prefix, ${TO_SHOP}}`, 'host: Shop.example.com\n  '),
        good: rule(`{path: /, pathType: Prefix, ${TO_SHOP}}`),
      }),
    },
    on('spec.rules[].host', host),
    on('spec.tls[].hosts[]', (value) =>
      typeof value !== 'string' ? undefined : value.includes('*') ? wildcardSubdomain(value) : dns1123Subdomain(value),
    ),
  ),
];
