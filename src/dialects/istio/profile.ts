// What everybody may ask about the dialect of Istio.

import type { DialectProfile } from '../profile.js';

const ROUTING = new Set(['Gateway', 'VirtualService']);

export const profile: DialectProfile = {
  name: 'istio',
  title: 'Istio',
  rank: 2,
  kinds: [
    {
      group: 'networking.istio.io',
      kinds: [
        'Gateway',
        'VirtualService',
        'DestinationRule',
        'ServiceEntry',
        'Sidecar',
        'WorkloadEntry',
        'WorkloadGroup',
        'EnvoyFilter',
        'ProxyConfig',
      ],
    },
    { group: 'security.istio.io', kinds: ['RequestAuthentication', 'AuthorizationPolicy', 'PeerAuthentication'] },
    { group: 'telemetry.istio.io', kinds: ['Telemetry'] },
    { group: 'extensions.istio.io', kinds: ['WasmPlugin'] },
  ],
  ingress: {
    word: 'istio',
    className: 'istio',
    controller: 'istio.io/ingress-controller',
    isController: (controller) => controller === 'istio.io/ingress-controller',
  },
  gatewaysFrom: 'an Istio Gateway',
  ways: { 'istio-gateway': 'Istio Gateway' },
  source: {
    wanted: 'Istio Gateway or VirtualService',
    part: ({ group, kind }) => (group === 'networking.istio.io' && ROUTING.has(kind) ? 'translated' : undefined),
  },
  target: { approach: 'istio-gateway' },
};
