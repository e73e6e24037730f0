import { virtualService } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { BASE, badHost, REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0405',
      name: 'virtual-service-host',
      title: 'Invalid host of a VirtualService',
      docs: () => ({
        happens: REFUSED,
        instead:
          'A domain, a wildcard such as "*.example.com", or an IP address; "*" only with gateways and without `mesh`.',
        bad: virtualService(BASE.replace('shop.example.com', '"*"')),
        good: virtualService(`gateways: [default/shop]\n${BASE.replace('shop.example.com', '"*"')}`),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.hosts[]', (value, { spec }) =>
      typeof value === 'string' ? badHost(value, spec) : undefined,
    ),
  ),
];
