// What a Service says about its way in that a forwarded connection does not show: ports that the cluster picks,
// protocols other than TCP, which nodes answer, where the load balancer stands.

import { type FieldPath, table, type Unsupported } from '../../model/index.js';
import { numberOf, objectOf, specOf, stringOf, stringsOf } from '../../resources/fields.js';
import type { ServiceView } from '../../resources/services.js';

/** Annotations by which clouds keep a load balancer away from the internet: their own documentation of Services of type LoadBalancer. */
const INTERNAL = table<readonly string[]>({
  'service.beta.kubernetes.io/aws-load-balancer-internal': ['true', '0.0.0.0/0'],
  'service.beta.kubernetes.io/aws-load-balancer-scheme': ['internal'],
  'service.beta.kubernetes.io/azure-load-balancer-internal': ['true'],
  'networking.gke.io/load-balancer-type': ['Internal', 'internal'],
  'cloud.google.com/load-balancer-type': ['Internal', 'internal'],
});

export function portNotes({ type, ports, resource }: ServiceView): Unsupported[] {
  const pinned = specOf(resource).allocateLoadBalancerNodePorts !== false;
  return ports.flatMap((port): Unsupported[] => {
    if (port.protocol !== 'TCP')
      return [
        {
          feature: 'service.port.protocol',
          detail: `port ${port.port} is ${port.protocol}: it is open, but does not carry HTTP`,
          effect: 'delivery',
          origin: port.origin,
        },
      ];
    if (port.nodePort !== undefined || !(type === 'NodePort' || (type === 'LoadBalancer' && pinned))) return [];
    return [
      {
        feature: 'service.port.nodePort',
        detail: `the cluster picks a port from 30000 to 32767 of every node for port ${port.port}: which one is not in the files`,
        effect: type === 'NodePort' ? 'routing' : 'security',
        // It is one more port: what is answered on those that are known stays.
        reach: { ports: [] },
        origin: port.origin,
      },
    ];
  });
}

export function deliveryNotes({ resource, type }: ServiceView): Unsupported[] {
  const spec = specOf(resource);
  const notes: Unsupported[] = [];
  const note = (feature: string, detail: string, path: FieldPath, effect: Unsupported['effect'] = 'delivery') =>
    notes.push({ feature, detail, effect, origin: { resource, path } });
  if (stringOf(spec.externalTrafficPolicy) === 'Local')
    note(
      'service.externalTrafficPolicy',
      'only nodes that run a ready pod of the service answer, and the pod sees the address of the client',
      ['spec', 'externalTrafficPolicy'],
    );
  if (stringOf(spec.sessionAffinity) === 'ClientIP') {
    const seconds = numberOf(objectOf(objectOf(spec.sessionAffinityConfig)?.clientIP)?.timeoutSeconds) ?? 10_800;
    note('service.sessionAffinity', `one client address stays with one pod for ${seconds} s`, [
      'spec',
      'sessionAffinity',
    ]);
  }
  const loadBalancerClass = stringOf(spec.loadBalancerClass);
  if (type === 'LoadBalancer' && loadBalancerClass)
    note('service.loadBalancerClass', `${loadBalancerClass} provides the load balancer; its behaviour depends on it`, [
      'spec',
      'loadBalancerClass',
    ]);
  if (stringsOf(spec.externalIPs).length > 0)
    note(
      'service.externalIPs',
      'every node accepts traffic for these addresses; source ranges do not limit it',
      ['spec', 'externalIPs'],
      'security',
    );
  for (const [name, value] of Object.entries(resource.annotations))
    if (INTERNAL.get(name)?.includes(value))
      note('service.internal-load-balancer', 'the load balancer is inside of the network only', [
        'metadata',
        'annotations',
        name,
      ]);
  return notes;
}
