import { server } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { warned } from '../field-rule.js';
import { text } from '../values.js';
import { https, onTls } from './shared.js';

const mutual = (authority: string) =>
  server(`${https}\ntls: {mode: MUTUAL, credentialName: shop-cert, caCertCredentialName: ${authority}}`);

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0315',
      name: 'gateway-client-authority',
      title: 'The authority of client certificates is asked for as a certificate',
      docs: () => ({
        happens:
          'Istio looks for a key and a certificate in the Secret, not for who signs. Where it has none, the gateway closes every connection of these hosts.',
        instead: 'The name with `-cacert` at its end; the Secret may have it, too, or not.',
        bad: mutual('clients'),
        good: mutual('clients-cacert'),
      }),
    },
    // SecretGen.generate in pilot/pkg/xds/sds.go, 2026-08-27: a ConfigMap holds nothing but certificates.
    onTls('.caCertCredentialName', (value) => {
      const name = text(value);
      return name === '' || name.startsWith('configmap://') || name.endsWith('-cacert')
        ? undefined
        : `${name} has to end in -cacert: Istio looks for a key and a certificate in a Secret without it`;
    }),
  ),
];
