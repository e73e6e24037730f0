import type { Rule } from '../../rule.js';
import { at, refused, SERVICE_ENTRY } from '../field-rule.js';
import { addressOrCidr } from '../names.js';
import { entry, REFUSED, TCP } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0604',
      name: 'service-entry-addresses',
      title: 'An address is neither an IP address nor a CIDR block',
      docs: () => ({
        happens: REFUSED,
        instead: 'For example 10.0.0.1 or 10.0.0.0/24.',
        bad: entry(`addresses: [db]\n${TCP}`),
        good: entry(`addresses: [10.0.0.1]\n${TCP}`),
      }),
    },
    at(SERVICE_ENTRY, 'spec.addresses[]', (value) => (typeof value === 'string' ? addressOrCidr(value) : undefined)),
  ),
];
