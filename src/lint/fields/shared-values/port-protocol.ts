import { serviceEntry } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, SERVICE_ENTRY } from '../field-rule.js';
import { protocol, text } from '../values.js';
import { ENTRY, REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0211',
      name: 'port-protocol',
      title: 'The protocol of a port is unknown',
      docs: () => ({
        happens: REFUSED,
        instead: 'HTTP, HTTP2, HTTPS, GRPC, GRPC-WEB, TLS, TCP, MONGO, REDIS or MYSQL.',
        bad: serviceEntry(ENTRY.replace('protocol: TLS', 'protocol: QUIC')),
        good: serviceEntry(ENTRY),
      }),
    },
    at(SERVICE_ENTRY, 'spec.ports[].protocol', (value) =>
      value === '' || protocol(value) ? undefined : `the protocol "${text(value)}" is unknown`,
    ),
  ),
];
