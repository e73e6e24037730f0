// What each listener of a Gateway takes: port, protocol, host name, TLS, which kinds of routes from which namespaces
// (Gateway API spec, Listener; Istio: buildListener in pilot/pkg/config/kube/gateway/conversion.go and
// GenerateGatewaySupportedKinds in ../gatewaycommon/conversion.go, 2026-08-22).

import { type Json, type Origin, originOf, type Resource, table } from '../../../model/index.js';
import { type AllowedNamespaces, allowedNamespaces } from '../../../resources/allowed-namespaces.js';
import type { Catalog } from '../../../resources/catalog.js';
import { listAt, numberAt, objectAt, stringAt } from '../fields.js';
import { GRPC_ROUTE, HTTP_ROUTE, type RouteKind, referencedKind, TCP_ROUTE, TLS_ROUTE, UDP_ROUTE } from '../kinds.js';
import type { ConfigError } from './config-error.js';
import type { ControlPlane } from './control-plane.js';
import type { Controller } from './gateway-class.js';
import { type Conflict, conflictsOf } from './listener-conflict.js';
import type { GatewayListenerSet } from './listener-sets.js';
import { type ListenerTls, listenerTls } from './listener-tls.js';

export interface GatewayListener {
  readonly gateway: Resource;
  /** The object that has it: the Gateway, or one of its ListenerSets. */
  readonly owner: Resource;
  readonly name: string;
  readonly port: number;
  /** As written: `HTTP`, `HTTPS`, `TLS`, `TCP`, or something that nobody supports. */
  readonly protocol: string;
  /** `*` where the listener names none. */
  readonly hostname: string;
  readonly tls?: ListenerTls;
  readonly allowedKinds: readonly string[];
  /** Kinds in `allowedRoutes.kinds` that this protocol cannot take. */
  readonly kindsValid: boolean;
  readonly allowedNamespaces: AllowedNamespaces;
  /** Set where it loses to an earlier listener: it is not programmed then. */
  readonly conflict?: Conflict;
  /** Unsupported protocol, or a certificate that cannot be used. */
  readonly error?: ConfigError;
  readonly origin: Origin;
}

/** All listeners of a Gateway in the order written, then those of the ListenerSets that it allows. */
export function listenersOf(
  gateway: Resource,
  sets: readonly GatewayListenerSet[],
  catalog: Catalog,
  controller: Controller,
  { controlPlane }: ControlPlane,
): readonly GatewayListener[] {
  const owners = [gateway, ...sets.filter((s) => s.allowed).map((s) => s.resource)];
  const written = owners.flatMap((owner) =>
    listAt(objectAt(owner.object, 'spec'), 'listeners').map((listener, i) => ({ owner, listener, i })),
  );
  const conflicts = conflictsOf(written.map(({ listener }) => identityOf(listener)));
  return written.map(({ owner, listener, i: index }, i) => {
    const origin = originOf(owner, 'spec', 'listeners', index);
    const { port, protocol, hostname } = identityOf(listener);
    const tls = listenerTls({ gateway, owner, listener, index }, catalog);
    const kinds = allowedKinds(listener, protocol, tls);
    const conflict = conflicts[i];
    const without = owner !== gateway && controlPlane === 'istio' && isWithoutTls({ protocol, ...(tls && { tls }) });
    const error = protocolError(protocol, controller, origin) ?? (without ? withoutTls(protocol, origin) : tls?.error);
    return {
      gateway,
      owner,
      name: stringAt(listener, 'name') ?? '',
      port,
      protocol,
      hostname,
      ...(tls && { tls }),
      allowedKinds: kinds.allowed,
      kindsValid: kinds.valid,
      allowedNamespaces: allowedNamespaces(listener, owner.namespace, catalog),
      ...(conflict && { conflict }),
      ...(error && { error }),
      origin,
    };
  });
}

/** It has a protocol of TLS and says nothing of it: there is nothing to serve. */
export const isWithoutTls = ({ protocol, tls }: Pick<GatewayListener, 'protocol' | 'tls'>): boolean =>
  (protocol === 'HTTPS' || protocol === 'TLS') && tls === undefined;

/** Of a host that a ListenerSet opens: where it stands. The hosts of a Gateway's own listeners are those of the chain. */
export const ofListenerSet = ({ gateway, owner, origin }: GatewayListener): { readonly origin?: Origin } =>
  owner === gateway ? {} : { origin };

const identityOf = (listener: Json) => ({
  port: numberAt(listener, 'port') ?? 0,
  protocol: stringAt(listener, 'protocol') ?? '',
  hostname: stringAt(listener, 'hostname') || '*',
});

const KINDS = table<readonly RouteKind[]>({
  HTTP: [HTTP_ROUTE, GRPC_ROUTE],
  HTTPS: [HTTP_ROUTE, GRPC_ROUTE],
  TCP: [TCP_ROUTE],
  TLS: [TLS_ROUTE],
});

/** Datagrams are not read: a listener of them is there, and nothing is served by it here. */
export const isOfDatagrams = ({ protocol }: Pick<GatewayListener, 'protocol'>): boolean => protocol === 'UDP';

function allowedKinds(listener: Json, protocol: string, tls: ListenerTls | undefined) {
  const byProtocol: readonly string[] = isOfDatagrams({ protocol }) ? [UDP_ROUTE] : (KINDS.get(protocol) ?? []);
  const supported: readonly string[] =
    protocol === 'TLS' && tls?.mode === 'Terminate' ? [...byProtocol, TCP_ROUTE] : byProtocol;
  const wanted = listAt(objectAt(listener, 'allowedRoutes'), 'kinds').map((kind) => referencedKind(kind, HTTP_ROUTE));
  if (wanted.length === 0) return { allowed: supported, valid: true };
  const allowed = supported.filter((kind) => wanted.includes(kind));
  return { allowed, valid: allowed.length === wanted.length };
}

/** buildListener in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-27: of a Gateway's own it says nothing. */
const withoutTls = (protocol: string, origin: Origin): ConfigError => ({
  reason: 'UnsupportedProtocol',
  message: `protocol ${protocol} needs tls`,
  origin,
});

/** listenerProtocolToIstio in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22: the tunnel between proxies is for waypoints. */
function protocolError(protocol: string, controller: Controller, origin: Origin): ConfigError | undefined {
  // A protocol of the standard, with support that depends on the implementation (ProtocolType in apis/v1/gateway_types.go).
  if (isOfDatagrams({ protocol }) && (controller === 'envoy-gateway' || controller === 'other')) return undefined;
  if (KINDS.has(protocol) || (protocol === 'HBONE' && controller === 'waypoint')) return undefined;
  if (protocol === 'HBONE' && controller === 'istio')
    return {
      reason: 'UnsupportedProtocol',
      message: 'protocol "HBONE" is only supported for waypoint proxies',
      origin,
    };
  const upper = protocol.toUpperCase();
  const hint = KINDS.has(upper) ? `; did you mean "${upper}"?` : '';
  return { reason: 'UnsupportedProtocol', message: `protocol "${protocol}" is not supported${hint}`, origin };
}
