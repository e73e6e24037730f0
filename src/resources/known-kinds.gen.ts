// Generated from the dialects' profiles by test/generated.test.ts. Do not edit: npm run generate

/** API group → all its kinds, also of releases gone by. */
export const ALL_KINDS: Readonly<Record<string, readonly string[]>> = {
  'authentication.istio.io': ['Policy', 'MeshPolicy'],
  'configuration.konghq.com': ['KongPlugin', 'KongClusterPlugin', 'KongConsumer', 'KongConsumerGroup', 'KongIngress', 'KongUpstreamPolicy', 'TCPIngress', 'UDPIngress', 'KongVault', 'KongLicense', 'KongCustomEntity', 'IngressClassParameters', 'KongService', 'KongRoute', 'KongUpstream', 'KongTarget', 'KongCertificate', 'KongCACertificate', 'KongSNI', 'KongKey', 'KongKeySet', 'KongDataPlaneClientCertificate', 'KongPluginBinding', 'KongReferenceGrant', 'KongCredentialBasicAuth', 'KongCredentialKeyAuth', 'KongCredentialACL', 'KongCredentialJWT', 'KongCredentialHMAC'],
  'extensions.istio.io': ['WasmPlugin', 'TrafficExtension'],
  'gateway.envoyproxy.io': ['Backend', 'BackendTrafficPolicy', 'ClientTrafficPolicy', 'EnvoyExtensionPolicy', 'EnvoyPatchPolicy', 'EnvoyProxy', 'HTTPRouteFilter', 'SecurityPolicy'],
  'gateway.networking.k8s.io': ['GatewayClass', 'Gateway', 'ListenerSet', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute', 'ReferenceGrant', 'ReferencePolicy', 'BackendTLSPolicy', 'BackendLBPolicy'],
  'gateway.networking.x-k8s.io': ['XListenerSet', 'XBackendTrafficPolicy', 'XBackend', 'XMesh'],
  'install.istio.io': ['IstioOperator'],
  'networking.istio.io': ['Gateway', 'VirtualService', 'DestinationRule', 'ServiceEntry', 'Sidecar', 'WorkloadEntry', 'WorkloadGroup', 'EnvoyFilter', 'ProxyConfig'],
  'networking.k8s.io': ['Ingress', 'IngressClass', 'NetworkPolicy', 'IPAddress', 'ServiceCIDR', 'ClusterCIDR'],
  'rbac.istio.io': ['ServiceRole', 'ServiceRoleBinding', 'RbacConfig', 'ClusterRbacConfig'],
  'security.istio.io': ['AuthorizationPolicy', 'RequestAuthentication', 'PeerAuthentication'],
  'telemetry.istio.io': ['Telemetry'],
  'traefik.io': ['IngressRoute', 'IngressRouteTCP', 'IngressRouteUDP', 'Middleware', 'MiddlewareTCP', 'TraefikService', 'TLSOption', 'TLSStore', 'ServersTransport', 'ServersTransportTCP'],
};
