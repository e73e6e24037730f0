import { own } from '../../../model/index.js';
import { server } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { warned } from '../field-rule.js';
import { list, object, text } from '../values.js';
import { certificateFields, certificateLists, https, mode, onTls, passesThrough, removal } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0313',
      name: 'gateway-passthrough-certificate',
      title: 'A passthrough server names a certificate',
      docs: () => ({
        happens: 'The gateway forwards the encrypted bytes; the certificate is ignored.',
        instead: 'Mode SIMPLE to terminate TLS here, or no certificate.',
        bad: server(`${https}\ntls: {mode: PASSTHROUGH, credentialName: shop-cert}`),
        good: server(`${https}\ntls: {mode: PASSTHROUGH}`),
      }),
    },
    onTls('', (value, place) => {
      const tls = object(value);
      const field =
        [...certificateFields, 'caCrl'].find((f) => text(own(tls, f))) ??
        certificateLists.find((f) => list(tls[f]).length);
      return passesThrough(tls) && field
        ? {
            message: `${mode(tls)} does not use certificates: ${field} is ignored`,
            path: [field],
            fix: removal(place, field),
          }
        : undefined;
    }),
  ),
];
