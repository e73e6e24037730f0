// What nine controllers can do of what a service may need, with where that is written: a table of facts, no ranking. `part`: with a limit
// that the note names; a feature that is not listed was not looked up. docs/controllers.md shows it.

export interface Controller {
  /** As it is called in a sentence, with the line of versions that was looked at. */
  readonly title: string;
  /** Dialects of meshgw that are its own; absent: meshgw reads none. */
  readonly dialects?: readonly string[];
  readonly has: readonly string[];
  /** Feature → its limit. */
  readonly part: Readonly<Record<string, string>>;
  readonly lacks: readonly string[];
  readonly sources: readonly Source[];
}

export interface Source {
  readonly url: string;
  /** When it was read: `2026-11`. */
  readonly read: string;
}

const BASICS = ['load-balancing', 'hosts', 'paths', 'tls'] as const;
/** What no controller brings: a product around it, or a service of one's own. */
const PRODUCTS = ['lifecycle', 'billing'] as const;

const source = (url: string): Source => ({ url, read: '2026-11' });
/** A page of this repository, whose statements were recorded from the real system or read in its source. */
const ours = (page: string): Source => source(`docs/${page}`);

export const CONTROLLERS: readonly Controller[] = [
  {
    title: 'ingress-nginx 1.15',
    dialects: ['ingress-nginx'],
    has: [
      ...BASICS,
      ...['source-ranges', 'patterns', 'rewrite', 'cors', 'retries', 'timeouts', 'sticky', 'external-auth'],
      ...['basic-auth', 'client-certificates', 'tls-passthrough', 'mirror'],
    ],
    part: {
      tcp: 'by a ConfigMap of its own',
      conditions: 'a canary by one header or cookie',
      weights: 'one canary beside the main rule',
      headers: 'by ConfigMap or snippet',
      'rate-limit': 'per pod',
    },
    lacks: [
      'subsets',
      'fault',
      'jwt',
      'authorization',
      'circuit-breaking',
      'protocol-conversion',
      'aggregation',
      ...PRODUCTS,
    ],
    sources: [ours('ingress-nginx.md')],
  },
  {
    title: 'Istio (Gateway, VirtualService, policies)',
    dialects: ['istio'],
    has: [
      ...BASICS,
      ...['source-ranges', 'tls-passthrough', 'tcp', 'conditions', 'patterns', 'weights', 'subsets', 'mirror', 'fault'],
      ...['rewrite', 'headers', 'cors', 'retries', 'timeouts', 'sticky', 'jwt', 'authorization', 'external-auth'],
      ...['client-certificates', 'circuit-breaking'],
    ],
    part: {
      'rate-limit': 'EnvoyFilter, per pod; over all pods with a rate limit service',
      'protocol-conversion': "Envoy's filters by EnvoyFilter",
    },
    lacks: ['basic-auth', 'aggregation', ...PRODUCTS],
    sources: [ours('policies.md'), ours('convert.md')],
  },
  {
    title: 'Envoy Gateway 1.9 (Gateway API with its policies)',
    dialects: ['gateway-api'],
    has: [
      ...BASICS,
      ...['source-ranges', 'tls-passthrough', 'tcp', 'conditions', 'patterns', 'weights', 'mirror', 'fault', 'rewrite'],
      ...['headers', 'cors', 'retries', 'timeouts', 'sticky', 'jwt', 'authorization', 'external-auth', 'basic-auth'],
      ...['client-certificates', 'rate-limit', 'circuit-breaking'],
    ],
    part: { 'protocol-conversion': 'gRPC-Web; others by EnvoyPatchPolicy' },
    lacks: ['subsets', 'aggregation', ...PRODUCTS],
    sources: [ours('envoy-gateway.md')],
  },
  {
    title: 'Traefik Proxy 3.7',
    dialects: ['traefik'],
    has: [
      ...BASICS,
      ...[
        'source-ranges',
        'tls-passthrough',
        'tcp',
        'conditions',
        'patterns',
        'weights',
        'mirror',
        'rewrite',
        'headers',
      ],
      ...['cors', 'retries', 'timeouts', 'sticky', 'external-auth', 'basic-auth', 'client-certificates'],
      ...['circuit-breaking'],
    ],
    part: {
      'rate-limit': 'per pod, or with Redis',
      'protocol-conversion': 'gRPC-Web',
      jwt: 'in Traefik Hub only',
      authorization: 'by client address or external service',
    },
    lacks: ['subsets', 'fault', 'aggregation', ...PRODUCTS],
    sources: [ours('traefik.md')],
  },
  {
    title: 'Kong Gateway 3.10 with its ingress controller 3.5',
    dialects: ['kong'],
    has: [
      ...BASICS,
      ...['source-ranges', 'conditions', 'patterns', 'rewrite', 'headers', 'cors', 'retries', 'timeouts', 'jwt'],
      ...['authorization', 'basic-auth', 'rate-limit', 'protocol-conversion', 'tcp', 'tls-passthrough'],
    ],
    part: {
      weights: 'by HTTPRoute; an Ingress has none',
      sticky: 'by hashing (KongUpstreamPolicy)',
      'external-auth': 'pre-function, or a plugin of the enterprise edition',
      'client-certificates': 'a plugin of the enterprise edition',
      'circuit-breaking': 'passive health checks (KongUpstreamPolicy)',
      lifecycle: 'Konnect, or the enterprise edition',
      billing: 'Konnect',
    },
    lacks: ['subsets', 'fault', 'mirror', 'aggregation'],
    sources: [ours('kong.md')],
  },
  {
    title: 'F5 NGINX Ingress Controller 5',
    has: [
      ...BASICS,
      ...['source-ranges', 'tls-passthrough', 'tcp', 'conditions', 'patterns', 'weights', 'rewrite', 'headers', 'cors'],
      ...['retries', 'timeouts', 'external-auth', 'basic-auth', 'client-certificates'],
    ],
    part: {
      jwt: 'with NGINX Plus',
      sticky: 'with NGINX Plus',
      'rate-limit': 'per pod; over all pods with NGINX Plus',
      'circuit-breaking': 'failed attempts only (max-fails)',
    },
    lacks: ['subsets', 'fault', 'aggregation', ...PRODUCTS],
    sources: [
      source('https://docs.nginx.com/nginx-ingress-controller/configuration/policy-resource/policy-specification/'),
    ],
  },
  {
    title: 'HAProxy Kubernetes Ingress Controller 3',
    has: [
      ...BASICS,
      ...['source-ranges', 'tls-passthrough', 'tcp', 'rewrite', 'headers', 'cors', 'timeouts', 'sticky', 'basic-auth'],
      ...['client-certificates'],
    ],
    part: {
      conditions: 'ACLs on a Service (route-acl)',
      'rate-limit': 'per pod',
      jwt: 'by configuration snippet',
      authorization: 'by configuration snippet',
      'external-auth': 'by configuration snippet',
    },
    lacks: ['subsets', 'fault', 'mirror', 'weights', 'aggregation', ...PRODUCTS],
    sources: [source('https://github.com/haproxytech/kubernetes-ingress/blob/master/documentation/annotations.md')],
  },
  {
    title: 'Contour 1.33 (HTTPProxy)',
    has: [
      ...BASICS,
      ...[
        'source-ranges',
        'tls-passthrough',

        'conditions',
        'patterns',
        'weights',
        'mirror',
        'rewrite',
        'headers',
      ],
      ...['cors', 'retries', 'timeouts', 'sticky', 'jwt', 'external-auth', 'client-certificates'],
    ],
    part: {
      tcp: 'behind TLS (tcpproxy)',
      'rate-limit': 'per pod; over all pods with a rate limit service',
      'circuit-breaking': 'limits by annotations of the Service',
      authorization: 'by client address or external service',
    },
    lacks: ['subsets', 'fault', 'basic-auth', 'aggregation', ...PRODUCTS],
    sources: [
      source('https://projectcontour.io/docs/1.31/config/request-routing/'),
      source('https://projectcontour.io/docs/1.31/config/jwt-verification'),
    ],
  },
  {
    title: 'Apache APISIX 3 with its ingress controller',
    has: [
      ...BASICS,
      ...['source-ranges', 'tcp', 'conditions', 'patterns', 'weights', 'mirror', 'fault', 'rewrite', 'headers', 'cors'],
      ...['retries', 'timeouts', 'jwt', 'authorization', 'external-auth', 'basic-auth', 'client-certificates'],
      ...['rate-limit', 'circuit-breaking', 'protocol-conversion'],
    ],
    part: {
      subsets: 'by labels of pods (ApisixUpstream)',
      sticky: 'by hashing',
      aggregation: 'several requests of one client in one (batch-requests)',
    },
    lacks: [...PRODUCTS],
    sources: [
      source('https://apisix.apache.org/plugins'),
      source('https://apisix.apache.org/docs/ingress-controller/'),
    ],
  },
];

/** What is given up by its makers: whoever uses it has to move. */
export interface Retired {
  readonly title: string;
  /** Dialects whose gateways it is. */
  readonly dialects?: readonly string[];
  /** Groups of API objects that only it reads. */
  readonly groups?: readonly string[];
  /** In a sentence: `retired in March 2026`. */
  readonly state: string;
  readonly instead: string;
  readonly source: Source;
}

export const RETIRED: readonly Retired[] = [
  {
    title: 'ingress-nginx',
    dialects: ['ingress-nginx'],
    state: 'was retired in March 2026: no releases and no security fixes',
    instead: 'meshgw convert ingress-to-istio or ingress-to-gateway-api',
    source: source('https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/'),
  },
  {
    title: "Kuma's builtin gateway",
    dialects: ['kuma'],
    state: 'is removed in Kuma 3.0',
    instead: 'meshgw convert kuma-to-gateway-api or kuma-to-istio',
    source: source('https://github.com/kumahq/kuma/blob/master/UPGRADE.md'),
  },
];
