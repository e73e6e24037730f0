// Services of the files: by name, and their ports by number or name.

import { type JsonObject, type Origin, originOf, own, type Resource } from '../model/index.js';
import { type Catalog, withSettings } from './catalog.js';
import { objectsOf, specOf, stringMapOf, stringOf } from './fields.js';
import type { ServicePortRef } from './ingress.js';
import { perCatalog, sameList, sameSet } from './kept-answers.js';
import { openNamespaces } from './made-elsewhere.js';
import { ASSUMED_NAMESPACE, isWithoutNamespace } from './namespace.js';

export interface ServiceView {
  readonly resource: Resource;
  /** Default `ClusterIP`. */
  readonly type: string;
  /** Of type ExternalName: the name it stands for. */
  readonly externalName?: string;
  /** `clusterIP: None`. */
  readonly headless: boolean;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
}

export interface ServicePort {
  /** Empty: the only port, unnamed. */
  readonly name: string;
  readonly port: number;
  /** Default: `port`. A text is a name of a container's port. */
  readonly targetPort: number | string;
  readonly nodePort?: number;
  readonly appProtocol?: string;
  /** Default `TCP`. */
  readonly protocol: string;
  readonly origin: Origin;
}

const views = new WeakMap<Resource, ServiceView>();

/** Reads a Service. Fields of a wrong type count as absent; a port without a number is left out. */
export function serviceView(resource: Resource): ServiceView {
  const known = views.get(resource);
  if (known) return known;
  const spec = specOf(resource);
  const externalName = stringOf(spec.externalName);
  const view: ServiceView = {
    resource,
    type: stringOf(spec.type) || 'ClusterIP',
    ...(externalName === undefined ? {} : { externalName }),
    headless: stringOf(spec.clusterIP) === 'None',
    selector: stringMapOf(spec.selector),
    ports: objectsOf(spec.ports).flatMap((entry, i) => portView(entry, originOf(resource, 'spec', 'ports', i))),
  };
  views.set(resource, view);
  return view;
}

const portNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

function portView(entry: JsonObject, origin: Origin): ServicePort[] {
  const port = portNumber(entry.port);
  if (port === undefined) return [];
  const target = entry.targetPort;
  const nodePort = portNumber(entry.nodePort);
  const appProtocol = stringOf(entry.appProtocol);
  return [
    {
      name: stringOf(entry.name) ?? '',
      port,
      targetPort: typeof target === 'number' || typeof target === 'string' ? target : port,
      ...(nodePort === undefined ? {} : { nodePort }),
      ...(appProtocol === undefined ? {} : { appProtocol }),
      protocol: stringOf(entry.protocol) || 'TCP',
      origin,
    },
  ];
}

/** The Service of this name, or undefined. */
export function findService(catalog: Catalog, namespace: string, name: string): ServiceView | undefined {
  const resource = catalog.find('/Service', namespace, name);
  return resource ? serviceView(resource) : undefined;
}

/** The port that a number or a name means; several entries of one number: the first. */
export const findPort = (service: ServiceView, ref: ServicePortRef): ServicePort | undefined =>
  service.ports.find((p) => ('number' in ref ? p.port === ref.number : p.name === ref.name));

/** A port of a Service that is not in the files: its number, or as --service-port gives it; else 0 and the name. */
export function unseenPort(
  { servicePorts }: Pick<Catalog, 'servicePorts'>,
  namespace: string,
  service: string,
  ref: ServicePortRef,
): { readonly port: number; readonly portName?: string } {
  if ('number' in ref) return { port: ref.number };
  const number = own(servicePorts, `${namespace}/${service}:${ref.name}`) ?? own(servicePorts, ref.name);
  return number === undefined ? { port: 0, portName: ref.name } : { port: number };
}

/**
 * Which Services count as all there are: as soon as the files hold the Service of an application, those of every namespace that the
 * files hold objects of; one that is missing there does not exist. A gateway's own Service says nothing about the applications behind
 * it, and a chart that an object of the files installs into a namespace brings Services of its own. Without any, and of other namespaces,
 * nothing is known: what is not in the files may be there.
 */
const knowsServicesOf = (catalog: Catalog, namespace: string): boolean =>
  knownNamespaces(catalog).has(namespace) && !openNamespaces(catalog).has(namespace);

/** Services that an installation brings and that nobody has among the files: the cluster's own, and Istio's, whose gateways are installed into any namespace. */
const INSTALLED =
  /^(kubernetes\.default|kube-dns\.kube-system|istiod(-[a-z0-9-]+)?\.istio-system|istio-(ingress|egress|eastwest)(gateway)?\.[a-z0-9-]+)$/;

/**
 * The same for one Service. What an installation brings counts as being there; so does one of this name whose namespace the file leaves
 * to whoever applies it.
 */
export const knowsService = (catalog: Catalog, namespace: string, name: string): boolean =>
  knowsServicesOf(catalog, namespace) &&
  !INSTALLED.test(`${name}.${namespace}`) &&
  !isWithoutNamespace(catalog.find('/Service', ASSUMED_NAMESPACE, name));

/**
 * The same for a host, fully qualified: of a name of the cluster, its namespace decides; hosts outside of the cluster count as all there
 * are as soon as the files hold a ServiceEntry.
 */
export function knowsHost(catalog: Catalog, host: string): boolean {
  if (host === NOWHERE_HOST) return true;
  if (completeName(catalog, host) !== undefined) return true;
  const service = serviceOfHost(host);
  return service === undefined
    ? catalog.ofKind('networking.istio.io/ServiceEntry').length > 0
    : knowsService(catalog, service.namespace, service.name);
}

/** Where Istio sends what has no valid backend (pilot/pkg/config/kube/gateway/conversion.go): no Service has this name. */
export const NOWHERE_HOST = 'internal.cluster.local';

const knownNamespaces = (catalog: Catalog): ReadonlySet<string> => namespacesKnown(catalog.servicesKnownOf ?? catalog);

const namespacesKnown = perCatalog(
  (catalog): ReadonlySet<string> => (applicationServices(catalog).length > 0 ? namespacesOf(catalog) : new Set()),
  sameSet,
);

/** The catalog, as what became of `source`: its objects stand in other namespaces, and which Services are all there stays as it was. */
export const withServicesKnownOf = (source: Catalog, catalog: Catalog): Catalog =>
  withSettings(catalog, { servicesKnownOf: source.servicesKnownOf ?? source, keeping: undefined });

/** Namespaces that the files hold objects of. */
const namespacesOf = perCatalog(
  (catalog): ReadonlySet<string> => new Set(catalog.all.map((r) => r.namespace)),
  sameSet,
);

/** Services of the files that are no gateway's own. */
export const applicationServices = perCatalog((catalog): readonly Resource[] => {
  const selectors = catalog.ofKind('networking.istio.io/Gateway').map((g) => stringMapOf(specOf(g).selector));
  return catalog.ofKind('/Service').filter((service) => !isOfGateway(serviceView(service), selectors));
}, sameList);

/** A load balancer, or what a Gateway of the files selects. */
function isOfGateway({ type, selector }: ServiceView, gateways: readonly Readonly<Record<string, string>>[]): boolean {
  if (type === 'LoadBalancer') return true;
  return gateways.some((labels) => {
    const wanted = Object.entries(labels);
    return wanted.length > 0 && wanted.every(([key, value]) => own(selector, key) === value);
  });
}

/** A name of the cluster that ends too early: `app.web`, `app.web.svc`; or that lacks its namespace: `app.svc.cluster.local`. */
const UNFINISHED = /^([a-z0-9-]+)\.([a-z0-9-]+)(\.svc(?:\.cluster)?)?$/;
const WITHOUT_NAMESPACE = /^([a-z0-9-]+)\.svc\.cluster\.local$/;
/** Namespaces that are also the end of names on the internet. */
const TOP_LEVEL = /^(?:[a-z]{2}|com|net|org|info|biz|dev|app|cloud|shop|store|site|tech|online|page|xyz|test|local)$/;

/**
 * The full name of the Service that an unfinished one means: Istio completes names without a dot only, so that `app.web` is no host of
 * the cluster (ResolveShortnameToFQDN in pilot/pkg/model/config.go). Undefined: the name is no such, or may be another host.
 */
export function completeName(catalog: Catalog, host: string): string | undefined {
  const [, bare] = WITHOUT_NAMESPACE.exec(host) ?? [];
  if (bare !== undefined) return serviceHost('NAMESPACE', bare);
  // Services have no dot at their end, and names are compared as they are.
  if (host.endsWith('.') && serviceOfHost(host.slice(0, -1))) return host.slice(0, -1);
  const [, name, of, behind] = UNFINISHED.exec(host) ?? [];
  if (name === undefined || of === undefined || of === 'svc') return undefined;
  const isMeant =
    behind !== undefined ||
    catalog.find('/Service', of, name) !== undefined ||
    (!TOP_LEVEL.test(of) && namespacesOf(catalog).has(of));
  return isMeant ? serviceHost(of, name) : undefined;
}

const SUFFIX = '.svc.cluster.local';

/** Of the host of a Service, fully qualified; undefined: it is none. */
export function serviceOfHost(host: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!host.endsWith(SUFFIX)) return undefined;
  const [name, namespace, ...rest] = host.slice(0, -SUFFIX.length).split('.');
  return name && namespace && rest.length === 0 ? { namespace, name } : undefined;
}

/** `httpbin.default.svc.cluster.local`. */
export const serviceHost = (namespace: string, name: string): string => `${name}.${namespace}${SUFFIX}`;
