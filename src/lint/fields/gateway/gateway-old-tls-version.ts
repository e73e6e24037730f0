import { server } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { warned } from '../field-rule.js';
import { list, object } from '../values.js';
import { onTls, simple } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0311',
      name: 'gateway-old-tls-version',
      title: 'An old TLS version is allowed, but no cipher suite for it',
      docs: () => ({
        happens:
          'Envoy accepts TLS 1.0 or 1.1 on paper, but its default cipher suites have none that these versions can use: such clients still fail.',
        instead: 'TLSV1_2 or later; or, if old clients must connect, cipherSuites that they support.',
        bad: server(simple.replace('SIMPLE,', 'SIMPLE, minProtocolVersion: TLSV1_0,')),
        good: server(simple.replace('SIMPLE,', 'SIMPLE, minProtocolVersion: TLSV1_2,')),
      }),
    },
    onTls('.minProtocolVersion', (value, place) =>
      (value === 'TLSV1_0' || value === 'TLSV1_1') && !list(object(place.up(1)).cipherSuites).length
        ? `${value} needs cipherSuites: the default ones are for TLS 1.2 and later`
        : undefined,
    ),
  ),
];
