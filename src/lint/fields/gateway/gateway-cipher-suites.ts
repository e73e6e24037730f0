import type { Json } from '../../../model/index.js';
import { server } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { warned } from '../field-rule.js';
import { list, text } from '../values.js';
import { onTls, simple } from './shared.js';

/** pkg/config/security/security.go: what begins with an operator sign is not looked at. */
const CIPHERS = new Set(
  [
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
  ]
    .concat([
      'ECDHE-ECDSA-CHACHA20-POLY1305',
      'ECDHE-RSA-CHACHA20-POLY1305',
      'ECDHE-ECDSA-AES128-SHA',
      'ECDHE-RSA-AES128-SHA',
    ])
    .concat(['ECDHE-ECDSA-AES256-SHA', 'ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA'])
    .concat(['AES256-SHA', 'DES-CBC3-SHA']),
);

const knownCipher = (name: string): boolean =>
  name === '' || name === 'ALL' || !/^[\p{L}\p{N}]/u.test(name) || CIPHERS.has(name);

function cipherProblems(value: Json): Problem[] {
  const seen = new Set<string>();
  return list(value).map((entry, index) => {
    const name = text(entry);
    if (!knownCipher(name)) return { message: `the cipher suite "${name}" is unknown and is ignored`, path: [index] };
    if (seen.has(name)) return { message: `the cipher suite "${name}" is listed twice`, path: [index] };
    seen.add(name);
    return undefined;
  });
}

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0312',
      name: 'gateway-cipher-suites',
      title: 'A cipher suite is unknown or listed twice',
      docs: () => ({
        happens: 'Istio leaves it out; if all are unknown, the default suites apply.',
        instead: "BoringSSL's names, each once.",
        bad: server(simple.replace('SIMPLE,', 'SIMPLE, cipherSuites: [TLS_RSA_WITH_AES_128_CBC_SHA],')),
        good: server(simple.replace('SIMPLE,', 'SIMPLE, cipherSuites: [ECDHE-RSA-AES128-GCM-SHA256],')),
      }),
    },
    onTls('.cipherSuites', cipherProblems),
  ),
];
