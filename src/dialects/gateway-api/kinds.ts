// Names of the kinds that this dialect reads, and what a reference means that leaves group or kind out
// (defaults of the Gateway API CRDs, standard channel v1).

import type { Json } from '../../model/index.js';

export { shortKind } from '../../model/index.js';

import { stringAt } from './fields.js';

export const GROUP = 'gateway.networking.k8s.io';

export const GATEWAY = `${GROUP}/Gateway`;
export const GATEWAY_CLASS = `${GROUP}/GatewayClass`;
export const HTTP_ROUTE = `${GROUP}/HTTPRoute`;
export const GRPC_ROUTE = `${GROUP}/GRPCRoute`;
export const TLS_ROUTE = `${GROUP}/TLSRoute`;
export const TCP_ROUTE = `${GROUP}/TCPRoute`;
export const UDP_ROUTE = `${GROUP}/UDPRoute`;
export const BACKEND_TLS_POLICY = `${GROUP}/BackendTLSPolicy`;
export const LISTENER_SET = `${GROUP}/ListenerSet`;
export const SERVICE = '/Service';
export const SECRET = '/Secret';
export const CONFIG_MAP = '/ConfigMap';
export const SERVICE_ENTRY = 'networking.istio.io/ServiceEntry';
/** Not a real kind: a host name as Istio's extension of backendRefs takes it. */
export const HOSTNAME = 'networking.istio.io/Hostname';
export const INFERENCE_POOL = 'inference.networking.k8s.io/InferencePool';
export const SERVICE_IMPORT = 'multicluster.x-k8s.io/ServiceImport';

/** The kinds of routes that a gateway takes; the order in which they are read. */
export const ROUTE_KINDS = [HTTP_ROUTE, GRPC_ROUTE, TLS_ROUTE, TCP_ROUTE] as const;
export type RouteKind = (typeof ROUTE_KINDS)[number];

/** `group/kind` of a reference; `fallback` supplies what it leaves out. */
export function referencedKind(reference: Json | undefined, fallback: string): string {
  const slash = fallback.indexOf('/');
  const group = stringAt(reference, 'group') ?? fallback.slice(0, slash);
  const kind = stringAt(reference, 'kind') ?? fallback.slice(slash + 1);
  return `${group}/${kind}`;
}
