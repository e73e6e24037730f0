// Generated from the dialects' profiles by test/generated.test.ts. Do not edit: npm run generate

/** API group → kinds; `all`: every kind of the group. */
export const READ_BY_DIALECTS: Readonly<Record<string, readonly string[] | 'all'>> = {
  'access.smi-spec.io': ['TrafficTarget'],
  'config.envoyproxy.io': ['ConfigDump', 'Bootstrap', 'Listener', 'RouteConfiguration', 'Cluster'],
  'configuration.konghq.com': 'all',
  'deck.konghq.com': ['DeclarativeConfig'],
  'extensions': ['Ingress'],
  'extensions.istio.io': ['WasmPlugin'],
  'gateway.envoyproxy.io': 'all',
  'gateway.networking.k8s.io': 'all',
  'gateway.networking.x-k8s.io': 'all',
  'incubator.ingress-controller.konghq.com': ['KongServiceFacade'],
  'install.istio.io': ['IstioOperator'],
  'kuma.io': 'all',
  'networking.istio.io': ['Gateway', 'VirtualService', 'DestinationRule', 'ServiceEntry', 'Sidecar', 'WorkloadEntry', 'WorkloadGroup', 'EnvoyFilter', 'ProxyConfig'],
  'networking.k8s.io': ['Ingress', 'IngressClass'],
  'nsm.nginx.com': ['MeshConfig', 'MeshConfigClass'],
  'security.istio.io': ['RequestAuthentication', 'AuthorizationPolicy', 'PeerAuthentication'],
  'specs.smi-spec.io': ['HTTPRouteGroup', 'TCPRoute', 'UDPRoute'],
  'specs.smi.nginx.com': ['RateLimit', 'CircuitBreaker'],
  'split.smi-spec.io': ['TrafficSplit'],
  'telemetry.istio.io': ['Telemetry'],
  'traefik.io': ['IngressRoute', 'IngressRouteTCP', 'IngressRouteUDP', 'Middleware', 'MiddlewareTCP', 'TraefikService', 'TLSOption', 'TLSStore', 'ServersTransport', 'ServersTransportTCP'],
};

/** `group/Kind` of objects without a namespace. */
export const CLUSTER_SCOPED_BY_DIALECTS: readonly string[] = ['configuration.konghq.com/KongClusterPlugin', 'configuration.konghq.com/KongLicense', 'configuration.konghq.com/KongVault', 'gateway.networking.k8s.io/GatewayClass', 'kuma.io/Mesh', 'kuma.io/MeshGateway', 'kuma.io/MeshGatewayConfig', 'kuma.io/MeshGatewayRoute', 'networking.k8s.io/IngressClass', 'nsm.nginx.com/MeshConfigClass'];
