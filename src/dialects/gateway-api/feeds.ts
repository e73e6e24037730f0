// What the fields of Gateways and routes become in the model.

import { type Feeds, type FeedsOf, feedsBelow, HEADER_PARTS, headerFeeds } from '../accounts.js';
import { backendFeeds, MATCHES, parentFeeds } from '../gateway-api-feeds.js';
import { egFeeds } from './implementations/envoy-gateway/feeds.js';

const NAME = { without: 'a name without an effect on requests' } as const;
const BINDING = ['VirtualHost.domains', 'L4Chain.l4'] as const;
const BACKEND = ['WeightedDestination.to', 'DirectResponse.status', 'Destination.host'] as const;

const GATEWAY: Feeds = {
  'spec.gatewayClassName': ['Listener.port'],
  'spec.addresses[].**': ['Gateway.id'],
  'spec.infrastructure.**': { without: 'configures the deployment of the Gateway workload' },
  'spec.listeners[].name': NAME,
  'spec.listeners[].port': ['Listener.port'],
  'spec.listeners[].protocol': ['ChainMatch.transport'],
  'spec.listeners[].hostname': ['ChainMatch.sni', 'VirtualHost.domains'],
  'spec.listeners[].tls.mode': { parts: ['L4Chain.l4', 'TlsContext.mode'], usual: (mode) => mode === 'Terminate' },
  'spec.listeners[].tls.certificateRefs[].**': ['TlsContext.credentials'],
  'spec.listeners[].tls.options."gateway.istio.io/tls-terminate-mode"': ['TlsContext.mode'],
  'spec.listeners[].tls.options."gateway.istio.io/tls-cipher-suites"': ['TlsContext.cipherSuites'],
  'spec.listeners[].tls.frontendValidation.**': ['TlsContext.mode', 'TlsContext.clients'],
  'spec.tls.frontend.perPort[].tls': {
    without: 'clients of this port are asked for no certificate, whatever others are',
  },
  'spec.tls.frontend.**': ['TlsContext.mode', 'TlsContext.clients'],
  'spec.tls.backend.clientCertificateRef.**': ['Destination.tls'],
  'spec.listeners[].allowedRoutes.namespaces.from': { parts: BINDING, usual: (from) => from === 'Same' },
  'spec.listeners[].allowedRoutes.**': BINDING,
  'spec.allowedListeners.**': BINDING,
  'spec.parentRef.*': BINDING,
};

const FILTER: Feeds = {
  ...feedsBelow('requestHeaderModifier', headerFeeds('Request')),
  ...feedsBelow('responseHeaderModifier', headerFeeds('Response')),
  'requestMirror.backendRef.**': ['Destination.host', 'Destination.port'],
  'requestMirror.percent': ['Mirror.percent'],
  'requestMirror.fraction.**': ['Mirror.percent'],
  'requestRedirect.scheme': ['Redirect.scheme'],
  'requestRedirect.hostname': ['Redirect.host'],
  'requestRedirect.path.**': ['Redirect.path'],
  'requestRedirect.port': ['Redirect.port'],
  'requestRedirect.statusCode': ['Redirect.status'],
  'urlRewrite.hostname': ['Rewrite.host', 'WeightedDestination.hostRewrite'],
  'urlRewrite.path.**': ['Rewrite.path'],
  'cors.allowOrigins[]': ['CorsPolicy.allowOrigins'],
  'cors.allowMethods[]': ['CorsPolicy.allowMethods'],
  'cors.allowHeaders[]': ['CorsPolicy.allowHeaders'],
  'cors.exposeHeaders[]': ['CorsPolicy.exposeHeaders'],
  'cors.maxAge': ['CorsPolicy.maxAge'],
  'cors.allowCredentials': ['CorsPolicy.allowCredentials'],
  'extensionRef.**': ['Rewrite.path', 'Rewrite.host', 'DirectResponse.status', 'ResponseHeaders.set'],
  type: [
    ...HEADER_PARTS,
    'Redirect.status',
    'Rewrite.path',
    'Rewrite.host',
    'Mirror.percent',
    'CorsPolicy.allowOrigins',
  ],
};

const REFERENCE: Feeds = {
  weight: ['WeightedDestination.weight', 'WeightedDestination.to'],
  ...feedsBelow('filters[]', FILTER),
  ...backendFeeds(BACKEND),
};

const RULE: Feeds = {
  name: NAME,
  ...MATCHES,
  'matches[].method.*': ['RouteMatch.path'],
  ...feedsBelow('filters[]', FILTER),
  ...feedsBelow('backendRefs[]', REFERENCE),
  'timeouts.request': ['Delivery.timeoutMs'],
  'timeouts.backendRequest': ['Delivery.retries', 'Delivery.timeoutMs'],
  'retry.**': ['Delivery.retries'],
  'sessionPersistence.**': ['Delivery.hash'],
};

const ROUTE: Feeds = {
  ...parentFeeds(BINDING),
  'spec.hostnames[]': [...BINDING, 'ChainMatch.sni'],
  ...feedsBelow('spec.rules[]', RULE),
};

const CONSULTED = { without: 'is read as a permission; what the output needs of it is generated' } as const;

export const feeds: FeedsOf = ({ group, kind }) => {
  const ofEnvoyGateway = egFeeds(`${group}/${kind}`);
  if (ofEnvoyGateway) return ofEnvoyGateway;
  if (kind === 'Gateway' || kind === 'ListenerSet' || kind === 'XListenerSet') return GATEWAY;
  if (kind.endsWith('Route')) return ROUTE;
  return kind === 'BackendTLSPolicy'
    ? { 'spec.**': ['Destination.tls', 'WeightedDestination.to'] }
    : { 'spec.**': CONSULTED };
};
