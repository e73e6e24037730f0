// What everybody may ask about Services that the cluster opens by itself.

import { objectsOf, specOf } from '../../resources/fields.js';
import type { DialectProfile } from '../profile.js';

export const profile: DialectProfile = {
  name: 'service',
  title: 'Service',
  consulted: [{ group: '', kinds: ['Service'] }],
  gatewaysFrom: 'a Service of type NodePort or LoadBalancer',
  ways: { 'node-port': 'NodePort', 'load-balancer': 'LoadBalancer', 'external-ip': 'external IP' },
  wayOf({ resource }, port) {
    const { type, ports } = specOf(resource);
    const isNodePort = objectsOf(ports).some(({ nodePort }) => nodePort === port);
    return {
      kind: isNodePort ? 'node-port' : type === 'LoadBalancer' ? 'load-balancer' : 'external-ip',
      entry: 'listener',
    };
  },
};
