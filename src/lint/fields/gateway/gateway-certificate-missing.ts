import { server } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, GATEWAY, refused } from '../field-rule.js';
import { https, missingCertificates, REFUSED, simple } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0309',
      name: 'gateway-certificate-missing',
      title: 'A server that terminates TLS names no certificate',
      docs: () => ({
        happens: REFUSED,
        instead: 'A `credentialName` (a Secret in the namespace of the gateway workload).',
        bad: server(`${https}\ntls: {mode: SIMPLE}`),
        good: server(simple),
      }),
    },
    at(GATEWAY, 'spec.servers[].tls', missingCertificates),
  ),
];
