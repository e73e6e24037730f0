import { append, type Json, type JsonObject, own } from '../../../model/index.js';
import { sidecar } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, SIDECAR } from '../field-rule.js';
import { certificateConflicts, missingCertificates } from '../gateway/shared.js';
import { given, isTls, object, protocol, text } from '../values.js';
import { ingress, REFUSED } from './shared.js';

/** Fields of TLS that the ingress listener of a Sidecar does not have. */
const NOT_SUPPORTED = ['subjectAltNames', 'httpsRedirect', 'credentialName', 'credentialNames', 'tlsCertificates'];

const isSet = (value: Json | undefined): boolean =>
  value === true || text(value) !== '' || (Array.isArray(value) && value.length > 0);

function tlsProblems(value: Json, listener: JsonObject): Problem[] {
  const tls = object(value);
  const problems: Problem[] = NOT_SUPPORTED.filter((field) => isSet(own(tls, field))).map((field) => ({
    message: `a Sidecar does not support ${field}`,
    path: [field],
  }));
  if (['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'].includes(text(tls.mode)))
    problems.push({ message: `the mode ${text(tls.mode)} is not for a Sidecar`, path: ['mode'] });
  if (given(listener.port) && !isTls(protocol(object(listener.port).protocol)))
    problems.push('a listener with tls needs the protocol HTTPS or TLS');
  append(problems, certificateConflicts(value));
  append(problems, missingCertificates(value));
  return problems;
}

const HTTPS = 'port: {number: 8443, protocol: HTTPS, name: https}\ndefaultEndpoint: 127.0.0.1:8080';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1463',
      name: 'sidecar-tls',
      title: 'TLS settings that a Sidecar does not support',
      docs: () => ({
        happens: REFUSED,
        instead: 'Mode SIMPLE or MUTUAL with files (`serverCertificate`, `privateKey`) on a listener of HTTPS or TLS.',
        bad: sidecar(ingress(`${HTTPS}\ntls: {mode: SIMPLE, credentialName: shop-cert}`)),
        good: sidecar(
          ingress(
            `${HTTPS}\ntls: {mode: SIMPLE, serverCertificate: /etc/certs/tls.crt, privateKey: /etc/certs/tls.key}`,
          ),
        ),
      }),
    },
    at(SIDECAR, 'spec.ingress[].tls', (value, place) => tlsProblems(value, object(place.up(1)))),
  ),
];
