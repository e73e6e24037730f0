// What everybody may ask about the dialect of the Gateway API.

import type { DialectProfile } from '../profile.js';

const GROUP = 'gateway.networking.k8s.io';

export const profile: DialectProfile = {
  name: 'gateway-api',
  title: 'Gateway API',
  rank: 3,
  kinds: [
    { group: GROUP, clusterScoped: ['GatewayClass'] },
    { group: 'gateway.networking.x-k8s.io' },
    { group: 'gateway.envoyproxy.io' },
  ],
  gatewaysFrom: 'a Gateway API Gateway',
  ways: { 'gateway-api': 'Gateway API' },
  source: {
    wanted: 'Gateway API',
    part: ({ group }) => (group === GROUP ? 'translated' : undefined),
  },
  target: { approach: 'gateway-api' },
};
