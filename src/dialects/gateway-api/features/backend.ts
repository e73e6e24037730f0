// What a backendRef means: a destination, or an answer of 500 where it is invalid (Gateway API spec, HTTPBackendRef;
// Istio: buildDestination in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22). A cluster that does not exist
// answers 500 too, because routes of the Gateway API set ClusterNotFoundResponseCode
// (applyHTTPRouteDestination in pilot/pkg/networking/core/route/route.go; recorded: gwapi-11-007 #0).

import { type Destination, type Json, type Origin, originOf } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { isGranted } from '../../../resources/reference-grant.js';
import { findService, serviceHost } from '../../../resources/services.js';
import { has, numberAt, stringAt } from '../fields.js';
import { HOSTNAME, INFERENCE_POOL, referencedKind, SERVICE, SERVICE_IMPORT, shortKind } from '../kinds.js';
import { backendTlsOf, withTls } from './backend-tls.js';
import type { ConfigError } from './config-error.js';
import type { Backend, BackendContext } from './own-kinds.js';

export function resolveBackend(reference: Json, origin: Origin, context: BackendContext): Backend {
  const kind = referencedKind(reference, SERVICE);
  const name = stringAt(reference, 'name') ?? '';
  const namespace = stringAt(reference, 'namespace') ?? context.routeNamespace;
  const fail = (reason: ConfigError['reason'], message: string): Backend => ({ error: { reason, message, origin } });
  const cross = { fromKind: context.routeKind, fromNamespace: context.routeNamespace };
  if (!isGranted({ ...cross, toKind: kind, toNamespace: namespace, toName: name }, context.catalog)) {
    const from = `${shortKind(context.routeKind)}s of ${context.routeNamespace}`;
    return fail(
      'RefNotPermitted',
      `no ReferenceGrant in namespace ${namespace} lets ${from} use ${shortKind(kind)} ${name}`,
    );
  }
  let host: string;
  if (kind === SERVICE || kind === SERVICE_IMPORT) {
    if (kind === SERVICE && name.includes('.'))
      return fail('InvalidDestination', `"${name}" is a host name; a backendRef needs the name of the Service`);
    host = serviceHost(namespace, name);
  } else if (kind === HOSTNAME) {
    if (has(reference, 'namespace')) return fail('InvalidDestination', 'a Hostname has no namespace');
    host = name;
  } else {
    const own = context.implementation.backend?.(kind, namespace, name, origin, context);
    if (own) return own;
    return fail('InvalidKind', unsupportedKind(kind, context));
  }

  const port = numberAt(reference, 'port');
  if (port === undefined) return fail('InvalidDestination', `backendRef ${name} needs a port`);
  const protocol = kind === SERVICE ? unsupportedProtocol(namespace, name, port, context) : undefined;
  if (protocol !== undefined)
    return fail('UnsupportedProtocol', `port ${port} of Service ${namespace}/${name} speaks ${protocol}`);
  const { clusters, routeNamespace } = context;
  const plain = clusters.destination({ host, port, listenerPort: port, namespace: routeNamespace, origin });
  const tls = kind === SERVICE ? backendTlsOf({ namespace, name, port }, context.catalog, context) : undefined;
  if (tls && 'error' in tls) return { answer: { status: 503, origin: originOf(tls.error.origin.resource, 'spec') } };
  const destination = tls ? withTls(plain, tls.settings) : plain;
  if (
    kind === HOSTNAME
      ? clusters.services.preferring(routeNamespace, host)
      : hasService(context.catalog, namespace, name)
  )
    return { destination };
  return clusters.services.isComplete(host)
    ? { destination, ...fail('BackendNotFound', `backend ${host} not found`) }
    : { destination };
}

/** Istio has a feature for pools of inference servers, off by default (EnableGatewayAPIInferenceExtension in pilot/pkg/features/experimental.go, 2026-08-27). */
const unsupportedKind = (kind: string, { controlPlane }: BackendContext): string =>
  kind === INFERENCE_POOL && controlPlane === 'istio'
    ? 'Istio reads an InferencePool only where ENABLE_GATEWAY_API_INFERENCE_EXTENSION is true in istiod'
    : `${kind.replace(/^\//, '')} is not a supported kind of backend`;

/** Names that Kubernetes reserves for itself (Service spec, appProtocol; GEP-1911). */
const KUBERNETES_PROTOCOLS = ['kubernetes.io/h2c', 'kubernetes.io/ws', 'kubernetes.io/wss'];

/** A backend whose protocol nobody knows is invalid by the standard (RouteReasonUnsupportedProtocol); Istio does not look. */
function unsupportedProtocol(
  namespace: string,
  name: string,
  port: number,
  context: BackendContext,
): string | undefined {
  if (context.controlPlane === 'istio') return undefined;
  const protocol = findService(context.catalog, namespace, name)?.ports.find((p) => p.port === port)?.appProtocol;
  return protocol?.startsWith('kubernetes.io/') && !KUBERNETES_PROTOCOLS.includes(protocol) ? protocol : undefined;
}

const hasService = (catalog: Catalog, namespace: string, name: string) =>
  catalog.find(SERVICE, namespace, name) !== undefined;

/** What a share of the requests comes to: forwarded, or answered 500. */
export const outcomeOf = (
  { destination, answer }: Backend,
  origin: Origin,
): Destination | { readonly status: number; readonly origin: Origin } =>
  answer ?? (destination === undefined || destination.missing !== undefined ? { status: 500, origin } : destination);
