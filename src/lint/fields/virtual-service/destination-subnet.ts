import { virtualService } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { addressOrCidr } from '../names.js';
import { given } from '../values.js';
import { REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0411',
      name: 'destination-subnet',
      title: 'A destination subnet is neither an address nor a CIDR block',
      docs: () => ({
        happens: REFUSED,
        instead: 'For example 10.1.0.0/16.',
        bad: virtualService(
          'hosts: [shop.example.com]\ntcp:\n- match:\n  - destinationSubnets: [10.1.0.0/99]\n  route:\n  - destination: {host: shop}',
        ),
        good: virtualService(
          'hosts: [shop.example.com]\ntcp:\n- match:\n  - destinationSubnets: [10.1.0.0/16]\n  route:\n  - destination: {host: shop}',
        ),
      }),
    },
    at(
      VIRTUAL_SERVICE,
      ['spec.tls[].match[].destinationSubnets[]', 'spec.tcp[].match[].destinationSubnets[]'],
      (value) => (given(value) && typeof value === 'string' ? addressOrCidr(value) : undefined),
    ),
  ),
];
