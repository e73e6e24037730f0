// Generated from the listing of lint/fields by test/generated.test.ts. Do not edit: npm run generate

import type { Rule } from '../rule.js';
import { rules as authorizationConditions } from './authorization-conditions.js';
import { rules as authorizationCustomIdentity } from './authorization-policy/authorization-custom-identity.js';
import { rules as authorizationDeniesTcp } from './authorization-policy/authorization-denies-tcp.js';
import { rules as authorizationDryRun } from './authorization-policy/authorization-dry-run.js';
import { rules as authorizationEmptyPart } from './authorization-policy/authorization-empty-part.js';
import { rules as authorizationProvider } from './authorization-policy/authorization-provider.js';
import { rules as authorizationWithoutRules } from './authorization-policy/authorization-without-rules.js';
import { rules as authorizationAddress } from './authorization-values/authorization-address.js';
import { rules as authorizationEmptyValue } from './authorization-values/authorization-empty-value.js';
import { rules as authorizationIdentity } from './authorization-values/authorization-identity.js';
import { rules as authorizationPathTemplate } from './authorization-values/authorization-path-template.js';
import { rules as authorizationPort } from './authorization-values/authorization-port.js';
import { rules as clientTls } from './destination-rule/client-tls.js';
import { rules as connectionPool } from './destination-rule/connection-pool.js';
import { rules as duplicateSubset } from './destination-rule/duplicate-subset.js';
import { rules as failoverWithoutOutlierDetection } from './destination-rule/failover-without-outlier-detection.js';
import { rules as loadBalancer } from './destination-rule/load-balancer.js';
import { rules as localityLoadBalancing } from './destination-rule/locality-load-balancing.js';
import { rules as minimumRingSize } from './destination-rule/minimum-ring-size.js';
import { rules as outlierConsecutiveErrors } from './destination-rule/outlier-consecutive-errors.js';
import { rules as outlierDetection } from './destination-rule/outlier-detection.js';
import { rules as trafficPolicyEmpty } from './destination-rule/traffic-policy-empty.js';
import { rules as tunnel } from './destination-rule/tunnel.js';
import { rules as gatewayBind } from './gateway/gateway-bind.js';
import { rules as gatewayCertificateConflict } from './gateway/gateway-certificate-conflict.js';
import { rules as gatewayCertificateMissing } from './gateway/gateway-certificate-missing.js';
import { rules as gatewayCipherSuites } from './gateway/gateway-cipher-suites.js';
import { rules as gatewayClientAuthority } from './gateway/gateway-client-authority.js';
import { rules as gatewayEmpty } from './gateway/gateway-empty.js';
import { rules as gatewayHost } from './gateway/gateway-host.js';
import { rules as gatewayName } from './gateway/gateway-name.js';
import { rules as gatewayOldTlsVersion } from './gateway/gateway-old-tls-version.js';
import { rules as gatewayPassthroughCertificate } from './gateway/gateway-passthrough-certificate.js';
import { rules as gatewayPort } from './gateway/gateway-port.js';
import { rules as gatewayPortNames } from './gateway/gateway-port-names.js';
import { rules as gatewayRedirectProtocol } from './gateway/gateway-redirect-protocol.js';
import { rules as gatewayTlsMissing } from './gateway/gateway-tls-missing.js';
import { rules as gatewayTlsOnPlaintext } from './gateway/gateway-tls-on-plaintext.js';
import { rules as headerName } from './http-match/header-name.js';
import { rules as headerOperator } from './http-match/header-operator.js';
import { rules as headerValue } from './http-match/header-value.js';
import { rules as matchEmptyPrefix } from './http-match/match-empty-prefix.js';
import { rules as matchNullHeader } from './http-match/match-null-header.js';
import { rules as matchRegex } from './http-match/match-regex.js';
import { rules as matchSourceNamespace } from './http-match/match-source-namespace.js';
import { rules as abortWithoutType } from './http-route/abort-without-type.js';
import { rules as authoritySetTwice } from './http-route/authority-set-twice.js';
import { rules as corsPolicy } from './http-route/cors-policy.js';
import { rules as destinationWeight } from './http-route/destination-weight.js';
import { rules as directResponseLarge } from './http-route/direct-response-large.js';
import { rules as directResponseTooLarge } from './http-route/direct-response-too-large.js';
import { rules as faultInjection } from './http-route/fault-injection.js';
import { rules as mirrorPercentDeprecated } from './http-route/mirror-percent-deprecated.js';
import { rules as mirrorPercentage } from './http-route/mirror-percentage.js';
import { rules as redirect } from './http-route/redirect.js';
import { rules as retries } from './http-route/retries.js';
import { rules as rewrite } from './http-route/rewrite.js';
import { rules as routeConflict } from './http-route/route-conflict.js';
import { rules as routeWithoutAction } from './http-route/route-without-action.js';
import { rules as ingressBackend } from './ingress/ingress-backend.js';
import { rules as ingressClass } from './ingress/ingress-class.js';
import { rules as ingressEmpty } from './ingress/ingress-empty.js';
import { rules as ingressHost } from './ingress/ingress-host.js';
import { rules as ingressPath } from './ingress/ingress-path.js';
import { rules as ingressTlsSecret } from './ingress/ingress-tls-secret.js';
import { rules as labelOrAnnotation } from './metadata/label-or-annotation.js';
import { rules as objectName } from './metadata/object-name.js';
import { rules as serviceNameDigit } from './metadata/service-name-digit.js';
import { rules as pathNeverMatches } from './path-text/path-never-matches.js';
import { rules as pathPatternAsText } from './path-text/path-pattern-as-text.js';
import { rules as rewriteGroupAsText } from './path-text/rewrite-group-as-text.js';
import { rules as peerAuthentication } from './peer-authentication.js';
import { rules as policyAttachedTwice } from './policy-attachment/policy-attached-twice.js';
import { rules as policyTarget } from './policy-attachment/policy-target.js';
import { rules as jwtIssuer } from './request-authentication/jwt-issuer.js';
import { rules as jwtKeys } from './request-authentication/jwt-keys.js';
import { rules as jwtKeysTwice } from './request-authentication/jwt-keys-twice.js';
import { rules as jwtKeysUri } from './request-authentication/jwt-keys-uri.js';
import { rules as jwtPrivateKey } from './request-authentication/jwt-private-key.js';
import { rules as retriesExceedTimeout } from './retries/retries-exceed-timeout.js';
import { rules as retryOnUncovered } from './retries/retry-on-uncovered.js';
import { rules as serviceEntryAddresses } from './service-entry/service-entry-addresses.js';
import { rules as serviceEntryDynamicDns } from './service-entry/service-entry-dynamic-dns.js';
import { rules as serviceEntryEndpoint } from './service-entry/service-entry-endpoint.js';
import { rules as serviceEntryEndpointPort } from './service-entry/service-entry-endpoint-port.js';
import { rules as serviceEntryHosts } from './service-entry/service-entry-hosts.js';
import { rules as serviceEntryManyHostsAddress } from './service-entry/service-entry-many-hosts-address.js';
import { rules as serviceEntryManyHostsTcp } from './service-entry/service-entry-many-hosts-tcp.js';
import { rules as serviceEntryPartialWildcard } from './service-entry/service-entry-partial-wildcard.js';
import { rules as serviceEntryPorts } from './service-entry/service-entry-ports.js';
import { rules as serviceEntryResolution } from './service-entry/service-entry-resolution.js';
import { rules as serviceEntrySelectorAndEndpoints } from './service-entry/service-entry-selector-and-endpoints.js';
import { rules as serviceEntrySelectorWithNone } from './service-entry/service-entry-selector-with-none.js';
import { rules as serviceEntryTcpWithoutAddress } from './service-entry/service-entry-tcp-without-address.js';
import { rules as serviceAddress } from './service/service-address.js';
import { rules as servicePorts } from './service/service-ports.js';
import { rules as serviceSelector } from './service/service-selector.js';
import { rules as serviceType } from './service/service-type.js';
import { rules as destinationHost } from './shared-values/destination-host.js';
import { rules as duration } from './shared-values/duration.js';
import { rules as exportTo } from './shared-values/export-to.js';
import { rules as httpStatus } from './shared-values/http-status.js';
import { rules as labelForm } from './shared-values/label-form.js';
import { rules as percentage } from './shared-values/percentage.js';
import { rules as portProtocol } from './shared-values/port-protocol.js';
import { rules as portRange } from './shared-values/port-range.js';
import { rules as reservedAnnotation } from './shared-values/reserved-annotation.js';
import { rules as selectorEmpty } from './shared-values/selector-empty.js';
import { rules as selectorForm } from './shared-values/selector-form.js';
import { rules as subsetName } from './shared-values/subset-name.js';
import { rules as sidecarEgressProxy } from './sidecar/sidecar-egress-proxy.js';
import { rules as sidecarEmpty } from './sidecar/sidecar-empty.js';
import { rules as sidecarHost } from './sidecar/sidecar-host.js';
import { rules as sidecarHostTwice } from './sidecar/sidecar-host-twice.js';
import { rules as sidecarListener } from './sidecar/sidecar-listener.js';
import { rules as sidecarPoolProtocol } from './sidecar/sidecar-pool-protocol.js';
import { rules as sidecarTls } from './sidecar/sidecar-tls.js';
import { rules as telemetryIgnored } from './telemetry/telemetry-ignored.js';
import { rules as telemetryValueMissing } from './telemetry/telemetry-value-missing.js';
import { rules as claimRoutingOnMesh } from './virtual-service/claim-routing-on-mesh.js';
import { rules as delegateFields } from './virtual-service/delegate-fields.js';
import { rules as destinationSubnet } from './virtual-service/destination-subnet.js';
import { rules as gatewayReferenceForm } from './virtual-service/gateway-reference-form.js';
import { rules as gatewayReferenceLegacy } from './virtual-service/gateway-reference-legacy.js';
import { rules as l4RouteIncomplete } from './virtual-service/l4-route-incomplete.js';
import { rules as sniAddress } from './virtual-service/sni-address.js';
import { rules as sniHost } from './virtual-service/sni-host.js';
import { rules as virtualServiceDuplicateHosts } from './virtual-service/virtual-service-duplicate-hosts.js';
import { rules as virtualServiceEmpty } from './virtual-service/virtual-service-empty.js';
import { rules as virtualServiceHost } from './virtual-service/virtual-service-host.js';

/** Rules about single fields. */
export const fieldRules: readonly Rule[] = [
  ...authorizationConditions,
  ...authorizationCustomIdentity,
  ...authorizationDeniesTcp,
  ...authorizationDryRun,
  ...authorizationEmptyPart,
  ...authorizationProvider,
  ...authorizationWithoutRules,
  ...authorizationAddress,
  ...authorizationEmptyValue,
  ...authorizationIdentity,
  ...authorizationPathTemplate,
  ...authorizationPort,
  ...clientTls,
  ...connectionPool,
  ...duplicateSubset,
  ...failoverWithoutOutlierDetection,
  ...loadBalancer,
  ...localityLoadBalancing,
  ...minimumRingSize,
  ...outlierConsecutiveErrors,
  ...outlierDetection,
  ...trafficPolicyEmpty,
  ...tunnel,
  ...gatewayBind,
  ...gatewayCertificateConflict,
  ...gatewayCertificateMissing,
  ...gatewayCipherSuites,
  ...gatewayClientAuthority,
  ...gatewayEmpty,
  ...gatewayHost,
  ...gatewayName,
  ...gatewayOldTlsVersion,
  ...gatewayPassthroughCertificate,
  ...gatewayPort,
  ...gatewayPortNames,
  ...gatewayRedirectProtocol,
  ...gatewayTlsMissing,
  ...gatewayTlsOnPlaintext,
  ...headerName,
  ...headerOperator,
  ...headerValue,
  ...matchEmptyPrefix,
  ...matchNullHeader,
  ...matchRegex,
  ...matchSourceNamespace,
  ...abortWithoutType,
  ...authoritySetTwice,
  ...corsPolicy,
  ...destinationWeight,
  ...directResponseLarge,
  ...directResponseTooLarge,
  ...faultInjection,
  ...mirrorPercentDeprecated,
  ...mirrorPercentage,
  ...redirect,
  ...retries,
  ...rewrite,
  ...routeConflict,
  ...routeWithoutAction,
  ...ingressBackend,
  ...ingressClass,
  ...ingressEmpty,
  ...ingressHost,
  ...ingressPath,
  ...ingressTlsSecret,
  ...labelOrAnnotation,
  ...objectName,
  ...serviceNameDigit,
  ...pathNeverMatches,
  ...pathPatternAsText,
  ...rewriteGroupAsText,
  ...peerAuthentication,
  ...policyAttachedTwice,
  ...policyTarget,
  ...jwtIssuer,
  ...jwtKeys,
  ...jwtKeysTwice,
  ...jwtKeysUri,
  ...jwtPrivateKey,
  ...retriesExceedTimeout,
  ...retryOnUncovered,
  ...serviceEntryAddresses,
  ...serviceEntryDynamicDns,
  ...serviceEntryEndpoint,
  ...serviceEntryEndpointPort,
  ...serviceEntryHosts,
  ...serviceEntryManyHostsAddress,
  ...serviceEntryManyHostsTcp,
  ...serviceEntryPartialWildcard,
  ...serviceEntryPorts,
  ...serviceEntryResolution,
  ...serviceEntrySelectorAndEndpoints,
  ...serviceEntrySelectorWithNone,
  ...serviceEntryTcpWithoutAddress,
  ...serviceAddress,
  ...servicePorts,
  ...serviceSelector,
  ...serviceType,
  ...destinationHost,
  ...duration,
  ...exportTo,
  ...httpStatus,
  ...labelForm,
  ...percentage,
  ...portProtocol,
  ...portRange,
  ...reservedAnnotation,
  ...selectorEmpty,
  ...selectorForm,
  ...subsetName,
  ...sidecarEgressProxy,
  ...sidecarEmpty,
  ...sidecarHost,
  ...sidecarHostTwice,
  ...sidecarListener,
  ...sidecarPoolProtocol,
  ...sidecarTls,
  ...telemetryIgnored,
  ...telemetryValueMissing,
  ...claimRoutingOnMesh,
  ...delegateFields,
  ...destinationSubnet,
  ...gatewayReferenceForm,
  ...gatewayReferenceLegacy,
  ...l4RouteIncomplete,
  ...sniAddress,
  ...sniHost,
  ...virtualServiceDuplicateHosts,
  ...virtualServiceEmpty,
  ...virtualServiceHost,
];
