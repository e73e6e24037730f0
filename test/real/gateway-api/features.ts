// What meshgw claims of the suite: every feature of the profiles but those named here.

export const PROFILES = ['GATEWAY-HTTP', 'GATEWAY-GRPC', 'GATEWAY-TLS'];

/**
 * Features that are not claimed, with the reason. Istio of 2026-08-27 claims all of the suite's but UDPRoute, GatewayBackendClientCertificate and
 * GatewayHTTPSListenerDetectMisdirectedRequests (pilot/pkg/config/kube/gateway/supported_features.go): of what it claims, the two below and
 * the features of the mesh (`Mesh…`) are missing here.
 */
export const NOT_CLAIMED: Readonly<Record<string, string>> = {
  UDPRoute: 'serve forwards no datagrams (nor does Istio)',
  GatewayInfrastructure: 'meshgw makes no objects for a Gateway that its labels could be put on (Istio does)',
  GatewayStaticAddresses: 'which addresses a cluster can give is not in the files (Istio asks its Services)',
};

/** Tests that are not asked of `simulate`, with what they ask instead. */
export const OF_SOCKETS: Readonly<Record<string, string>> = {
  BackendTLSPolicy: 'the certificate of a backend',
  BackendTLSPolicyConflictResolution: 'the certificate of a backend',
  BackendTLSPolicySANValidation: 'the certificate of a backend',
  GatewayTLSBackendClientCertificate: 'the certificate that a backend gets',
  GatewayFrontendClientCertificateValidation: 'who signed a certificate',
  GatewayFrontendClientCertificateValidationInsecureFallback: 'who signed a certificate',
  HTTPRouteBackendProtocolWebSocket: 'an open connection',
  HTTPRouteRetry: 'a backend that fails',
  HTTPRouteTimeoutBackendRequest: 'a slow backend',
  HTTPRouteTimeoutRequest: 'a slow backend',
  TCPRouteMultipleRoutesAttachment: 'bytes',
  TCPRouteParentRefAttachAll: 'bytes',
  TCPRouteParentRefPortAndSectionName: 'bytes',
  TCPRouteReferenceGrant: 'bytes',
  TCPRouteWeightedRouting: 'bytes',
  TLSRouteHostnameIntersection: 'bytes',
  TLSRouteInvalidBackendRefNonexistent: 'bytes',
  TLSRouteInvalidBackendRefUnknownKind: 'bytes',
  TLSRouteInvalidReferenceGrant: 'bytes',
  TLSRouteMixedTerminationSameNamespace: 'bytes',
  TLSRouteSimpleSameNamespace: 'bytes',
  TLSRouteTerminateSimpleSameNamespace: 'bytes',
};
