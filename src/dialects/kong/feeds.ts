// What the fields and annotations of an Ingress become for Kong.

import type { Json, Resource } from '../../model/index.js';
import type { Feed, Feeds, FeedsOf } from '../accounts.js';
import { ingressFeeds } from '../ingress-feeds.js';
import { isUsualRedirect } from './controller/annotations.js';
import { gatewayApiFeeds } from './gateway-api/feeds.js';

const REDIRECT = ['Redirect.status', 'Redirect.scheme', 'DirectResponse.status'] as const;

/** Of any other text the controller takes its default. */
const isFlag = (text: Json, flag: 'true' | 'false'): boolean => String(text).toLowerCase() === flag;

const ANNOTATIONS: Feeds = {
  'strip-path': { parts: ['Rewrite.path'], usual: (text) => !isFlag(text, 'true') },
  'preserve-host': { parts: ['Rewrite.host'], usual: (text) => !isFlag(text, 'false') },
  protocols: REDIRECT,
  methods: ['RouteMatch.headers'],
  snis: ['ChainMatch.sni'],
  'host-aliases': ['VirtualHost.domains'],
  'regex-prefix': ['RouteMatch.path'],
  'path-handling': { parts: ['Rewrite.path'], usual: (text) => text !== 'v1' },
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

/** Of a TCPIngress, whose class is an annotation. */
const TCP: Feeds = {
  'spec.rules[].port': ['L4Chain.l4'],
  'spec.rules[].host': ['ChainMatch.sni'],
  'spec.rules[].backend.*': ['WeightedDestination.to', 'Destination.host'],
  'spec.tls[].hosts[]': ['TlsContext.credentials'],
  'spec.tls[].secretName': ['TlsContext.credentials'],
  'metadata.annotations."kubernetes.io/ingress.class"': ['L4Chain.l4'],
};

const ofStatus = (resource: Resource): Feed => ({ parts: REDIRECT, usual: () => isUsualRedirect(resource) });

export const feeds: FeedsOf = (resource) => ({
  ...(resource.group === 'gateway.networking.k8s.io'
    ? gatewayApiFeeds(resource.kind)
    : resource.kind === 'TCPIngress'
      ? TCP
      : ingressFeeds(['ImplementationSpecific'])),
  ...Object.fromEntries(
    Object.entries({ ...ANNOTATIONS, 'https-redirect-status-code': ofStatus(resource) }).map(([name, of]) => [
      `metadata.annotations."konghq.com/${name}"`,
      of,
    ]),
  ),
  ...Object.fromEntries(
    Object.keys(resource.annotations)
      .filter((name) => name.startsWith('konghq.com/headers.'))
      .map((name) => [`metadata.annotations."${name}"`, ['RouteMatch.headers'] as const]),
  ),
  'metadata.annotations."ingress.kubernetes.io/force-ssl-redirect"': REDIRECT,
});
