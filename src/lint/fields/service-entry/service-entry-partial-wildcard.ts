import { serviceEntry } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, SERVICE_ENTRY, warned } from '../field-rule.js';
import { isPartialWildcard } from '../names.js';
import { text } from '../values.js';
import { PORTS, resolution } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0602',
      name: 'service-entry-partial-wildcard',
      title: 'A host has a wildcard within its first label',
      docs: () => ({
        happens: 'Envoy matches whole labels only: the entry does not match what it seems to.',
        instead: '"*." and a domain.',
        bad: serviceEntry(`hosts: ["*-api.example.com"]\n${PORTS}`),
        good: serviceEntry(`hosts: ["*.example.com"]\n${PORTS}`),
      }),
    },
    at(SERVICE_ENTRY, 'spec.hosts[]', (value, { spec }) =>
      resolution(spec) !== 'DYNAMIC_DNS' && isPartialWildcard(text(value))
        ? `"${text(value)}" is a partial wildcard, which is not supported`
        : undefined,
    ),
  ),
];
