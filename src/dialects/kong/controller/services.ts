// Kong's service of a Kubernetes Service and port, and what it is sent to: internal/dataplane/kongstate/service.go and
// internal/dataplane/translator/translate_upstreams.go of Kong/kubernetes-ingress-controller (3.5).

import {
  type Destination,
  type Origin,
  originOf,
  own,
  plainTemplate,
  type Resource,
  type Template,
} from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import type { ServicePortRef } from '../../../resources/ingress.js';
import {
  findService,
  knowsService,
  type ServicePort,
  type ServiceView,
  serviceHost,
  unseenPort,
} from '../../../resources/services.js';
import { type KongService, SERVICE_SETTINGS, type ServiceSetting } from '../entities.js';
import { joinedPolicies, policyOfServices } from '../upstream-policy.js';
import { annotation, isProtocol, numberOf } from './annotations.js';
import { overrideOf } from './kong-ingress.js';

/** One Service behind Kong's service. */
export interface Backend {
  readonly namespace: string;
  readonly name: string;
  /** Absent: its only port. */
  readonly port?: ServicePortRef;
  readonly weight?: number;
  readonly origin: Origin;
}

/** `80`, `http`, `implicitPort`. */
export const portWord = (port: ServicePortRef | undefined): string =>
  port === undefined ? 'implicitPort' : 'number' in port ? String(port.number) : port.name;

/** `name`: of Kong's service. The settings are those of its Services, which have to agree. `ofRoute`: of the Gateway API. */
export function kongService(
  catalog: Catalog,
  name: string,
  backends: readonly Backend[],
  { origin, ofRoute = false }: { readonly origin: Origin; readonly ofRoute?: boolean },
): KongService {
  const views = backends.flatMap(({ namespace, name: service }) => findService(catalog, namespace, service) ?? []);
  const settings = [...views].sort((a, b) => (a.resource.name < b.resource.name ? -1 : 1)).at(-1)?.resource;
  const said = settings && annotation(settings, 'protocol');
  const protocol = said !== undefined && said !== '' && isProtocol(said) ? said : 'http';
  const path = settings && annotation(settings, 'path');
  // What has no port and is not in the files has no endpoint (the API server takes no such Ingress).
  const found = backends.filter(({ namespace, name, port }) => port ?? findService(catalog, namespace, name));
  const to = found.map((backend) => ({
    destination: { ...destinationOf(catalog, backend), ...protocolOfDestination(protocol) },
    weight: backend.weight ?? 100,
  }));
  const override = overrideOf(catalog, views, ofRoute);
  const header = override?.instead ? undefined : (settings && annotation(settings, 'host-header')) || override?.host;
  const policy = joinedPolicies(override?.policy, policyOfServices(catalog, views));
  return {
    name,
    protocol,
    path: path?.startsWith('/') && !protocol.startsWith('grpc') ? path : '/',
    hasPath: !protocol.startsWith('grpc'),
    to,
    host: hostSent(views[0], backends[0], header, protocol),
    settings: settings ? settingsOf(settings) : [],
    ...(policy ? { policy } : {}),
    origin: settings ? originOf(settings, 'metadata', 'annotations') : origin,
  };
}

const settingsOf = (service: Resource): readonly ServiceSetting[] =>
  SERVICE_SETTINGS.flatMap((name) => {
    const value = numberOf(service, name);
    return value === undefined
      ? []
      : [{ name, value, origin: originOf(service, 'metadata', 'annotations', `konghq.com/${name}`) }];
  });

function protocolOfDestination(protocol: string): Pick<Destination, 'protocol'> {
  return protocol === 'https' || protocol === 'grpc' || protocol === 'grpcs' ? { protocol } : {};
}

export function destinationOf(catalog: Catalog, { namespace, name, port, origin }: Backend): Destination {
  const service = findService(catalog, namespace, name);
  const host = serviceHost(namespace, name);
  if (!service) {
    const number = port && 'number' in port ? port.number : 0;
    if (knowsService(catalog, namespace, name) || !port) return { host, port: number, missing: 'service', origin };
    return { host, ...unseenPort(catalog, namespace, name, port), origin };
  }
  const found = portOf(service, port);
  if (!found) return { host, port: port && 'number' in port ? port.number : 0, missing: 'port', origin };
  return { host, port: found.port, origin };
}

/** findPort: by number, by name or name of the target; without either the only one. An ExternalName takes numbers only, and any. */
export function portOf(
  service: ServiceView,
  port: ServicePortRef | undefined,
): Pick<ServicePort, 'port' | 'targetPort'> | undefined {
  if (service.type === 'ExternalName')
    return port && 'number' in port ? { port: port.number, targetPort: port.number } : undefined;
  if (!port) return service.ports.length === 1 ? service.ports[0] : undefined;
  return 'number' in port
    ? service.ports.find((p) => p.port === port.number)
    : service.ports.find((p) => p.name === port.name || p.targetPort === port.name);
}

/** The address of a pod, which no file knows (simulate/engines/kong/operators.ts). */
const POD_ADDRESS: Template = '%POD_IP%';

/** The Host header without preserve-host: what the annotation says, else the address of the endpoint; its port unless it is the scheme's. */
function hostSent(
  service: ServiceView | undefined,
  backend: Backend | undefined,
  header: string | undefined,
  protocol: string,
): Template {
  const found = service && portOf(service, backend?.port);
  const address = addressOf(service, header);
  const upstream = service !== undefined && isServiceUpstream(service.resource);
  const port = upstream ? found?.port : found?.targetPort;
  const usual = protocol === 'https' ? 443 : 80;
  return port === undefined || typeof port === 'string' || port === usual ? address : `${address}:${port}`;
}

function addressOf(service: ServiceView | undefined, header: string | undefined): Template {
  if (header !== undefined) return plainTemplate(header);
  if (!service) return POD_ADDRESS;
  if (isServiceUpstream(service.resource)) return serviceHost(service.resource.namespace, service.resource.name);
  return service.externalName === undefined ? POD_ADDRESS : plainTemplate(service.externalName);
}

/** The Service's own address is the only endpoint. */
const isServiceUpstream = ({ annotations }: Pick<Resource, 'annotations'>): boolean =>
  own(annotations, 'ingress.kubernetes.io/service-upstream') === 'true';
