// What a configuration uses of what the four approaches can do, and from which approach on each of it is available: the
// article's table (NodePort/LoadBalancer: load balancing; Ingress: TLS, virtual hosts, routing; Istio Gateway: advanced
// routing and Istio's other features; API gateway: authentication, rate limits, policies, circuit breaking, …), one row
// per feature, as things stand today.

import type { Approach, Condition, HeaderOps, Route } from '../model/index.js';
import type { FoundWay } from './found-way.js';

export interface Feature {
  /** What `--need` takes. */
  readonly name: string;
  readonly from: Approach;
  /** What it is called in a sentence. */
  readonly title: string;
  /** Who does it today. */
  readonly today: string;
}

const feature = (name: string, from: Approach, title: string, today: string): Feature => ({ name, from, title, today });

export const FEATURES: readonly Feature[] = [
  feature('load-balancing', 'load-balancer', 'load balancing', 'every Service, per connection; the others per request'),
  feature(
    'source-ranges',
    'load-balancer',
    'client address restrictions',
    'loadBalancerSourceRanges; ingress-nginx by annotation; Istio by AuthorizationPolicy',
  ),
  feature('hosts', 'ingress', 'virtual hosts', 'Ingress, Gateway API and Istio'),
  feature('paths', 'ingress', 'routing by path', 'Ingress, Gateway API and Istio'),
  feature('tls', 'ingress', 'TLS termination', 'Ingress, Gateway API and Istio, certificate in a Secret'),
  feature(
    'tls-passthrough',
    'istio-gateway',
    'TLS passthrough by server name',
    'Istio (PASSTHROUGH) and TLSRoute; a LoadBalancer forwards everything',
  ),
  feature('tcp', 'load-balancer', 'TCP', 'LoadBalancer, Istio and TCPRoute; an Ingress has no TCP'),
  feature(
    'conditions',
    'istio-gateway',
    'routing by header, method or query parameter',
    'Istio and HTTPRoute; an Ingress only by annotations of its controller (canary)',
  ),
  feature('patterns', 'istio-gateway', 'path patterns', 'Istio; ingress-nginx by use-regex'),
  feature('weights', 'istio-gateway', 'weighted versions', 'Istio and HTTPRoute; ingress-nginx by canary-weight'),
  feature('subsets', 'istio-gateway', 'versions of one service', 'Istio subsets (DestinationRule)'),
  feature('mirror', 'istio-gateway', 'request mirroring', 'Istio and HTTPRoute; ingress-nginx by mirror-target'),
  feature('fault', 'istio-gateway', 'fault injection', 'Istio only'),
  feature('rewrite', 'istio-gateway', 'path and host rewrites', 'Istio and HTTPRoute; ingress-nginx by rewrite-target'),
  feature('headers', 'istio-gateway', 'header changes', 'Istio and HTTPRoute; ingress-nginx in part'),
  feature(
    'cors',
    'istio-gateway',
    'CORS at the gateway',
    'Istio and HTTPRoute (CORS filter); ingress-nginx by annotations',
  ),
  feature(
    'retries',
    'istio-gateway',
    'retries',
    'Istio; HTTPRoute in its experimental channel; ingress-nginx by proxy-next-upstream',
  ),
  feature('timeouts', 'istio-gateway', 'timeouts', 'Istio and HTTPRoute; ingress-nginx by annotations'),
  feature('sticky', 'istio-gateway', 'session affinity', 'Istio (consistentHash); ingress-nginx by affinity'),
  feature(
    'jwt',
    'api-gateway',
    'token authentication',
    'Istio: RequestAuthentication, required by an AuthorizationPolicy',
  ),
  feature('authorization', 'api-gateway', 'authorization', 'Istio: AuthorizationPolicy'),
  feature(
    'external-auth',
    'api-gateway',
    'external authentication',
    'ingress-nginx auth-url; Istio by AuthorizationPolicy CUSTOM and an extension provider',
  ),
  feature(
    'basic-auth',
    'api-gateway',
    'passwords',
    'ingress-nginx auth-type; not in Istio: use tokens or external authentication',
  ),
  feature(
    'client-certificates',
    'ingress',
    'client certificates',
    'Istio (MUTUAL), ingress-nginx (auth-tls-secret), Gateway API frontend validation',
  ),
  feature(
    'rate-limit',
    'api-gateway',
    'rate limits',
    'Istio per gateway pod (EnvoyFilter local_ratelimit); a limit over all pods needs a rate limit service; ingress-nginx limit-rps per pod',
  ),
  feature(
    'circuit-breaking',
    'api-gateway',
    'circuit breaking',
    'Istio: DestinationRule connectionPool and outlierDetection',
  ),
  feature(
    'protocol-conversion',
    'api-gateway',
    'protocol conversion',
    "gRPC for HTTP clients: Envoy's filters by EnvoyFilter, Kong's grpc-gateway and grpc-web; not in an Ingress",
  ),
  feature(
    'aggregation',
    'api-gateway',
    'response aggregation',
    'an API gateway product or a service of your own; neither Istio nor Ingress',
  ),
  feature('lifecycle', 'api-gateway', 'API lifecycle: versions, keys and documentation', 'an API gateway product'),
  feature('billing', 'api-gateway', 'metering and billing', 'an API gateway product'),
];

export const featureOf = (name: string): Feature => FEATURES.find((f) => f.name === name)!;

/** Names of what one way uses. */
export function usedBy(way: FoundWay): Set<string> {
  const used = new Set<string>(['load-balancing']);
  const { chain, route, virtualHost } = way;
  if (chain.match.source?.length) used.add('source-ranges');
  if (chain.tls) used.add('tls');
  if (chain.tls?.mode === 'mutual' || chain.tls?.mode === 'optional-mutual') used.add('client-certificates');
  if (chain.kind === 'l4') {
    used.add(chain.l4 === 'tls' ? 'tls-passthrough' : 'tcp');
    if (way.weight < 100) used.add('weights');
  } else {
    if (virtualHost?.domains.some((d) => d.kind !== 'any')) used.add('hosts');
    if (chain.policies?.authentication.length) used.add('jwt');
    if (chain.policies?.rateLimits?.length) used.add('rate-limit');
  }
  if (chain.policies?.authorization.length) used.add('authorization');
  if (route) for (const name of usedByRoute(route)) used.add(name);
  if (way.mirror) used.add('mirror');
  if (way.destination.subset !== undefined) used.add('subsets');
  return used;
}

const CONDITIONS: Partial<Record<Condition['kind'], string>> = {
  'external-auth': 'external-auth',
  'basic-auth': 'basic-auth',
  'client-certificate': 'client-certificates',
  'rate-limit': 'rate-limit',
  'connection-limit': 'rate-limit',
  affinity: 'sticky',
};

function* usedByRoute({
  match,
  action,
  cors,
  fault,
  requestHeaders,
  responseHeaders,
  conditions,
}: Route): Generator<string> {
  const { path } = match;
  if (path && path.kind !== 'any' && !('value' in path && path.value === '/' && path.kind !== 'exact')) yield 'paths';
  if (path?.kind === 'regex') yield 'patterns';
  if (match.headers.some((h) => h.name !== ':scheme') || match.query.length > 0 || match.claims?.length)
    yield 'conditions';
  if (match.source?.length) yield 'source-ranges';
  if (cors) yield 'cors';
  if (fault) yield 'fault';
  if (changesHeaders(requestHeaders) || changesHeaders(responseHeaders)) yield 'headers';
  for (const { kind } of conditions ?? []) {
    const name = CONDITIONS[kind];
    if (name) yield name;
  }
  if (action.kind !== 'forward') return;
  if (action.destinations.length > 1) yield 'weights';
  if (action.rewrite) yield 'rewrite';
  if (action.mirrors?.length) yield 'mirror';
  if (action.delivery?.hash?.length) yield 'sticky';
  // Without an origin it is the gateway's own default.
  if (action.delivery?.origin && action.delivery.timeoutMs) yield 'timeouts';
  if (action.delivery?.origin && action.delivery.retries) yield 'retries';
}

/** The header that ingress-nginx sets on every TLS host by itself asks for nothing. */
const changesHeaders = (ops: HeaderOps | undefined): boolean =>
  [...(ops?.set ?? []), ...(ops?.add ?? [])].some(([name]) => name !== 'strict-transport-security') ||
  (ops?.remove?.length ?? 0) > 0;
