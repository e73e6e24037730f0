// What the fields of Kuma's resources become in the model.

import { type Feeds, type FeedsOf, feedsBelow, HEADER_PARTS, headerFeeds } from '../accounts.js';

const BINDING = ['VirtualHost.domains', 'L4Chain.l4'] as const;
const BACKEND = ['WeightedDestination.to', 'DirectResponse.status', 'Destination.host'] as const;

const GATEWAY: Feeds = {
  'selectors[].match.*': ['Gateway.id'],
  'tags.*': BINDING,
  'conf.listeners[].port': ['Listener.port'],
  'conf.listeners[].protocol': ['ChainMatch.transport'],
  'conf.listeners[].hostname': ['ChainMatch.sni', 'VirtualHost.domains'],
  'conf.listeners[].tags.*': BINDING,
  'conf.listeners[].tls.mode': ['L4Chain.l4', 'TlsContext.mode'],
  'conf.listeners[].tls.certificates[].**': ['TlsContext.credentials'],
  'conf.listeners[].tls.options.**': { without: 'has no fields' },
  'conf.listeners[].crossMesh': ['Listener.port'],
  'conf.listeners[].resources.**': { without: 'limits connections; no answer of one request depends on it' },
};

const FILTERS: Feeds = {
  type: [...HEADER_PARTS, 'Redirect.status', 'Rewrite.path', 'Rewrite.host', 'Mirror.percent'],
  ...feedsBelow('requestHeader', headerFeeds('Request')),
  ...feedsBelow('requestHeaderModifier', headerFeeds('Request')),
  ...feedsBelow('responseHeader', headerFeeds('Response')),
  ...feedsBelow('responseHeaderModifier', headerFeeds('Response')),
  'mirror.percentage': ['Mirror.percent'],
  'requestMirror.percentage': ['Mirror.percent'],
  'mirror.**': ['Destination.host', 'Destination.port'],
  'requestMirror.**': ['Destination.host', 'Destination.port'],
  ...Object.fromEntries(
    ['redirect.', 'requestRedirect.'].flatMap((name) =>
      Object.entries({
        scheme: ['Redirect.scheme'],
        hostname: ['Redirect.host'],
        port: ['Redirect.port'],
        statusCode: ['Redirect.status'],
        'path.**': ['Redirect.path'],
      } as const).map(([key, parts]) => [`${name}${key}`, parts]),
    ),
  ),
  'rewrite.**': ['Rewrite.path', 'Rewrite.host'],
  'urlRewrite.hostname': ['Rewrite.host'],
  'urlRewrite.path.**': ['Rewrite.path'],
};

const MATCHES: Feeds = {
  'path.**': ['RouteMatch.path'],
  method: ['RouteMatch.headers'],
  'headers[].*': ['RouteMatch.headers'],
  'queryParameters[].*': ['RouteMatch.query'],
  'queryParams[].*': ['RouteMatch.query'],
};

const ROUTE: Feeds = {
  'selectors[].match.*': BINDING,
  'targetRef.**': BINDING,
  'conf.http.hostnames[]': BINDING,
  'to[].hostnames[]': BINDING,
  'to[].targetRef.**': BINDING,
  ...feedsBelow('conf.http.rules[].matches[]', MATCHES),
  ...feedsBelow('to[].rules[].matches[]', MATCHES),
  ...feedsBelow('conf.http.rules[].filters[]', FILTERS),
  ...feedsBelow('to[].rules[].default.filters[]', FILTERS),
  'conf.http.rules[].backends[].weight': ['WeightedDestination.weight', 'WeightedDestination.to'],
  'conf.http.rules[].backends[].**': BACKEND,
  'conf.tcp.rules[].backends[].**': BACKEND,
  'to[].rules[].default.backendRefs[].weight': ['WeightedDestination.weight', 'WeightedDestination.to'],
  'to[].rules[].default.backendRefs[].**': BACKEND,
};

/** Below `spec` in Kubernetes, at the top outside of it. */
const anywhere = (feeds: Feeds): Feeds => ({ ...feedsBelow('spec', feeds), ...feeds });
const OF_GATEWAY = anywhere(GATEWAY);
const OF_ROUTE = anywhere(ROUTE);

export const feeds: FeedsOf = ({ kind }) => (kind === 'MeshGateway' ? OF_GATEWAY : OF_ROUTE);
