// What the files say about a gateway workload and the model cannot express, or this reader does not read yet.

import { own, type Unsupported } from '../../../model/index.js';
import { at } from '../../../resources/fields.js';
import type { Server } from '../config.js';
import { isKeyPair } from './client-authority.js';
import type { Workload } from './workloads.js';

export const unsupportedOf = (workload: Workload): Unsupported[] =>
  workload.gateways.flatMap((gateway) => gateway.servers).flatMap(ofServer);

const CLIENT_CERTIFICATE_FIELDS = ['subjectAltNames', 'verifyCertificateSpki', 'verifyCertificateHash', 'caCrl'];

function ofServer({ tls }: Server): Unsupported[] {
  if (!tls) return [];
  const fields = CLIENT_CERTIFICATE_FIELDS.filter((name) => own(tls.settings, name) !== undefined).map(
    (name): Unsupported => ({
      feature: `gateway.server.tls.${name}`,
      detail: 'Which client certificates are accepted is not simulated.',
      effect: 'security',
      guards: true,
      origin: at(tls.origin, name),
    }),
  );
  if (isKeyPair(tls.settings))
    fields.push({
      feature: 'gateway.server.tls.caCertCredentialName',
      detail:
        'Istio looks for a key and a certificate in this Secret, for want of -cacert at the end of its name: who signs the certificates of clients is not known.',
      effect: 'security',
      guards: true,
      origin: at(tls.origin, 'caCertCredentialName'),
    });
  if (tls.mode !== 'AUTO_PASSTHROUGH') return fields;
  return [
    ...fields,
    {
      feature: 'gateway.server.tls.mode.AUTO_PASSTHROUGH',
      detail:
        "Only connections that offer Istio's own mTLS protocols are forwarded; the simulation uses the server name alone.",
      effect: 'routing',
      origin: at(tls.origin, 'mode'),
    },
  ];
}
