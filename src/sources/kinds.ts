// The kinds that say something about ingress. Objects of other kinds are read and counted, and nobody looks at them.

/** API group → kinds. The workloads are here for their labels: selectors of Gateways, Services and subsets. */
const RELATED: Readonly<Record<string, readonly string[]>> = {
  '': ['Service', 'Secret', 'Namespace', 'ConfigMap', 'Pod', 'Endpoints'],
  apps: ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'discovery.k8s.io': ['EndpointSlice'],
  extensions: ['Ingress'],
  'networking.k8s.io': ['Ingress', 'IngressClass'],
  'networking.istio.io': [
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
  'security.istio.io': ['RequestAuthentication', 'AuthorizationPolicy', 'PeerAuthentication'],
  'telemetry.istio.io': ['Telemetry'],
  'extensions.istio.io': ['WasmPlugin'],
};

export const isRelated = (group: string, kind: string): boolean =>
  group === 'gateway.networking.k8s.io' ||
  group === 'gateway.networking.x-k8s.io' ||
  (RELATED[group]?.includes(kind) ?? false);

const CLUSTER_SCOPED = new Set([
  '/Namespace',
  'networking.k8s.io/IngressClass',
  'gateway.networking.k8s.io/GatewayClass',
  'apiextensions.k8s.io/CustomResourceDefinition',
]);

export const isClusterScoped = (group: string, kind: string): boolean => CLUSTER_SCOPED.has(`${group}/${kind}`);
