// Where Istio's control plane (implementations/istio.ts) reads the Gateway API otherwise than the specification says
// (implementations/standard.ts).

/** Lint names these. `feature` is stable. */
export interface SpecDifference {
  readonly feature: string;
  readonly spec: string;
  readonly istio: string;
  readonly source: string;
}

const CONVERSION = 'istio pilot/pkg/config/kube/gateway/conversion.go';
const ROUTE = 'istio pilot/pkg/networking/core/route/route.go';

export const SPEC_DIFFERENCES: readonly SpecDifference[] = [
  {
    feature: 'hostname-fall-through',
    spec: 'Routes with a more specific hostname come first; a request that none of their rules matches falls through to routes with a broader one (HTTPRouteSpec.hostnames).',
    istio: 'Only the most specific hostname with a route counts: a request that none of its rules matches gets 404.',
    source: `${CONVERSION} (one VirtualService per hostname), Envoy virtual hosts`,
  },
  {
    feature: 'precedence-across-hostnames',
    spec: 'Rules of several routes for one host are sorted by hostname specificity, then by the order of matches (HTTPRouteRule.matches).',
    istio:
      'Routes whose hostnames differ, but share the hostname of the listener, are ordered by age; only a rule that matches everything goes last.',
    source: 'istio pilot/pkg/networking/core/gateway.go (buildGatewayHTTPRouteConfig)',
  },
  {
    feature: 'listener-isolation',
    spec: 'A request belongs to the most specific listener for its host, and to no other (GatewaySpec.listeners).',
    istio:
      'A route with a broad hostname on a wildcard listener also answers for the host of a more specific listener that has no route for it.',
    source: `${CONVERSION} (hostnameAllowedByIsolation)`,
  },
  {
    feature: 'replace-prefix-root',
    spec: 'ReplacePrefixMatch with a match of "/" prepends path elements: /x with /np gives /np/x (HTTPPathModifier).',
    istio: 'The slash is replaced as text: /x with /np gives /npx.',
    source: `${ROUTE} (PrefixRewrite)`,
  },
  {
    feature: 'redirect-replace-prefix',
    spec: 'A redirect replaces a prefix as a rewrite does: trailing slashes are ignored, an empty one removes the prefix (HTTPPathModifier).',
    istio: 'A redirect replaces the text literally: "/" gives //x, and an empty one leaves the path unchanged.',
    source: `${CONVERSION} (createRedirectFilter), ${ROUTE} (ApplyRedirect)`,
  },
  {
    feature: 'invalid-rule',
    spec: 'Requests of a rule with a filter that cannot be used get an error response; other rules work (HTTPRouteRule.filters).',
    istio: 'No rule of that route is programmed.',
    source: 'istio pilot/pkg/config/kube/gateway/route_collections.go (computeRoute)',
  },
  {
    feature: 'backend-client-certificate',
    spec: 'The Gateway shows its client certificate to backends that ask for one (GatewayBackendTLS.clientCertificateRef).',
    istio:
      'The reference is checked and not used: such backends refuse the connection, or take it without a certificate.',
    source: `${CONVERSION} (validateBackendClientCertificateRef)`,
  },
];
