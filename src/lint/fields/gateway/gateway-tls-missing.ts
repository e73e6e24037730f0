import { server } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, GATEWAY, refused } from '../field-rule.js';
import { given, isTls, object, protocol, text } from '../values.js';
import { https, portFits, REFUSED, simple } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0307',
      name: 'gateway-tls-missing',
      title: 'An HTTPS or TLS server has no tls',
      docs: () => ({
        happens: `${REFUSED} A listener without a certificate would close every connection.`,
        instead: 'A `tls` with mode and credentialName (or PASSTHROUGH).',
        bad: server(https),
        good: server(simple),
      }),
    },
    at(GATEWAY, 'spec.servers[]', (value) => {
      const s = object(value);
      return portFits(s.port ?? null) && isTls(protocol(object(s.port).protocol)) && !given(s.tls)
        ? `the protocol ${text(object(s.port).protocol)} needs tls settings`
        : undefined;
    }),
  ),
];
