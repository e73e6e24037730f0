// Services of the files: by name, and their ports by number or name.

import { type JsonObject, type Origin, originOf, type Resource } from '../model/index.js';
import type { Catalog } from './catalog.js';
import { objectsOf, specOf, stringMapOf, stringOf } from './fields.js';
import type { ServicePortRef } from './ingress.js';

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

/** Do the files know the Services of a namespace: at least one is there, so that another one missing is an error. */
export const knowsServicesOf = (catalog: Catalog, namespace: string): boolean =>
  catalog.ofKind('/Service').some((service) => service.namespace === namespace);

/** `httpbin.default.svc.cluster.local`. */
export const serviceHost = (namespace: string, name: string): string => `${name}.${namespace}.svc.cluster.local`;
