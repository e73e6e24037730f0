// What the fields of Kuma's resources become in the model.

import type { Feeds, FeedsOf } from '../accounts.js';

const BINDING = ['VirtualHost.domains', 'L4Chain.l4'] as const;
const BACKEND = ['WeightedDestination.to', 'DirectResponse.status', 'Destination.host'] as const;

const below = (prefix: string, feeds: Feeds): Feeds =>
  Object.fromEntries(Object.entries(feeds).map(([pattern, parts]) => [`${prefix}${pattern}`, parts]));

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

const HEADERS = (direction: 'Request' | 'Response'): Feeds => ({
  'set[].*': [`${direction}Headers.set`],
  'add[].*': [`${direction}Headers.add`],
  'remove[]': [`${direction}Headers.remove`],
});

const FILTERS: Feeds = {
  type: [
    'RequestHeaders.set',
    'RequestHeaders.add',
    'RequestHeaders.remove',
    'ResponseHeaders.set',
    'ResponseHeaders.add',
    'ResponseHeaders.remove',
    'Redirect.status',
    'Rewrite.path',
    'Rewrite.host',
    'Mirror.percent',
  ],
  ...below('requestHeader.', HEADERS('Request')),
  ...below('requestHeaderModifier.', HEADERS('Request')),
  ...below('responseHeader.', HEADERS('Response')),
  ...below('responseHeaderModifier.', HEADERS('Response')),
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
  ...below('conf.http.rules[].matches[].', MATCHES),
  ...below('to[].rules[].matches[].', MATCHES),
  ...below('conf.http.rules[].filters[].', FILTERS),
  ...below('to[].rules[].default.filters[].', FILTERS),
  'conf.http.rules[].backends[].weight': ['WeightedDestination.weight', 'WeightedDestination.to'],
  'conf.http.rules[].backends[].**': BACKEND,
  'conf.tcp.rules[].backends[].**': BACKEND,
  'to[].rules[].default.backendRefs[].weight': ['WeightedDestination.weight', 'WeightedDestination.to'],
  'to[].rules[].default.backendRefs[].**': BACKEND,
};

/** Below `spec` in Kubernetes, at the top outside of it. */
const anywhere = (feeds: Feeds): Feeds => ({ ...below('spec.', feeds), ...feeds });
const OF_GATEWAY = anywhere(GATEWAY);
const OF_ROUTE = anywhere(ROUTE);

export const feeds: FeedsOf = ({ kind }) => (kind === 'MeshGateway' ? OF_GATEWAY : OF_ROUTE);
