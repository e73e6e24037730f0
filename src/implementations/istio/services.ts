// Which services Istio knows, from Service and ServiceEntry objects, and which of them a gateway sees.
// pilot/pkg/serviceregistry/{kube,serviceentry}/conversion.go, initServiceRegistry in pilot/pkg/model/push_context.go
// and appendSidecarServices in pilot/pkg/model/sidecar.go (Istio of 2026-08-22).

import type { JsonObject, Origin, Resource } from '../../model/index.js';
import { originOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { createdAt } from '../../resources/creation.js';
import {
  compareText,
  numberOf,
  objectOf,
  objectsOf,
  specOf,
  stringMapOf,
  stringOf,
  stringsOf,
} from '../../resources/fields.js';
import { knowsHost } from '../../resources/services.js';
import { CLUSTER_DOMAIN } from './hosts.js';
import { meshConfig } from './mesh-config.js';

export interface ServicePort {
  readonly number: number;
  readonly name: string;
  /** Upper case; of a Service: from appProtocol or the beginning of the name; `''`: not said, Istio looks at the bytes. */
  readonly protocol: string;
}

export interface IstioService {
  readonly hostname: string;
  readonly name: string;
  readonly namespace: string;
  readonly kubernetes: boolean;
  readonly ports: readonly ServicePort[];
  /** Of a Service of type ExternalName: the host it stands for; it has no cluster of its own. */
  readonly externalName?: string;
  /** `DNS` services need an endpoint to have a cluster. */
  readonly resolution: 'STATIC' | 'DNS' | 'DYNAMIC_DNS';
  /** Labels of the endpoints written in a ServiceEntry, `undefined` where endpoints come from elsewhere. */
  readonly endpoints?: readonly Readonly<Record<string, string>>[];
  /** Namespaces, `*`, `.`, `~`. */
  readonly exportTo: ReadonlySet<string>;
  readonly meshExternal: boolean;
  readonly createdAt: number;
  /** Same port list may merge only where these agree (canMergeServices in sidecar.go). */
  readonly mergeKey: string;
  readonly origin: Origin;
}

/** Protocol of a Service port: ConvertProtocol in pkg/config/kube/conversion.go. */
function servicePortProtocol(port: JsonObject): string {
  if (stringOf(port.protocol)?.toUpperCase() === 'UDP') return 'UDP';
  const declared = (stringOf(port.appProtocol) ?? stringOf(port.name) ?? '').toLowerCase();
  if (declared === 'kubernetes.io/h2c') return 'HTTP2';
  if (/^grpc-web(-|$)/.test(declared)) return 'GRPC-WEB';
  const word = /^[a-z0-9_]*/.exec(declared)?.[0] ?? '';
  return ['grpc', 'http', 'http2', 'https', 'tls', 'tcp', 'udp', 'mongo', 'redis', 'mysql'].includes(word)
    ? word.toUpperCase()
    : '';
}

const sortedJson = (map: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(map).sort(([a], [b]) => compareText(a, b)));

function ofService(resource: Resource, exportedTo: ReadonlySet<string>): IstioService {
  const spec = specOf(resource);
  const external = spec.type === 'ExternalName' ? stringOf(spec.externalName) : undefined;
  const exported = resource.annotations['networking.istio.io/exportTo'];
  return {
    hostname: `${resource.name}.${resource.namespace}.svc.${CLUSTER_DOMAIN}`,
    name: resource.name,
    namespace: resource.namespace,
    kubernetes: true,
    ports: objectsOf(spec.ports).map((p) => ({
      number: numberOf(p.port) ?? 0,
      name: stringOf(p.name) ?? '',
      protocol: servicePortProtocol(p),
    })),
    ...(external ? { externalName: external } : {}),
    resolution: 'STATIC',
    exportTo: exported ? new Set(exported.split(',').map((n) => n.trim())) : exportedTo,
    meshExternal: external !== undefined,
    createdAt: createdAt(resource),
    mergeKey: '',
    origin: originOf(resource),
  };
}

function ofServiceEntry(resource: Resource, exportedTo: ReadonlySet<string>): IstioService[] {
  const spec = specOf(resource);
  const written = stringOf(spec.resolution) ?? 'NONE';
  const dns = written === 'DNS' || written === 'DNS_ROUND_ROBIN';
  const selector = objectOf(spec.workloadSelector);
  const endpoints = objectsOf(spec.endpoints).map((e) => stringMapOf(e.labels));
  const exportTo = stringsOf(spec.exportTo);
  return stringsOf(spec.hosts).map((hostname) => ({
    hostname,
    name: hostname,
    namespace: resource.namespace,
    kubernetes: false,
    ports: objectsOf(spec.ports).map((p) => ({
      number: numberOf(p.number) ?? 0,
      name: stringOf(p.name) ?? '',
      protocol: (stringOf(p.protocol) ?? '').toUpperCase(),
    })),
    resolution: dns ? 'DNS' : written === 'DYNAMIC_DNS' ? 'DYNAMIC_DNS' : 'STATIC',
    // Without endpoints a DNS entry is its own endpoint: convertServiceEntryToInstances in serviceentry/conversion.go.
    ...(dns ? { endpoints: endpoints.length > 0 ? endpoints : selector ? [] : [{}] } : {}),
    exportTo: exportTo.length > 0 ? new Set(exportTo) : exportedTo,
    meshExternal: spec.location !== 'MESH_INTERNAL',
    createdAt: createdAt(resource),
    mergeKey: [
      written,
      sortedJson(resource.labels),
      sortedJson(stringMapOf(selector?.labels)),
      [...exportTo].sort().join(),
    ].join('|'),
    origin: originOf(resource),
  }));
}

/** Visible to workloads of `namespace`: IsServiceVisible in push_context.go. */
export function isVisible(service: IstioService, namespace: string): boolean {
  const { exportTo } = service;
  return exportTo.has('*') || exportTo.has(namespace) || (exportTo.has('.') && service.namespace === namespace);
}

export interface ServiceIndex {
  /** Whether the files show that a host that they do not define does not exist (resources/services.ts says when). */
  isComplete(hostname: string): boolean;
  /** What a gateway of namespace `gateway` understands by `hostname`. */
  scoped(hostname: string): IstioService | undefined;
  /** The same, but the namespace of the object that names it comes first (buildNameToServiceMapForHTTPRoutes in core/gateway.go). */
  preferring(namespace: string, hostname: string): IstioService | undefined;
  /** All that the gateway sees, oldest first. */
  readonly visible: readonly IstioService[];
}

/** All of this name, whoever sees them. */
export const servicesNamed = (catalog: Catalog, hostname: string): readonly IstioService[] =>
  allServices(catalog).filter((s) => s.hostname === hostname);

function allServices(catalog: Catalog): IstioService[] {
  const byDefault = new Set(meshConfig(catalog).exportTo.service);
  return [
    ...catalog.ofKind('/Service').map((r) => ofService(r, byDefault)),
    ...catalog.ofKind('networking.istio.io/ServiceEntry').flatMap((r) => ofServiceEntry(r, byDefault)),
  ];
}

const samePorts = (a: IstioService, b: IstioService): boolean => JSON.stringify(a.ports) === JSON.stringify(b.ports);

/** Two services with one hostname: the older stays, Kubernetes goes before ServiceEntry, equals add up their ports. */
function merged(existing: IstioService, next: IstioService): IstioService {
  if (existing.kubernetes !== next.kubernetes) return existing.kubernetes ? existing : next;
  if (samePorts(existing, next) || existing.namespace !== next.namespace || existing.mergeKey !== next.mergeKey) {
    return existing;
  }
  const known = new Set(existing.ports.map((p) => p.number));
  return { ...existing, ports: [...existing.ports, ...next.ports.filter((p) => !known.has(p.number))] };
}

export function serviceIndex(catalog: Catalog, gatewayNamespace: string): ServiceIndex {
  const all = allServices(catalog).sort(
    (a, b) => a.createdAt - b.createdAt || compareText(a.name, b.name) || compareText(a.namespace, b.namespace),
  );
  const isPublic = (s: IstioService) => s.exportTo.has('*');
  const byHostname = new Map<string, IstioService>();
  const exported = all.filter((s) => !isPublic(s) && !s.exportTo.has('~') && isVisible(s, gatewayNamespace));
  for (const service of [...exported, ...all.filter(isPublic)]) {
    const existing = byHostname.get(service.hostname);
    byHostname.set(service.hostname, existing ? merged(existing, service) : service);
  }
  const owned = new Map<string, Map<string, IstioService>>();
  for (const service of all) {
    const own = owned.get(service.namespace) ?? new Map<string, IstioService>();
    owned.set(service.namespace, own);
    const existing = own.get(service.hostname);
    if (!existing || (!existing.kubernetes && service.kubernetes)) own.set(service.hostname, service);
  }
  return {
    isComplete: (hostname) => knowsHost(catalog, hostname),
    scoped: (hostname) => byHostname.get(hostname),
    preferring(namespace, hostname) {
      const own = owned.get(namespace)?.get(hostname);
      return own && isVisible(own, gatewayNamespace) ? own : byHostname.get(hostname);
    },
    visible: [...byHostname.values()],
  };
}
