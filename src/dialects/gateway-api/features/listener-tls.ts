// How a listener ends TLS, or lets it pass, and with which certificates (Gateway API spec, ListenerTLSConfig; Istio:
// buildTLS in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22). A Secret that the files do not hold counts as
// there and usable, as in the recordings (fixtures/truth/README.md); a reference that is not permitted does not.

import { type Json, type Origin, originOf, type Resource, type TlsContext } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { isSecretMissing } from '../../../resources/made-elsewhere.js';
import { isGranted } from '../../../resources/reference-grant.js';
import { has, listAt, objectAt, stringAt } from '../fields.js';
import { referencedKind, SECRET, shortKind } from '../kinds.js';
import type { ConfigError } from './config-error.js';
import { clientCertificates } from './frontend-validation.js';
import { malformedPair } from './key-pair.js';

export interface ListenerTls {
  readonly mode: 'Terminate' | 'Passthrough';
  /** Of a terminating listener; absent where no certificate may be used, or none of clients checked: every connection is closed then. */
  readonly context?: TlsContext;
  readonly error?: ConfigError;
}

/** Istio takes one RSA and one ECDSA certificate per listener, not more. */
const MOST_CERTIFICATES = 2;
const MODE_OPTION = 'gateway.istio.io/tls-terminate-mode';
const CIPHERS_OPTION = 'gateway.istio.io/tls-cipher-suites';

/** A listener as it is written: the entry `index` of `owner`, which is the Gateway or a ListenerSet of it. */
export interface WrittenListener {
  readonly gateway: Resource;
  readonly owner: Resource;
  readonly listener: Json;
  readonly index: number;
}

export function listenerTls(
  { gateway, owner, listener, index }: WrittenListener,
  catalog: Catalog,
): ListenerTls | undefined {
  if (!has(listener, 'tls')) return undefined;
  const tls = objectAt(listener, 'tls');
  if (stringAt(tls, 'mode') === 'Passthrough') return { mode: 'Passthrough' };
  const origin = originOf(owner, 'spec', 'listeners', index, 'tls');
  const options = objectAt(tls, 'options');
  const terminate = stringAt(options, MODE_OPTION);
  if (terminate === 'ISTIO_SIMPLE' || terminate === 'ISTIO_MUTUAL') {
    const mode = terminate === 'ISTIO_SIMPLE' ? 'simple' : 'istio-mutual';
    return { mode: 'Terminate', context: { mode, credentials: [], origin } };
  }
  const references = listAt(tls, 'certificateRefs');
  if (references.length > MOST_CERTIFICATES) {
    const message = `at most ${MOST_CERTIFICATES} certificates, not ${references.length}`;
    return { mode: 'Terminate', error: { reason: 'InvalidCertificateRef', message, origin } };
  }
  const credentials: { namespace: string; name: string }[] = [];
  const errors: ConfigError[] = [];
  let found = 0;
  references.forEach((reference, i) => {
    const at = originOf(owner, 'spec', 'listeners', index, 'tls', 'certificateRefs', i);
    const certificate = certificateOf(owner, reference, at, catalog);
    if ('credential' in certificate) credentials.push(certificate.credential);
    if (certificate.error) errors.push(certificate.error);
    else found++;
  });
  // One that works is enough, also for the status.
  const clients = clientCertificates(gateway, listener, terminate, catalog);
  const error = found === 0 ? errors[0] : clients.error;
  const ciphers = stringAt(options, CIPHERS_OPTION)
    ?.split(',')
    .map((s) => s.trim());
  const context: TlsContext = {
    mode: clients.mode,
    ...(clients.clients && { clients: clients.clients }),
    credentials,
    ...(ciphers && { cipherSuites: ciphers }),
    origin,
  };
  // Istio reports nothing for a listener without any certificateRefs, and serves no certificate.
  return { mode: 'Terminate', ...(credentials.length > 0 && !clients.error && { context }), ...(error && { error }) };
}

/** A Secret that may be used counts as there; `error` of it, beside it, is for the status: the files hold others and not this one. */
function certificateOf(
  owner: Resource,
  reference: Json,
  origin: Origin,
  catalog: Catalog,
):
  | { readonly credential: { namespace: string; name: string }; readonly error?: ConfigError }
  | { readonly error: ConfigError } {
  const name = stringAt(reference, 'name') ?? '';
  const namespace = stringAt(reference, 'namespace') ?? owner.namespace;
  const kind = referencedKind(reference, SECRET);
  const cross = {
    fromKind: `${owner.group}/${owner.kind}`,
    fromNamespace: owner.namespace,
    toNamespace: namespace,
    toName: name,
  };
  if (!isGranted({ ...cross, toKind: SECRET }, catalog)) {
    const message = `no ReferenceGrant in namespace ${namespace} lets ${owner.kind}s of ${owner.namespace} use Secret ${name}`;
    return { error: { reason: 'RefNotPermitted', message, origin, open: true } };
  }
  if (kind !== SECRET) {
    const message = `a certificate is a Secret, not a ${shortKind(kind)}`;
    return { error: { reason: 'InvalidCertificateRef', message, origin } };
  }
  const credential = { namespace, name };
  const secret = catalog.find(SECRET, namespace, name);
  if (secret !== undefined) {
    const malformed = malformedPair(secret);
    if (malformed === undefined) return { credential };
    const message = `Secret ${namespace}/${name} cannot be used: ${malformed}`;
    return { error: { reason: 'InvalidCertificateRef', message, origin } };
  }
  if (!isSecretMissing(catalog, namespace, name)) return { credential };
  return {
    credential,
    error: { reason: 'InvalidCertificateRef', message: `Secret ${namespace}/${name} not found`, origin, open: true },
  };
}
