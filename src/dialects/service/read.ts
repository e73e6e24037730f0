// Which Services can be reached from outside, and on which ports: type NodePort, type LoadBalancer, and externalIPs
// (https://kubernetes.io/docs/concepts/services-networking/service/, "Publishing Services"). ClusterIP, headless and
// ExternalName Services have no way from outside, so they give no gateway.

import type { EffectiveGateway, L4Chain, Listener } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { specOf, stringsOf } from '../../resources/fields.js';
import { type ServicePort, type ServiceView, serviceHost, serviceView } from '../../resources/services.js';
import type { ReadResult } from '../dialect.js';
import { deliveryNotes, portNotes } from './notes.js';
import { sourceRanges } from './source-ranges.js';

export function read(catalog: Catalog): ReadResult {
  const gateways = catalog.ofKind('/Service').flatMap((resource) => gatewayOf(serviceView(resource)) ?? []);
  return { gateways, notes: [] };
}

/** Undefined where nobody outside can reach it. */
function gatewayOf(service: ServiceView): EffectiveGateway | undefined {
  const { resource } = service;
  const balanced = service.type === 'LoadBalancer';
  const external = stringsOf(specOf(resource).externalIPs).length > 0 && service.type !== 'ExternalName';
  if (!balanced && !external && service.type !== 'NodePort') return undefined;
  const listeners = new Map<number, Listener>();
  // The API server takes one nodePort for TCP only once; a port of the load balancer and a node port may be the same number.
  const listen = (number: number, port: ServicePort, source: readonly string[] | undefined) => {
    if (!listeners.has(number))
      listeners.set(number, { port: number, filterChains: [chainOf(service, port, source)], origin: port.origin });
  };
  const tcp = service.ports.filter((port) => port.protocol === 'TCP');
  for (const port of tcp)
    if (balanced || external) listen(port.port, port, balanced && !external ? sourceRanges(service) : undefined);
  // kube-proxy limits source ranges to the addresses of the load balancer (pkg/proxy/iptables/proxier.go, the KUBE-FW
  // chain): whoever reaches a node passes.
  for (const port of tcp)
    if (port.nodePort !== undefined && service.type !== 'ClusterIP') listen(port.nodePort, port, undefined);
  return {
    id: `service:${resource.namespace}/${resource.name}`,
    dialect: 'service',
    engine: 'plain',
    direct: true,
    listeners: [...listeners.values()],
    unsupported: [...portNotes(service), ...deliveryNotes(service)],
  };
}

function chainOf(service: ServiceView, port: ServicePort, source: readonly string[] | undefined): L4Chain {
  const { namespace, name } = service.resource;
  const host = serviceHost(namespace, name);
  return {
    kind: 'l4',
    l4: 'tcp',
    match: { transport: 'any', ...(source ? { source } : {}) },
    ...(port.name === '' ? {} : { name: port.name }),
    destinations: [
      { to: { host, port: port.port, protocol: 'tcp', origin: port.origin }, weight: 1, origin: port.origin },
    ],
    origin: port.origin,
  };
}
