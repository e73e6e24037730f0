// Node ports that the cluster picks: a way from outside is there, on a port that the files do not name.

import { type Locate, locatedOrigin, originOf, type WayIn } from '../model/index.js';
import { specOf } from '../resources/fields.js';
import { type ServiceView, serviceHost } from '../resources/services.js';

export function pickedPorts(service: ServiceView, locate: Locate): WayIn[] {
  const { resource, type, ports } = service;
  const { namespace, name } = resource;
  const picks =
    type === 'NodePort' || (type === 'LoadBalancer' && specOf(resource).allocateLoadBalancerNodePorts !== false);
  if (!picks) return [];
  return ports
    .filter((port) => port.nodePort === undefined && port.protocol === 'TCP')
    .map((port) => ({
      kind: 'node-port',
      gateway: `service:${namespace}/${name}`,
      dialect: 'service',
      port: null,
      protocol: 'TCP',
      hosts: [],
      conditions: [],
      policies: [],
      changes: [],
      weight: 100,
      destination: { host: serviceHost(namespace, name), port: port.port },
      entry: locatedOrigin(originOf(resource), locate),
      rule: locatedOrigin(port.origin, locate),
      reach: 'undecided',
      reason: 'the cluster assigns the port (30000 to 32767)',
    }));
}
