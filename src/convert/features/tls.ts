// Certificates, versions of TLS and client certificates.

import { withoutOwnCertificate } from '../../model/index.js';
import { type Effect, type Feature, UNSEEN } from './feature.js';
import { isNothing, isSecure, otherName } from './requests.js';

const otherServerName: Effect = { explains: otherName };

export const TLS = {
  'tls.other-hosts': {
    severity: 'approximate',
    group: 'differs',
    title: 'Other hosts of a certificate',
    documentation: 'a TLS connection serves the hosts of its SNI, not the others of the certificate',
    effect: otherServerName,
  },
  'tls.default-certificate': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'HTTPS for hosts without a certificate',
    documentation: "the source answers with its controller's own certificate, the target not at all",
    decision: '`--default-tls-secret NAMESPACE/NAME` names one',
    effect: { gateway: withoutOwnCertificate },
  },
  'tls.redirect': {
    severity: 'approximate',
    group: 'todo',
    title: 'Redirect to https without a certificate',
    documentation: 'a host redirects to https, where the target has no certificate for it',
    decision: '`--default-tls-secret NAMESPACE/NAME` names one',
    effect: UNSEEN,
  },
  'tls.certificate-files': {
    severity: 'refused',
    group: 'todo',
    decided: 'gateway',
    title: 'Certificate in files of the gateway',
    documentation:
      "the certificate is a file on the source's gateway; a Gateway of the Gateway API names a Secret in its place, which has to be made",
    decision: '`--default-tls-secret NAMESPACE/NAME` names one',
    effect: { explains: (d) => isSecure(d) && d.after.connection !== undefined },
  },
  'tls.without-routes': {
    severity: 'approximate',
    group: 'differs',
    title: 'TLS without routes',
    documentation: 'an Ingress can have certificates only for the hosts of its rules',
    effect: { explains: (d) => isSecure(d) && isNothing(d.intended) && isNothing(d.after) },
  },
  'tls.secret-namespace': {
    severity: 'approximate',
    group: 'todo',
    title: 'Secret in another namespace',
    documentation: 'the target reads certificates from another namespace',
    decision: 'copy the Secret',
    parts: ['TlsContext.credentials', 'TlsContext.certificates'],
    effect: UNSEEN,
  },
  'tls.authority': {
    severity: 'approximate',
    group: 'todo',
    title: 'Authority in another place',
    documentation:
      'the certificate of who signs (for destinations, or for clients), or one that destinations are shown, is elsewhere than where the target reads it',
    decision: 'create the Secret',
    parts: ['Destination.tls', 'TlsContext.clients'],
    effect: UNSEEN,
  },
  'tls.client-certificate': {
    severity: 'refused',
    group: 'refused',
    title: 'Client certificates',
    documentation: 'client certificates are no longer requested',
    protects: 'ALL clients are accepted, no certificate is requested',
    decision: 'keep the gateway, or authenticate clients in another way',
    effect: UNSEEN,
  },
  'tls.client-certificate.authority': {
    severity: 'refused',
    group: 'todo',
    title: 'Authority of client certificates',
    documentation: 'a client certificate is requested; its certificate authority is not written',
    decision:
      'name the authority in the target: `validation_context` (Envoy), `ca.crt` of the Secret `<name>-cacert` (Istio), `spec.tls.frontend` of the Gateway, one for each port (Gateway API)',
    effect: UNSEEN,
  },
  'tls.more-certificates': {
    severity: 'refused',
    group: 'refused',
    title: 'Several certificates for one name',
    documentation: 'a server has one certificate in Istio: the others (another key type) are left out',
    effect: UNSEEN,
  },
  'tls.versions': {
    severity: 'refused',
    group: 'refused',
    title: 'TLS versions',
    documentation: "lowest and highest version of TLS are left to the target's defaults",
    effect: UNSEEN,
  },
  'tls.cipher-suites': {
    severity: 'refused',
    group: 'refused',
    title: 'TLS cipher suites',
    documentation: "cipher suites are left to the target's defaults",
    effect: UNSEEN,
  },
} as const satisfies Record<string, Feature>;
