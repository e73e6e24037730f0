// A Service of Kubernetes as servers: loadService in pkg/provider/kubernetes/ingress/kubernetes.go, loadServers in .../crd/kubernetes_http.go.

import { type Destination, type Json, type Origin, own } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { booleanOf, listOf, objectOf, objectsOf, stringOf } from '../../../resources/fields.js';
import type { ServicePortRef } from '../../../resources/ingress.js';
import {
  findPort,
  findService,
  knowsService,
  type ServicePort,
  type ServiceView,
  serviceHost,
  unseenPort,
} from '../../../resources/services.js';
import { Dropped } from '../names.js';

/** A Service and a port of it; `service` absent: the files do not hold it, and it may be there. */
export interface FoundPort {
  readonly service?: ServiceView;
  readonly port?: ServicePort;
  readonly to: Pick<Destination, 'host' | 'port' | 'portName'>;
}

/** @throws Dropped */
export function findServicePort(
  catalog: Catalog,
  namespace: string,
  name: string,
  ref: ServicePortRef | undefined,
  allow: { readonly externalName: boolean; readonly looksForExternalPort: boolean },
): FoundPort {
  const service = findService(catalog, namespace, name);
  const host = serviceHost(namespace, name);
  if (!ref) {
    if (!service && knowsService(catalog, namespace, name))
      throw new Dropped(`there is no Service ${namespace}/${name}`);
    throw new Dropped(`no port of the Service ${namespace}/${name} is named`);
  }
  if (!service) {
    if (knowsService(catalog, namespace, name)) throw new Dropped(`there is no Service ${namespace}/${name}`);
    return { to: { host, ...unseenPort(catalog, namespace, name, ref) } };
  }
  const isExternal = service.type === 'ExternalName';
  if (isExternal && !allow.externalName)
    throw new Dropped(
      `the Service ${namespace}/${name} is an ExternalName, which Traefik refuses unless allowExternalNameServices is set`,
    );
  const port = findPort(service, ref);
  if (!port && !(isExternal && allow.looksForExternalPort && 'number' in ref))
    throw new Dropped(`the Service ${namespace}/${name} has no port ${'number' in ref ? ref.number : ref.name}`);
  const number = port?.port ?? ('number' in ref ? ref.number : 0);
  return {
    service,
    ...(port ? { port } : {}),
    to: { host: isExternal ? (service.externalName ?? host) : host, port: number },
  };
}

/**
 * Whether the Service has an endpoint for the port. Without an EndpointSlice of it among the files: yes. `condition`: which of its
 * conditions an endpoint has to have; `absent`: what counts where it is not set.
 */
export function hasEndpoints(
  catalog: Catalog,
  { service, port }: FoundPort,
  { condition, absent }: { readonly condition: 'serving' | 'ready'; readonly absent: boolean },
): boolean {
  if (!service || service.type === 'ExternalName') return true;
  const { namespace, name } = service.resource;
  const slices = catalog
    .ofKind('discovery.k8s.io/EndpointSlice')
    .filter((s) => s.namespace === namespace && own(s.labels, 'kubernetes.io/service-name') === name);
  if (slices.length === 0) return true;
  return slices.some(({ object }) => {
    const named = objectsOf(object.ports).some(
      (p) => (stringOf(p.name) ?? '') === (port?.name ?? '') && typeof p.port === 'number' && p.port !== 0,
    );
    return (
      named &&
      objectsOf(object.endpoints).some((e) => listOf(e.addresses).length > 0 && holds(e.conditions, condition, absent))
    );
  });
}

const holds = (conditions: Json | undefined, name: string, absent: boolean): boolean =>
  booleanOf(own(objectOf(conditions), name)) ?? absent;

/** `https` where the port is 443 or its name says so. */
export const usualScheme = (port: ServicePort | undefined, number: number): 'http' | 'https' =>
  number === 443 || port?.name.startsWith('https') ? 'https' : 'http';

export function destination({ to }: FoundPort, scheme: string, origin: Origin): Destination {
  const protocol = scheme === 'https' ? ('https' as const) : scheme === 'h2c' ? ('h2c' as const) : undefined;
  return { ...to, ...(protocol ? { protocol } : {}), origin };
}
