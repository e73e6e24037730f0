// What the fields and annotations of Traefik's objects become in the model.

import type { Part } from '../../model/index.js';
import { type Feeds, type FeedsOf, feedsBelow } from '../accounts.js';
import { ingressFeeds } from '../ingress-feeds.js';

const ACTION = ['WeightedDestination.to', 'Redirect.status', 'DirectResponse.status', 'L4Chain.l4'] as const;
const RULE = ['RouteMatch.path', 'RouteMatch.headers', 'RouteMatch.query', 'RouteMatch.source', ...ACTION] as const;
const SNI = ['ChainMatch.sni', 'ChainMatch.sniTests', 'ChainMatch.source', 'L4Chain.l4'] as const;
const BACKEND = ['Destination.host', 'Destination.port', 'WeightedDestination.to', 'DirectResponse.status'] as const;
const TLS = ['TlsContext.certificates', 'TlsContext.mode', 'ChainMatch.sni', ...ACTION] as const;
/** Whatever a middleware does. */
const CHANGES: readonly Part[] = [
  ...(['RouteMatch.headers', 'RouteMatch.source', 'RequestHeaders.set', 'RequestHeaders.add'] as const),
  ...(['RequestHeaders.remove', 'ResponseHeaders.set', 'ResponseHeaders.add', 'ResponseHeaders.remove'] as const),
  ...(['Rewrite.path', 'Rewrite.host', 'Redirect.status', 'DirectResponse.status'] as const),
  ...(['Route.conditions', 'Route.maxRequestBytes', 'Delivery.retries', 'WeightedDestination.to'] as const),
];

const PRIORITY = { without: 'decides the order of the rules, which are written in it' } as const;
const SYNTAX = { without: 'how the rule is written' } as const;
const OWN_ITEM = { without: 'has an item of its own' } as const;
const OBSERVED = { without: 'logs, metrics and traces; no answer depends on it' } as const;
const USUAL_KIND = { without: 'the only kind there is' } as const;

/** A member of `services`. */
const SERVICE: Feeds = {
  weight: ['WeightedDestination.weight', 'WeightedDestination.to', 'DirectResponse.status'],
  scheme: ['Destination.protocol', 'WeightedDestination.to'],
  passHostHeader: { parts: ['Rewrite.host', 'WeightedDestination.hostRewrite'], usual: (value) => value === true },
  'middlewares[].**': CHANGES,
  ...Object.fromEntries(
    [
      'sticky.**',
      'strategy',
      'responseForwarding.**',
      'healthCheck.**',
      'serversTransport',
      'nativeLB',
      'nodePortLB',
    ].map((name) => [name, OWN_ITEM]),
  ),
  '**': BACKEND,
};

const PLACE = { without: 'says on which ports the rules stand, which are written there' } as const;
const CLASS = { without: 'chooses the controller' } as const;
const OPTIONS = { without: 'names the TLSOption, whose fields are accounted for' } as const;
const CERTIFICATES = { without: "certificates of Traefik's own ACME: the target shows those of Secrets" } as const;

const INGRESS_ROUTE: Feeds = {
  'entryPoints[]': PLACE,
  'routes[].match': ['VirtualHost.domains', ...RULE],
  'routes[].kind': USUAL_KIND,
  'routes[].priority': PRIORITY,
  'routes[].syntax': SYNTAX,
  'routes[].observability.**': OBSERVED,
  'routes[].middlewares[].**': CHANGES,
  ...feedsBelow('routes[].services[]', SERVICE),
  'parentRefs[].**': { without: 'the rules are written with the tests of their parents' },
  'tls.options.**': OPTIONS,
  'tls.certResolver': CERTIFICATES,
  'tls.domains[].**': CERTIFICATES,
  'tls.**': TLS,
  ingressClassName: CLASS,
};

const INGRESS_ROUTE_TCP: Feeds = {
  'entryPoints[]': PLACE,
  'routes[].match': SNI,
  'routes[].priority': PRIORITY,
  'routes[].syntax': SYNTAX,
  'routes[].middlewares[].**': ['ChainMatch.source', 'L4Chain.l4'],
  'routes[].services[].weight': ['WeightedDestination.weight', 'WeightedDestination.to'],
  'routes[].services[].name': BACKEND,
  'routes[].services[].namespace': BACKEND,
  'routes[].services[].port': BACKEND,
  'tls.passthrough': { without: 'says whether the bytes are those of TLS, which the chains are written for' },
  'tls.options.**': OPTIONS,
  'tls.certResolver': CERTIFICATES,
  'tls.domains[].**': CERTIFICATES,
  'tls.**': TLS,
  ingressClassName: CLASS,
};

const REWRITE = ['Rewrite.path', 'Redirect.path'] as const;
const REQUEST = ['RequestHeaders.set', 'RequestHeaders.add', 'RequestHeaders.remove', 'Rewrite.host'] as const;
const RESPONSE = ['ResponseHeaders.set', 'ResponseHeaders.add', 'ResponseHeaders.remove'] as const;
const CHECK = ['Route.conditions', 'DirectResponse.status'] as const;
const GONE = { without: 'does nothing in Traefik 3' } as const;

const MIDDLEWARE: Feeds = {
  'addPrefix.prefix': REWRITE,
  'stripPrefix.**': REWRITE,
  'stripPrefixRegex.**': REWRITE,
  'replacePath.path': REWRITE,
  'replacePathRegex.**': REWRITE,
  'redirectScheme.**': ['Redirect.status', 'Redirect.scheme'],
  'redirectRegex.**': ['Redirect.location', 'Redirect.status'],
  'headers.customRequestHeaders.*': REQUEST,
  'headers.customResponseHeaders.*': RESPONSE,
  'headers.allowedHosts[]': ['RouteMatch.headers'],
  'headers.hostsProxyHeaders[]': GONE,
  'headers.featurePolicy': GONE,
  'headers.sslRedirect': GONE,
  'headers.sslTemporaryRedirect': GONE,
  'headers.sslHost': GONE,
  'headers.sslForceHost': GONE,
  'headers.accessControlAllowCredentials': RESPONSE,
  'headers.**': [...RESPONSE, 'RouteMatch.headers', 'DirectResponse.status'],
  'ipAllowList.**': ['RouteMatch.source', 'DirectResponse.status'],
  'ipWhiteList.**': ['RouteMatch.source', 'DirectResponse.status'],
  'basicAuth.**': CHECK,
  'digestAuth.**': CHECK,
  'forwardAuth.authResponseHeaders[]': REQUEST,
  'forwardAuth.**': CHECK,
  'rateLimit.**': CHECK,
  'inFlightReq.**': CHECK,
  'circuitBreaker.**': CHECK,
  'errors.**': CHECK,
  'buffering.maxRequestBodyBytes': ['Route.maxRequestBytes'],
  'retry.attempts': ['Delivery.retries'],
  'encodedCharacters.*': ['RouteMatch.headers'],
  'plugin.**': CHECK,
  'chain.middlewares[].**': CHANGES,
};

const TRAEFIK_SERVICE: Feeds = {
  'weighted.sticky.**': OWN_ITEM,
  'failover.**': OWN_ITEM,
  ...feedsBelow('weighted.services[]', SERVICE),
  ...feedsBelow('highestRandomWeight.services[]', SERVICE),
  'mirroring.mirrors[].percent': ['Mirror.percent'],
  'mirroring.mirrors[].name': ['Mirror.percent'],
  'mirroring.mirrors[].kind': ['Mirror.percent'],
  'mirroring.mirrors[].namespace': ['Mirror.percent'],
  'mirroring.mirrors[].port': ['Mirror.percent'],
  'mirroring.name': BACKEND,
  'mirroring.kind': BACKEND,
  'mirroring.namespace': BACKEND,
  'mirroring.port': BACKEND,
};

const TLS_OPTION: Feeds = {
  minVersion: ['TlsContext.minVersion'],
  maxVersion: ['TlsContext.maxVersion'],
  'cipherSuites[]': ['TlsContext.cipherSuites'],
  'clientAuth.**': ['TlsContext.mode', 'TlsContext.clients'],
  sniStrict: ['ChainMatch.sni'],
};

const KINDS: Readonly<Record<string, Feeds>> = {
  IngressRoute: INGRESS_ROUTE,
  IngressRouteTCP: INGRESS_ROUTE_TCP,
  Middleware: MIDDLEWARE,
  MiddlewareTCP: { 'ipAllowList.**': OWN_ITEM, 'ipWhiteList.**': OWN_ITEM },
  TraefikService: TRAEFIK_SERVICE,
  TLSOption: TLS_OPTION,
  TLSStore: { 'defaultCertificate.secretName': ['TlsContext.credentials'], 'defaultGeneratedCert.**': CERTIFICATES },
};
const OF_KIND = new Map(Object.entries(KINDS).map(([kind, feeds]) => [kind, feedsBelow('spec', feeds)]));

const PREFIX = 'traefik.ingress.kubernetes.io/';

const ANNOTATIONS: readonly (readonly [RegExp, Feeds[string]])[] = [
  [/^router\.(entrypoints|pathmatcher)$/, RULE],
  [/^router\.priority$/, PRIORITY],
  [/^router\.rulesyntax$/, SYNTAX],
  [/^router\.middlewares$/, CHANGES],
  [/^router\.tls\.(certresolver|domains)/, CERTIFICATES],
  [/^router\.tls\.options$/, OPTIONS],
  [/^router\.tls/, TLS],
  [/^router\.observability/, OBSERVED],
];

function ofAnnotation(key: string): readonly (readonly [string, Feeds[string]])[] {
  if (!key.startsWith(PREFIX)) return [];
  const name = key.slice(PREFIX.length).toLowerCase();
  const feed = ANNOTATIONS.find(([pattern]) => pattern.test(name))?.[1];
  return feed ? [[`metadata.annotations."${key}"`, feed]] : [];
}

export const feeds: FeedsOf = ({ kind, annotations }) =>
  OF_KIND.get(kind) ?? {
    ...ingressFeeds(['ImplementationSpecific', 'Prefix']),
    ...Object.fromEntries(Object.keys(annotations).flatMap(ofAnnotation)),
  };
