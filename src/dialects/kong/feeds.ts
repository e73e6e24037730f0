// What the fields and annotations of an Ingress become for Kong.

import type { Feeds, FeedsOf } from '../accounts.js';
import { ingressFeeds } from '../ingress-feeds.js';
import { gatewayApiFeeds } from './gateway-api/feeds.js';

const REDIRECT = ['Redirect.status', 'Redirect.scheme', 'DirectResponse.status'] as const;

const ANNOTATIONS: Feeds = {
  'strip-path': ['Rewrite.path'],
  'preserve-host': ['Rewrite.host'],
  protocols: REDIRECT,
  'https-redirect-status-code': REDIRECT,
  methods: ['RouteMatch.headers'],
  snis: ['ChainMatch.sni'],
  'host-aliases': ['VirtualHost.domains'],
  'regex-prefix': ['RouteMatch.path'],
  'path-handling': ['Rewrite.path'],
  rewrite: ['Rewrite.path'],
  plugins: [
    ...(['RouteMatch.headers', 'RouteMatch.query', 'RouteMatch.source', 'RequestHeaders.set'] as const),
    ...(['ResponseHeaders.set', 'DirectResponse.status', 'Route.conditions', 'Route.maxRequestBytes'] as const),
    ...(['Rewrite.path', 'Rewrite.query', 'Rewrite.method', 'Redirect.status'] as const),
  ],
  'regex-priority': { without: 'decides the order of the rules, which are written in it' },
  'headers-separator': { without: 'how another annotation is written' },
  'request-buffering': { without: 'how bytes travel' },
  'response-buffering': { without: 'how bytes travel' },
  tags: { without: 'a name without an effect on requests' },
};

export const feeds: FeedsOf = ({ group, kind, annotations }) => ({
  ...(group === 'gateway.networking.k8s.io' ? gatewayApiFeeds(kind) : ingressFeeds(['ImplementationSpecific'])),
  ...Object.fromEntries(
    Object.entries(ANNOTATIONS).map(([name, of]) => [`metadata.annotations."konghq.com/${name}"`, of]),
  ),
  ...Object.fromEntries(
    Object.keys(annotations)
      .filter((name) => name.startsWith('konghq.com/headers.'))
      .map((name) => [`metadata.annotations."${name}"`, ['RouteMatch.headers'] as const]),
  ),
  'metadata.annotations."ingress.kubernetes.io/force-ssl-redirect"': REDIRECT,
});
