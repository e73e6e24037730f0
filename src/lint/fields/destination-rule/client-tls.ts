import { type Json, own } from '../../../model/index.js';
import type { Problem, Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused } from '../field-rule.js';
import { list, object, text } from '../values.js';
import { on, REFUSED, shop } from './shared.js';

function clientTls(value: Json, namespace: string): Problem[] {
  const tls = object(value);
  const mode = text(tls.mode);
  const credential = text(tls.credentialName);
  const problems: Problem[] = [];
  if (credential.startsWith('configmap://')) {
    const [ns, name] = credential.slice('configmap://'.length).split('/');
    if (!ns || !name || ns !== namespace)
      problems.push({
        message: `a configmap:// credential has to be in the namespace ${namespace}`,
        path: ['credentialName'],
      });
  }
  if (tls.insecureSkipVerify === true) {
    if (mode === 'SIMPLE' && (text(tls.caCertificates) || credential || list(tls.subjectAltNames).length))
      problems.push({
        message: 'insecureSkipVerify cannot be combined with caCertificates, credentialName or subjectAltNames',
        path: ['insecureSkipVerify'],
      });
    if (mode === 'MUTUAL' && (text(tls.caCertificates) || list(tls.subjectAltNames).length))
      problems.push({
        message: 'insecureSkipVerify cannot be combined with caCertificates or subjectAltNames',
        path: ['insecureSkipVerify'],
      });
  }
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && credential) {
    const file = ['clientCertificate', 'caCertificates', 'privateKey', 'caCrl'].find((f) => text(own(tls, f)));
    if (file) problems.push({ message: `credentialName cannot be combined with ${file}`, path: [file] });
  } else if (mode === 'MUTUAL') {
    for (const field of ['clientCertificate', 'privateKey'])
      if (!text(own(tls, field))) problems.push(`MUTUAL needs ${field} (or a credentialName)`);
  }
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0511',
      name: 'client-tls',
      title: 'Conflicting or incomplete TLS settings',
      docs: () => ({
        happens: REFUSED,
        instead:
          'MUTUAL with clientCertificate and privateKey, or with credentialName; insecureSkipVerify without a CA.',
        bad: shop('tls: {mode: MUTUAL}'),
        good: shop('tls: {mode: MUTUAL, credentialName: client-cert}'),
      }),
    },
    at(DESTINATION_RULE, on('tls'), (value, { resource }) => clientTls(value, resource.namespace)),
  ),
];
