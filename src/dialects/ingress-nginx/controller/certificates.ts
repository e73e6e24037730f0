// Which certificate a host has: extractTLSSecretName and createServers in internal/ingress/controller/controller.go,
// configureCertificates in nginx.go, get_pem_cert_uid in rootfs/etc/nginx/lua/certificate.lua (kubernetes/ingress-nginx
// controller-v1.15.1). A host of an Ingress with a `tls` section has one in any case: its own or the controller's, and
// that is enough for the redirect to https.

import { X509Certificate } from 'node:crypto';
import { type Origin, originOf } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { objectOf, stringOf } from '../../../resources/fields.js';
import type { NginxIngress } from './ingresses.js';

export interface ServerCertificate {
  /** Absent: the controller's default certificate. */
  readonly credential?: { readonly namespace: string; readonly name: string };
  /** The Ingress that names it. */
  readonly origin?: Origin;
  /** Names that the certificate has. */
  readonly names: readonly string[];
}

/** Names of the certificate that the controller makes for itself (fakeCertificate in internal/net/ssl/ssl.go). */
const DEFAULT_CERTIFICATE: ServerCertificate = {
  names: ['ingress.local', 'Kubernetes Ingress Controller Fake Certificate'],
};

/** undefined: the Ingress has no `tls` section. */
export function certificateFor(host: string, ingress: NginxIngress, catalog: Catalog): ServerCertificate | undefined {
  const { tls } = ingress.view;
  if (tls.length === 0) return undefined;
  const origin = originOf(ingress.view.resource, 'spec', 'tls');
  const listed = tls.find((entry) => entry.hosts.some((h) => h.toLowerCase() === host.toLowerCase()));
  if (listed) {
    if (!listed.secretName) return DEFAULT_CERTIFICATE;
    const names = namesOf(catalog, ingress.namespace, listed.secretName) ?? listed.hosts;
    if (!names.some((name) => covers(name, host))) return DEFAULT_CERTIFICATE;
    return { credential: { namespace: ingress.namespace, name: listed.secretName }, names, origin };
  }
  for (const { secretName, hosts } of tls) {
    if (!secretName) continue;
    // Whoever names a Secret without hosts means those of the rules; what is in it decides where the files hold it.
    const isElsewhere = hosts.length === 0 && !catalog.find('/Secret', ingress.namespace, secretName);
    const names = isElsewhere ? [host] : namesOf(catalog, ingress.namespace, secretName);
    if (names?.some((name) => covers(name, host))) {
      return { credential: { namespace: ingress.namespace, name: secretName }, names, origin };
    }
  }
  return DEFAULT_CERTIFICATE;
}

/** Undefined: the files do not hold the certificate; it then counts as one for the hosts it is listed with. */
function namesOf(catalog: Catalog, namespace: string, name: string): readonly string[] | undefined {
  const secret = catalog.find('/Secret', namespace, name);
  if (!secret) return undefined;
  const encoded = stringOf(objectOf(secret.object.data)?.['tls.crt']);
  const pem =
    encoded !== undefined ? Buffer.from(encoded, 'base64') : stringOf(objectOf(secret.object.stringData)?.['tls.crt']);
  if (pem === undefined || pem.length === 0 || pem.length > 1_000_000) return undefined;
  try {
    const certificate = new X509Certificate(pem);
    const alternatives = [...(certificate.subjectAltName ?? '').matchAll(/(?:^|, )DNS:([^,]*)/g)].map((m) => m[1]!);
    const common = /^CN=(.*)$/m.exec(certificate.subject)?.[1];
    return common === undefined ? alternatives : [...alternatives, common];
  } catch {
    return undefined;
  }
}

/** Label by label, a star for the first one (x509 VerifyHostname in Go). */
function covers(name: string, host: string): boolean {
  const [pattern, wanted] = [name.toLowerCase(), host.toLowerCase()];
  if (pattern === wanted) return true;
  const [a, b] = [pattern.split('.'), wanted.split('.')];
  return a[0] === '*' && a.length === b.length && b[0] !== '*' && a.slice(1).join('.') === b.slice(1).join('.');
}

/** IsValidHostname in internal/net/ssl/ssl.go: the name itself or a star in place of its first label. */
export function isValidFor(host: string, names: readonly string[]): boolean {
  const star = ['*', ...host.toLowerCase().split('.').slice(1)].join('.');
  return names.some((name) => name.toLowerCase() === host.toLowerCase() || name.toLowerCase() === star);
}
