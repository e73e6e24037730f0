// The certificate that a Gateway shows to its backends: `spec.tls.backend.clientCertificateRef` (GatewayBackendTLS of the specification;
// validateBackendClientCertificateRef in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-27, which only looks at the reference: no
// cluster of Istio gets the certificate).

import {
  type DestinationTls,
  type FilterChain,
  type Listener,
  originOf,
  type Resource,
  type Route,
} from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { isSecretMissing } from '../../../resources/made-elsewhere.js';
import { isGranted } from '../../../resources/reference-grant.js';
import { has, objectAt, stringAt } from '../fields.js';
import { GATEWAY, referencedKind, SECRET, shortKind } from '../kinds.js';
import type { ConfigError, ErrorReason } from './config-error.js';
import type { ControlPlane } from './control-plane.js';
import { malformedPair } from './key-pair.js';

export type ClientCertificateRef =
  | { readonly credential: NonNullable<DestinationTls['own']> }
  | { readonly error: ConfigError };

/** Undefined: the Gateway names none. A Secret of a namespace of which the files hold none counts as there. */
export function clientCertificateOf(gateway: Resource, catalog: Catalog): ClientCertificateRef | undefined {
  const backend = objectAt(objectAt(objectAt(gateway.object, 'spec'), 'tls'), 'backend');
  if (!has(backend, 'clientCertificateRef')) return undefined;
  const reference = objectAt(backend, 'clientCertificateRef');
  const origin = originOf(gateway, 'spec', 'tls', 'backend', 'clientCertificateRef');
  const refuse = (reason: ErrorReason, message: string, open?: true) => ({
    error: { reason, message, origin, ...(open && { open }) },
  });
  const kind = referencedKind(reference, SECRET);
  if (kind !== SECRET)
    return refuse('InvalidClientCertificateRef', `a client certificate is a Secret, not a ${shortKind(kind)}`);
  const name = stringAt(reference, 'name') ?? '';
  const namespace = stringAt(reference, 'namespace') ?? gateway.namespace;
  const cross = { fromKind: GATEWAY, fromNamespace: gateway.namespace, toNamespace: namespace, toName: name };
  if (!isGranted({ ...cross, toKind: SECRET }, catalog))
    return refuse(
      'RefNotPermitted',
      `no ReferenceGrant in namespace ${namespace} lets Gateways of ${gateway.namespace} use Secret ${name}`,
      true,
    );
  const secret = catalog.find(SECRET, namespace, name);
  if (isSecretMissing(catalog, namespace, name))
    return refuse('InvalidClientCertificateRef', `Secret ${namespace}/${name} not found`, true);
  const malformed = secret && malformedPair(secret);
  if (malformed !== undefined)
    return refuse('InvalidClientCertificateRef', `Secret ${namespace}/${name} cannot be used: ${malformed}`);
  return { credential: { namespace, name, origin } };
}

/** The listeners, whose destinations with a policy for TLS are shown the Gateway's certificate. */
export function showingCertificate(
  listeners: readonly Listener[],
  gateway: Resource,
  catalog: Catalog,
  { controlPlane }: ControlPlane,
): readonly Listener[] {
  const shown = controlPlane === 'istio' ? undefined : clientCertificateOf(gateway, catalog);
  if (shown === undefined || 'error' in shown) return listeners;
  const own = shown.credential;
  const ofRoute = (route: Route): Route => {
    const { action } = route;
    if (action.kind !== 'forward') return route;
    const destinations = action.destinations.map((d) =>
      'host' in d.to && d.to.tls ? { ...d, to: { ...d.to, tls: { ...d.to.tls, own } } } : d,
    );
    return { ...route, action: { ...action, destinations } };
  };
  const ofChain = (chain: FilterChain): FilterChain =>
    chain.kind === 'http'
      ? { ...chain, virtualHosts: chain.virtualHosts.map((h) => ({ ...h, routes: h.routes.map(ofRoute) })) }
      : chain;
  return listeners.map((l) => ({ ...l, filterChains: l.filterChains.map(ofChain) }));
}
