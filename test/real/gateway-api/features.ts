// What meshgw claims of the suite: every feature of the profiles but those named here.

export const PROFILES = ['GATEWAY-HTTP', 'GATEWAY-GRPC', 'GATEWAY-TLS'];

/**
 * Features that are not claimed, with the reason. Istio of 2026-08-27 claims all of the suite's but UDPRoute, GatewayBackendClientCertificate and
 * GatewayHTTPSListenerDetectMisdirectedRequests (pilot/pkg/config/kube/gateway/supported_features.go): of what it claims,
 * only the features of the mesh (`Mesh…`) are missing here.
 */
export const NOT_CLAIMED: Readonly<Record<string, string>> = {
  UDPRoute: 'serve forwards no datagrams (nor does Istio)',
};
