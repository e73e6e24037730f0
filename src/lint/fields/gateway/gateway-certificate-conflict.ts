import { server } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, GATEWAY, refused } from '../field-rule.js';
import { certificateConflicts, https, REFUSED, simple } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0310',
      name: 'gateway-certificate-conflict',
      title: 'Conflicting sources of a certificate',
      docs: () => ({
        happens: REFUSED,
        instead:
          'One source: credentialName, credentialNames, tlsCertificates, or serverCertificate with privateKey; none with ISTIO_MUTUAL.',
        bad: server(`${https}\ntls: {mode: ISTIO_MUTUAL, credentialName: shop-cert}`),
        good: server(simple),
      }),
    },
    at(GATEWAY, 'spec.servers[].tls', certificateConflicts),
  ),
];
