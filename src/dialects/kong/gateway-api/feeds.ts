// What the fields of Gateways and HTTPRoutes become for Kong, which takes part of them only.

import { durationMsOf } from '../../../resources/fields.js';
import { type Feeds, feedsBelow, headerFeeds } from '../../accounts.js';
import { backendFeeds, MATCHES, parentFeeds } from '../../gateway-api-feeds.js';

const NAME = { without: 'a name without an effect on requests' } as const;
const NOT_READ = { without: "Kong's ingress controller does not read it" } as const;
const BINDING = ['VirtualHost.domains'] as const;
const BACKEND = ['WeightedDestination.to', 'DirectResponse.status', 'Destination.host'] as const;

const GATEWAY: Feeds = {
  'spec.gatewayClassName': ['VirtualHost.domains'],
  'spec.addresses[].**': NOT_READ,
  'spec.infrastructure.**': NOT_READ,
  'spec.listeners[].name': NAME,
  'spec.listeners[].port': { without: "Kong listens where its own configuration says, whatever a listener's port is" },
  'spec.listeners[].protocol': ['ChainMatch.transport', 'Redirect.status', 'DirectResponse.status'],
  'spec.listeners[].hostname': BINDING,
  'spec.listeners[].tls.mode': { parts: ['TlsContext.mode'], usual: (mode) => mode === 'Terminate' },
  'spec.listeners[].tls.certificateRefs[].**': ['TlsContext.certificates', 'TlsContext.credentials'],
  'spec.listeners[].tls.**': NOT_READ,
  'spec.listeners[].allowedRoutes.namespaces.from': { parts: BINDING, usual: (from) => from === 'Same' },
  'spec.listeners[].allowedRoutes.**': BINDING,
};

const FILTER: Feeds = {
  ...feedsBelow('requestHeaderModifier', headerFeeds('Request')),
  ...feedsBelow('responseHeaderModifier', headerFeeds('Response')),
  'requestRedirect.scheme': ['Redirect.scheme'],
  'requestRedirect.hostname': ['Redirect.host'],
  'requestRedirect.path.**': ['Redirect.path', 'ResponseHeaders.set'],
  'requestRedirect.port': ['Redirect.port'],
  'requestRedirect.statusCode': ['Redirect.status', 'DirectResponse.status'],
  'urlRewrite.hostname': ['Rewrite.host'],
  'urlRewrite.path.**': ['Rewrite.path'],
  'extensionRef.**': ['Rewrite.path', 'Rewrite.host', 'DirectResponse.status', 'ResponseHeaders.set'],
  type: [
    ...(['RequestHeaders.set', 'RequestHeaders.add', 'RequestHeaders.remove'] as const),
    ...(['ResponseHeaders.set', 'ResponseHeaders.add', 'ResponseHeaders.remove'] as const),
    ...(['Redirect.status', 'Rewrite.path', 'Rewrite.host', 'DirectResponse.status'] as const),
  ],
};

const RULE: Feeds = {
  name: NAME,
  ...MATCHES,
  ...feedsBelow('filters[]', FILTER),
  'backendRefs[].weight': ['WeightedDestination.weight', 'WeightedDestination.to'],
  'backendRefs[].filters[].**': NOT_READ,
  ...feedsBelow('backendRefs[]', backendFeeds(BACKEND)),
  'timeouts.backendRequest': {
    parts: ['Delivery.connectTimeoutMs', 'Delivery.idleTimeoutMs'],
    usual: (limit) => durationMsOf(limit) === 60_000,
  },
  'timeouts.**': NOT_READ,
  'retry.**': NOT_READ,
  'sessionPersistence.**': NOT_READ,
};

const ROUTE: Feeds = {
  ...parentFeeds(BINDING),
  'spec.hostnames[]': BINDING,
  ...feedsBelow('spec.rules[]', RULE),
};

const CLASS = { without: 'names the controller of the Gateways' } as const;

export const gatewayApiFeeds = (kind: string): Feeds =>
  kind === 'Gateway' ? GATEWAY : kind === 'HTTPRoute' ? ROUTE : { 'spec.**': CLASS };
