// What the fields and annotations of Traefik's objects become in the model.

import {
  type FieldPath,
  isObject,
  type Json,
  own,
  type Part,
  type Resource,
  table,
  valueAt,
} from '../../model/index.js';
import { booleanOf, objectOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import { type Feed, type Feeds, type FeedsOf, feedsBelow } from '../accounts.js';
import { ingressFeeds } from '../ingress-feeds.js';
import { compileRule } from './rules/normal-form.js';
import { RuleError } from './rules/parse.js';

const ACTION = ['WeightedDestination.to', 'Redirect.status', 'DirectResponse.status'] as const;
const RULE = ['RouteMatch.path', 'RouteMatch.headers', 'RouteMatch.query', 'RouteMatch.source', ...ACTION] as const;
const SNI = ['ChainMatch.sni', 'ChainMatch.sniTests', 'ChainMatch.source', 'L4Chain.l4'] as const;
const BACKEND = ['Destination.host', 'Destination.port', 'WeightedDestination.to', 'DirectResponse.status'] as const;
const TLS = ['TlsContext.certificates', 'TlsContext.mode', 'ChainMatch.sni', 'L4Chain.l4', ...ACTION] as const;
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

/** No request holds any alternative of the rule. */
function takesNothing(rule: string): string | false {
  try {
    const { alternatives } = compileRule(rule, 'v3');
    const never = alternatives.every((tests) =>
      tests.some(({ on, not }) => (on === 'never' && !not) || (on === 'always' && not)),
    );
    return never && 'no request can match it';
  } catch (error) {
    if (error instanceof RuleError) return false;
    throw error;
  }
}

/** What is not there is false. */
const isFalse = (value: Json): boolean => value === false;

/** Settings of a service that have an item of their own. */
const DELIVERY: Feeds = Object.fromEntries(
  [
    'sticky.**',
    'strategy',
    'responseForwarding.**',
    'healthCheck.**',
    'serversTransport',
    'nativeLB',
    'nodePortLB',
  ].map((name) => [name, OWN_ITEM]),
);

const weightOf = (member: Json | undefined): Json => own(isObject(member) ? member : {}, 'weight') ?? 1;

/** Services with weights: a member of a list of them, at the path of one of its fields. */
function servicesOf({ object }: Resource): Feeds {
  const member = (path: FieldPath): FieldPath =>
    path.slice(0, path.findLastIndex((step) => typeof step === 'number') + 1);
  const idle = (path: FieldPath): string | false =>
    weightOf(valueAt(object, member(path))) === 0 && 'the service has no share of the requests';
  const alone = (path: FieldPath): string | false =>
    objectsOf(valueAt(object, member(path).slice(0, -1))).filter((s) => weightOf(s) !== 0).length === 1 &&
    'no other service has a share of the requests';
  const feed = (parts: readonly Part[], usual: (value: Json) => boolean = () => false): Feed => ({
    parts,
    usual: (value, path) => usual(value) || idle(path),
  });
  return {
    weight: {
      parts: ['WeightedDestination.weight', 'WeightedDestination.to', 'DirectResponse.status'],
      usual: (weight, path) => weight === 1 || (weight !== 0 && alone(path)),
    },
    kind: feed(BACKEND, (kind) => kind === 'Service'),
    scheme: feed(['Destination.protocol', 'WeightedDestination.to']),
    passHostHeader: feed(['Rewrite.host', 'WeightedDestination.hostRewrite'], (value) => value === true),
    'middlewares[].**': feed(CHANGES),
    ...DELIVERY,
    '**': feed(BACKEND),
  };
}

const PLACE = { without: 'says on which ports the rules stand, which are written there' } as const;
const CLASS = { without: 'chooses the controller' } as const;
const OPTIONS = { without: 'names the TLSOption, whose fields are accounted for' } as const;
const CERTIFICATES = { without: "certificates of Traefik's own ACME: the target shows those of Secrets" } as const;

const ingressRoute = (resource: Resource): Feeds => ({
  'entryPoints[]': PLACE,
  'routes[].match': { parts: ['VirtualHost.domains', ...RULE], usual: (rule) => takesNothing(String(rule)) },
  'routes[].kind': USUAL_KIND,
  'routes[].priority': PRIORITY,
  'routes[].syntax': SYNTAX,
  'routes[].observability.**': OBSERVED,
  'routes[].middlewares[].**': CHANGES,
  ...feedsBelow('routes[].services[]', servicesOf(resource)),
  'parentRefs[].**': { without: 'the rules are written with the tests of their parents' },
  'tls.options.**': OPTIONS,
  'tls.secretName': ['TlsContext.certificates', 'TlsContext.credentials'],
  'tls.certResolver': CERTIFICATES,
  'tls.domains[].**': CERTIFICATES,
  'tls.**': TLS,
  ingressClassName: CLASS,
});

const ingressRouteTcp = (resource: Resource): Feeds => ({
  'entryPoints[]': PLACE,
  'routes[].match': SNI,
  'routes[].priority': PRIORITY,
  'routes[].syntax': SYNTAX,
  'routes[].middlewares[].**': ['ChainMatch.source', 'L4Chain.l4'],
  ...tcpServices(resource),
  'tls.passthrough': { without: 'says whether the bytes are those of TLS, which the chains are written for' },
  'tls.options.**': OPTIONS,
  'tls.secretName': ['TlsContext.certificates', 'TlsContext.credentials'],
  'tls.certResolver': CERTIFICATES,
  'tls.domains[].**': CERTIFICATES,
  'tls.**': TLS,
  ingressClassName: CLASS,
});

function tcpServices(resource: Resource): Feeds {
  const { weight, '**': backend } = servicesOf(resource);
  const of = { weight: weight!, name: backend!, namespace: backend!, port: backend! };
  return feedsBelow('routes[].services[]', of);
}

const REWRITE = ['Rewrite.path', 'Redirect.path'] as const;
const REQUEST = ['RequestHeaders.set', 'RequestHeaders.add', 'RequestHeaders.remove', 'Rewrite.host'] as const;
const RESPONSE = ['ResponseHeaders.set', 'ResponseHeaders.add', 'ResponseHeaders.remove'] as const;
const CHECK = ['Route.conditions', 'DirectResponse.status'] as const;
const REDIRECT = ['Redirect.status'] as const;
const GONE = { without: 'does nothing in Traefik 3' } as const;

const middleware = (resource: Resource): Feeds => ({
  'addPrefix.prefix': REWRITE,
  'stripPrefix.**': REWRITE,
  'stripPrefixRegex.**': REWRITE,
  'replacePath.path': REWRITE,
  'replacePathRegex.replacement': { parts: REWRITE, usual: (text) => text === '' },
  'replacePathRegex.**': REWRITE,
  'redirectScheme.permanent': { parts: REDIRECT, usual: isFalse },
  'redirectScheme.forcePermanentRedirect': { parts: REDIRECT, usual: isFalse },
  'redirectScheme.port': { parts: ['Redirect.port', ...REDIRECT], usual: (port) => port === usualPort(resource) },
  'redirectScheme.**': ['Redirect.status', 'Redirect.scheme'],
  'redirectRegex.permanent': { parts: REDIRECT, usual: isFalse },
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
  'headers.sslProxyHeaders.*': {
    parts: RESPONSE,
    usual: (value) => value === 'https' && 'says of connections what is known of them',
  },
  ...Object.fromEntries(
    ['stsSeconds', 'stsIncludeSubdomains', 'stsPreload', 'forceSTSHeader', 'publicKey'].map((name) => [
      `headers.${name}`,
      { parts: RESPONSE, usual: () => isDevelopment(resource) && 'isDevelopment switches it off' },
    ]),
  ),
  'headers.accessControlAllowCredentials': { parts: RESPONSE, usual: isFalse },
  'headers.**': { parts: [...RESPONSE, 'RouteMatch.headers', 'DirectResponse.status'], usual: isFalse },
  'ipAllowList.**': ['RouteMatch.source', 'DirectResponse.status'],
  'ipWhiteList.**': ['RouteMatch.source', 'DirectResponse.status'],
  'basicAuth.**': CHECK,
  'digestAuth.**': CHECK,
  'forwardAuth.authResponseHeaders[]': REQUEST,
  'forwardAuth.**': ['Route.conditions'],
  'rateLimit.**': CHECK,
  'inFlightReq.amount': { parts: CHECK, usual: (amount) => amount === 0 },
  'inFlightReq.**': CHECK,
  'circuitBreaker.**': CHECK,
  'errors.**': CHECK,
  'buffering.maxRequestBodyBytes': ['Route.maxRequestBytes'],
  'retry.attempts': ['Delivery.retries'],
  'encodedCharacters.*': ['RouteMatch.headers'],
  'plugin.**': CHECK,
  'chain.middlewares[].**': CHANGES,
});

const isDevelopment = (resource: Resource): boolean =>
  booleanOf(objectOf(specOf(resource).headers)?.isDevelopment) === true;

/** The port that the scheme has without one. */
function usualPort(resource: Resource): Json {
  const scheme = stringOf(objectOf(specOf(resource).redirectScheme)?.scheme);
  return scheme === 'https' ? '443' : scheme === 'http' ? '80' : null;
}

const traefikService = (resource: Resource): Feeds => ({
  'weighted.sticky.**': OWN_ITEM,
  'failover.**': OWN_ITEM,
  ...feedsBelow('weighted.services[]', servicesOf(resource)),
  ...feedsBelow('highestRandomWeight.services[]', servicesOf(resource)),
  'mirroring.mirrors[].percent': ['Mirror.percent'],
  'mirroring.mirrors[].name': ['Mirror.percent'],
  'mirroring.mirrors[].kind': { parts: ['Mirror.percent'], usual: isService },
  'mirroring.mirrors[].namespace': ['Mirror.percent'],
  'mirroring.mirrors[].port': ['Mirror.percent'],
  'mirroring.name': BACKEND,
  'mirroring.kind': { parts: BACKEND, usual: isService },
  'mirroring.namespace': BACKEND,
  'mirroring.port': BACKEND,
});

const isService = (kind: Json): boolean => kind === 'Service';

const TLS_OPTION: Feeds = {
  minVersion: ['TlsContext.minVersion'],
  maxVersion: ['TlsContext.maxVersion'],
  'cipherSuites[]': ['TlsContext.cipherSuites'],
  'clientAuth.**': ['TlsContext.mode', 'TlsContext.clients'],
  sniStrict: ['ChainMatch.sni'],
};

const MIDDLEWARE_TCP: Feeds = { 'ipAllowList.**': OWN_ITEM, 'ipWhiteList.**': OWN_ITEM };
const TLS_STORE: Feeds = {
  'defaultCertificate.secretName': ['TlsContext.credentials'],
  'defaultGeneratedCert.**': CERTIFICATES,
};
const KINDS = table<(resource: Resource) => Feeds>({
  IngressRoute: ingressRoute,
  IngressRouteTCP: ingressRouteTcp,
  Middleware: middleware,
  MiddlewareTCP: () => MIDDLEWARE_TCP,
  TraefikService: traefikService,
  TLSOption: () => TLS_OPTION,
  TLSStore: () => TLS_STORE,
});

const PREFIX = 'traefik.ingress.kubernetes.io/';

/** Words that are no `true` switch a structure off, as if it were not there. */
const isOff = (value: Json): boolean => value !== '' && String(value).toLowerCase() !== 'true';

const isGeneral = (pathType: Json | undefined): boolean =>
  pathType === undefined || pathType === 'ImplementationSpecific';

function annotationsOf({ object, annotations }: Resource): readonly (readonly [RegExp, Feed])[] {
  const paths = objectsOf(objectOf(object.spec)?.rules).flatMap((rule) => objectsOf(objectOf(rule.http)?.paths));
  const general = paths.some(({ pathType }) => isGeneral(pathType));
  const alone = !Object.keys(annotations).some((key) => key.toLowerCase().startsWith(`${PREFIX}router.tls.`));
  return [
    [/^router\.entrypoints$/, RULE],
    [
      /^router\.pathmatcher$/,
      {
        parts: RULE,
        usual: (word) => word === 'PathPrefix' || (!general && 'is for paths of the type ImplementationSpecific'),
      },
    ],
    [/^router\.priority$/, PRIORITY],
    [/^router\.rulesyntax$/, SYNTAX],
    [/^router\.middlewares$/, CHANGES],
    [/^router\.tls\.(certresolver|domains)/, CERTIFICATES],
    [/^router\.tls\.options$/, OPTIONS],
    [/^router\.tls$/, { parts: TLS, usual: (value) => alone && isOff(value) }],
    [/^router\.tls/, TLS],
    [/^router\.observability/, OBSERVED],
  ];
}

function ofAnnotation(key: string, known: ReturnType<typeof annotationsOf>): readonly (readonly [string, Feed])[] {
  if (!key.startsWith(PREFIX)) return [];
  const name = key.slice(PREFIX.length).toLowerCase();
  const feed = known.find(([pattern]) => pattern.test(name))?.[1];
  return feed ? [[`metadata.annotations."${key}"`, feed]] : [];
}

const CLASS_ANNOTATION = 'metadata.annotations."kubernetes.io/ingress.class"';

export const feeds: FeedsOf = (resource) => {
  const ofKind = KINDS.get(resource.kind);
  if (ofKind) return feedsBelow('spec', ofKind(resource));
  const known = annotationsOf(resource);
  const hasClass = stringOf(specOf(resource).ingressClassName) !== undefined;
  return {
    ...ingressFeeds(['ImplementationSpecific', 'Prefix']),
    ...(hasClass ? { [CLASS_ANNOTATION]: { without: 'ingressClassName names the class' } } : {}),
    ...Object.fromEntries(Object.keys(resource.annotations).flatMap((key) => ofAnnotation(key, known))),
  };
};
