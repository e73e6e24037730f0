// The groups of endpoints behind locations: createUpstreams and serviceEndpoints in
// internal/ingress/controller/controller.go (kubernetes/ingress-nginx controller-v1.15.1). One per namespace, Service and
// port over all Ingresses; whether it has endpoints is read off the Services of the files.

import { type Destination, type Origin, table } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import type { IngressBackend, ServicePortRef } from '../../../resources/ingress.js';
import { findService, knowsService, type ServiceView, serviceHost, unseenPort } from '../../../resources/services.js';
import type { CanarySettings } from '../annotations/settings.js';
import type { NginxIngress } from './ingresses.js';

/** Name of the upstream that answers where nobody else does. */
export const DEFAULT_UPSTREAM = 'upstream-default-backend';

export interface Upstream {
  readonly name: string;
  /** Absent: no endpoints. */
  readonly destination?: Destination;
  readonly origin?: Origin;
  /** It belongs to a canary and is no location's own backend. */
  readonly noServer: boolean;
  /** How requests are shared with it, where it belongs to a canary. */
  readonly canary?: CanarySettings & { readonly ingress: NginxIngress };
  /** Names of the canaries of this upstream; only the first counts (route_to_alternative_balancer in balancer.lua). */
  readonly alternatives: string[];
  /** A cookie binds clients to endpoints. */
  sticky: boolean;
}

export type Upstreams = Map<string, Upstream>;

/** upstreamName in util.go: parts are joined with dashes, so that names of different Services can collide. */
export function upstreamName(namespace: string, backend: IngressBackend | undefined): string {
  const service = backend?.service;
  const port = service?.port;
  if (!service || !port) return `${namespace}-INVALID`;
  return `${namespace}-${service.name}-${'number' in port ? port.number : port.name}`;
}

export function createUpstreams(ingresses: readonly NginxIngress[], catalog: Catalog): Upstreams {
  const upstreams: Upstreams = new Map();
  upstreams.set(DEFAULT_UPSTREAM, { name: DEFAULT_UPSTREAM, noServer: false, alternatives: [], sticky: false });
  for (const ingress of ingresses) {
    const { defaultBackend, rules } = ingress.view;
    // A default backend is made anew even where the upstream exists.
    if (defaultBackend?.service) add(upstreams, ingress, defaultBackend, catalog);
    for (const rule of rules) {
      for (const { backend } of rule.paths) {
        if (backend?.service && !upstreams.has(upstreamName(ingress.namespace, backend))) {
          add(upstreams, ingress, backend, catalog);
        }
      }
    }
  }
  return upstreams;
}

function add(upstreams: Upstreams, ingress: NginxIngress, backend: IngressBackend, catalog: Catalog): void {
  const name = upstreamName(ingress.namespace, backend);
  const { canary } = ingress.settings;
  const destination = endpointsOf(catalog, ingress, backend);
  upstreams.set(name, {
    name,
    ...(destination ? { destination } : {}),
    origin: backend.origin,
    noServer: canary !== undefined,
    ...(canary ? { canary: { ...canary, ingress } } : {}),
    alternatives: [],
    sticky: false,
  });
}

function endpointsOf(catalog: Catalog, ingress: NginxIngress, backend: IngressBackend): Destination | undefined {
  const { service } = backend;
  if (!service?.port) return undefined;
  return serviceDestination(catalog, ingress, service.name, service.port, backend.origin);
}

/**
 * Where a Service and port lead; undefined: no endpoints. A Service that is there counts as having endpoints.
 */
export function serviceDestination(
  catalog: Catalog,
  ingress: NginxIngress,
  name: string,
  port: ServicePortRef | undefined,
  origin: Origin,
): Destination | undefined {
  const { namespace, settings } = ingress;
  const service = findService(catalog, namespace, name);
  const to = (number: number): Destination => ({
    host: serviceHost(namespace, name),
    port: number,
    ...protocolOf(settings.backendProtocol),
    origin,
  });
  if (!service) {
    if (knowsService(catalog, namespace, name) || !port) return undefined;
    return { ...to(0), ...unseenPort(catalog, namespace, name, port) };
  }
  const number = port ? portOf(service, port) : service.ports[0]?.port;
  return number === undefined ? undefined : to(number);
}

/** Port number, target port or name of the port; an ExternalName takes any number (externalNamePorts). */
function portOf(service: ServiceView, ref: ServicePortRef): number | undefined {
  const wanted = 'number' in ref ? String(ref.number) : ref.name;
  const found = service.ports.find(
    (p) => String(p.port) === wanted || String(p.targetPort) === wanted || p.name === wanted,
  );
  if (found) return found.port;
  return service.type === 'ExternalName' && 'number' in ref ? ref.number : undefined;
}

const PROTOCOLS = table<NonNullable<Destination['protocol']>>({
  HTTPS: 'https',
  GRPC: 'grpc',
  GRPCS: 'grpcs',
  AUTO_HTTP: 'auto',
});

export function protocolOf(written: string): Pick<Destination, 'protocol'> {
  const protocol = PROTOCOLS.get(written);
  return protocol ? { protocol } : {};
}
