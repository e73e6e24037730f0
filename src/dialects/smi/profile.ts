// What everybody may ask about the objects of meshes that speak the Service Mesh Interface: Traefik Mesh and NGINX Service Mesh, which have
// ended. They have no gateways; what they say of Services holds for the gateways of others (splits.ts).

import type { DialectProfile } from '../profile.js';

export const profile: DialectProfile = {
  name: 'smi',
  title: 'Service Mesh Interface',
  kinds: [
    { group: 'split.smi-spec.io', kinds: ['TrafficSplit'] },
    { group: 'access.smi-spec.io', kinds: ['TrafficTarget'] },
    { group: 'specs.smi-spec.io', kinds: ['HTTPRouteGroup', 'TCPRoute', 'UDPRoute'] },
    { group: 'specs.smi.nginx.com', kinds: ['RateLimit', 'CircuitBreaker'] },
    { group: 'nsm.nginx.com', kinds: ['MeshConfig', 'MeshConfigClass'], clusterScoped: ['MeshConfigClass'] },
  ],
};
