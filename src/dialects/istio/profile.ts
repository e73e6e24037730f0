// What everybody may ask about the dialect of Istio.

import { meshConfig } from '../../implementations/istio/mesh-config.js';
import type { DialectFlag, DialectProfile } from '../profile.js';
import { takesIngress } from './features/ingress-class.js';

export const meshConfigFlag: DialectFlag = {
  name: 'istio-mesh-config',
  value: '<name>',
  description:
    "NAMESPACE/NAME of the ConfigMap or IstioOperator among the files with Istio's mesh configuration (default: ConfigMap istio), none: Istio runs with its defaults",
  takes: 'text',
};

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
    { group: 'install.istio.io', kinds: ['IstioOperator'] },
  ],
  allKinds: {
    'networking.istio.io': [
      ...['Gateway', 'VirtualService', 'DestinationRule', 'ServiceEntry', 'Sidecar', 'WorkloadEntry', 'WorkloadGroup'],
      ...['EnvoyFilter', 'ProxyConfig'],
    ],
    'security.istio.io': ['AuthorizationPolicy', 'RequestAuthentication', 'PeerAuthentication'],
    'telemetry.istio.io': ['Telemetry'],
    'extensions.istio.io': ['WasmPlugin', 'TrafficExtension'],
    'install.istio.io': ['IstioOperator'],
    'rbac.istio.io': ['ServiceRole', 'ServiceRoleBinding', 'RbacConfig', 'ClusterRbacConfig'],
    'authentication.istio.io': ['Policy', 'MeshPolicy'],
  },
  // The mesh configuration; and what Istio's control plane takes for given of the Gateways that it serves.
  consulted: [{ group: '', kinds: ['ConfigMap'] }, { group: 'gateway.networking.k8s.io' }],
  assumable: true,
  ingress: {
    word: 'istio',
    className: 'istio',
    controller: 'istio.io/ingress-controller',
    isController: (controller) => controller === 'istio.io/ingress-controller',
    takes(ref, view, catalog) {
      const mesh = meshConfig(catalog);
      return mesh.resource && takesIngress(ref, view, mesh);
    },
  },
  flags: [meshConfigFlag],
  gatewaysFrom: 'an Istio Gateway',
  ways: { 'istio-gateway': 'Istio Gateway' },
  source: {
    wanted: 'Istio Gateway or VirtualService',
    part: ({ group, kind }) => (group === 'networking.istio.io' && ROUTING.has(kind) ? 'translated' : undefined),
  },
  target: { approach: 'istio-gateway', findsOnlyPort: true, writesOperators: () => true },
};
