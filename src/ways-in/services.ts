// What can be reached: the Services and ServiceEntries of the files, and the hosts that only rules name.

import type { Origin } from '../model/index.js';
import { originOf, type Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { objectsOf, specOf, stringOf, stringsOf } from '../resources/fields.js';
import { type ServicePort, type ServiceView, serviceHost, serviceView } from '../resources/services.js';

export interface KnownService {
  readonly name: string;
  readonly host: string;
  readonly kind: 'Service' | 'ServiceEntry' | 'not in the files';
  readonly type?: string;
  readonly view?: ServiceView;
  readonly origin?: Origin;
  readonly ports: readonly Omit<ServicePort, 'origin'>[];
}

/** By host, in the order of the files. */
export function knownServices(catalog: Catalog): Map<string, KnownService> {
  const services = new Map<string, KnownService>();
  const add = (service: KnownService) => {
    if (!services.has(service.host)) services.set(service.host, service);
  };
  for (const resource of catalog.ofKind('/Service')) add(ofService(resource));
  for (const resource of catalog.ofKind('networking.istio.io/ServiceEntry'))
    for (const host of stringsOf(specOf(resource).hosts)) add(ofServiceEntry(resource, host));
  return services;
}

function ofService(resource: Resource): KnownService {
  const view = serviceView(resource);
  return {
    name: `${resource.namespace}/${resource.name}`,
    host: serviceHost(resource.namespace, resource.name),
    kind: 'Service',
    type: view.headless ? 'headless' : view.type,
    view,
    origin: originOf(resource),
    ports: view.ports,
  };
}

function ofServiceEntry(resource: Resource, host: string): KnownService {
  const ports = objectsOf(specOf(resource).ports).flatMap(({ number, name, protocol }) =>
    typeof number === 'number'
      ? [{ port: number, targetPort: number, name: stringOf(name) ?? '', protocol: stringOf(protocol) ?? 'TCP' }]
      : [],
  );
  return { name: host, host, kind: 'ServiceEntry', origin: originOf(resource), ports };
}

const CLUSTER_SUFFIX = '.svc.cluster.local';

/** A destination that no object of the files defines. */
export function unknownService(host: string): KnownService {
  const [name, namespace] = host.slice(0, -CLUSTER_SUFFIX.length).split('.');
  const short = host.endsWith(CLUSTER_SUFFIX) && name && namespace ? `${namespace}/${name}` : host;
  return { name: short, host, kind: 'not in the files', ports: [] };
}
