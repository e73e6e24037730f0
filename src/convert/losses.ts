// What each loss of a report means, as something that can be computed: what stands in the target in place of a route (`route`, `host`,
// `chain`), what of an answer differs (`view`), or for which requests what is answered (`explains`). The source with its losses is what
// the target has to be, exactly; a feature that is not in this table explains nothing.

import type { ConversionItem } from '../dialects/dialect.js';
import {
  type Condition,
  type EffectiveGateway,
  type Forward,
  formatPath,
  type GatewayRequest,
  type HttpChain,
  type HttpPolicies,
  hostPlaces,
  ingressHostText,
  type Origin,
  type Route,
  type SimulationResult,
  table,
  type VirtualHost,
} from '../model/index.js';
import { compileCidrs } from '../simulate/cidr.js';
import { normalizePath } from '../simulate/engines/normalize-path.js';
import { atLocation, looksAlike, type View, withHeaders } from './answers.js';
import {
  answersAsFault,
  asElements,
  changed,
  keepResponseHeaders,
  keepTrailingSlash,
  leftOut,
  onDestinations,
  oneValueEach,
  onForward,
  onHeaderOps,
  onRedirect,
  type RouteChange,
} from './route-changes.js';

/** One request that source and target answer differently. */
export interface Compared {
  readonly request: GatewayRequest;
  /** What the source answers. */
  readonly before: SimulationResult;
  /** What it answers with the losses that change routes. */
  readonly intended: SimulationResult;
  /** What the target answers. */
  readonly after: SimulationResult;
  /** A source route of which the item tells answers, or would answer with its losses. */
  readonly here: boolean;
  /** One of the routes that the item calls rivals answers so. */
  readonly isByRival: () => boolean;
  /** The target may answer so where the request has this host. */
  readonly allowsFor: (host: string) => boolean;
  /** The answers of all gateways of the source on all of their ports that know the host: what an Ingress joins. */
  readonly elsewhere: () => readonly SimulationResult[];
}

export interface Loss {
  /** Of routes at whose place an item stands; with `everywhere`: of all routes. */
  readonly route?: (item: ConversionItem) => RouteChange;
  readonly everywhere?: true;
  /** Of virtual hosts that have a route at which an item stands; undefined: the target has none. */
  readonly host?: (host: VirtualHost, item: ConversionItem) => VirtualHost | undefined;
  /** Of all gateways. */
  readonly gateway?: (gateway: EffectiveGateway) => EffectiveGateway;
  readonly policies?: (policies: HttpPolicies, item: ConversionItem) => HttpPolicies;
  /** Both answers are compared seen so; where the item stands, or with `everywhere` at any rule. */
  readonly view?: View;
  readonly explains?: (difference: Compared, item: ConversionItem) => boolean;
}

const isSecure = ({ request: { scheme } }: Compared): boolean => scheme === 'https';
const hostOf = (r: GatewayRequest): string => r.host.replace(/:\d+$/, '').toLowerCase();
const otherName = (d: Compared): boolean =>
  isSecure(d) && d.request.sni !== undefined && d.request.sni !== hostOf(d.request);
/** No connection, or nobody there who knows the request. */
const isNothing = ({ connection, status, matched }: SimulationResult): boolean =>
  connection !== undefined || (status === 404 && matched === undefined);
const isOwnError = ({ status, destination }: SimulationResult): boolean =>
  !destination && (status === 403 || status === 404);
function withoutHsts(result: SimulationResult): SimulationResult {
  const { 'strict-transport-security': _, ...headers } = result.headers ?? {};
  return withHeaders(result, headers);
}
const URL_ORIGIN = { kind: 'regex', pattern: '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$' } as const;
const withoutCors: View = (r) =>
  withHeaders(r, Object.fromEntries(Object.entries(r.headers ?? {}).filter(([n]) => !n.startsWith('access-control-'))));

/** Of the wildcard that the item is about: `.example.com` of `*.example.com`. */
const suffixOf = ({ hosts: [host = ''] = [] }: ConversionItem): string => host.slice(1);

/** How many labels the host of the request has where the wildcard has its star; 0: it is no host of the wildcard. */
function labelsBelow(item: ConversionItem, request: GatewayRequest): number {
  const [host, suffix] = [hostOf(request), suffixOf(item)];
  return host.endsWith(suffix)
    ? host
        .slice(0, host.length - suffix.length)
        .split('.')
        .filter(Boolean).length
    : 0;
}

/** The addresses of the check that the item is about. */
const isTurnedAway = ({ source = '127.0.0.1' }: GatewayRequest, { routes }: ConversionItem): boolean =>
  routes?.some(({ match }) =>
    match.source?.every(({ cidrs, invert }) => compileCidrs(cidrs)(source) !== (invert === true)),
  ) ?? false;

const withoutLimit: RouteChange = changed(({ maxRequestBytes: _, ...route }) => route);
const isDefaultBackend = ({ action }: Route): boolean =>
  action.kind === 'direct-response' && action.defaultBackend === true;
const isPreflight = ({ status, headers }: SimulationResult): boolean =>
  status === 200 && headers?.['access-control-allow-origin'] !== undefined;

/** nginx's own pages (dialects/own-endpoints.ts); no rule of a user answers so without a backend. */
const isOwnPage = ({ action, match: { path } }: Route): boolean =>
  action.kind === 'direct-response' &&
  (action.status === 200 || action.status === 403) &&
  path?.kind === 'prefix' &&
  (path.value === '/healthz' || path.value === '/nginx_status');

const withoutSlashes: View = (r) => {
  const bare = atLocation(r, (location) => location.replaceAll('/', ''));
  return bare.upstream
    ? { ...bare, upstream: { ...bare.upstream, path: bare.upstream.path.replaceAll('/', '') } }
    : bare;
};

const same = (a: Origin | undefined, b: Origin): boolean =>
  a !== undefined && a.resource === b.resource && formatPath(a.path) === formatPath(b.path);

/** Without the influence; of a rate limit that is only widened it stays. */
const withoutCondition: Loss = {
  route: (item) =>
    changed((route) => {
      const { conditions, ...rest } = route;
      const kept = conditions?.filter((c) => !same(c.origin, item.origin));
      return kept?.length ? { ...rest, conditions: kept } : rest;
    }),
};
const CONDITIONS: readonly Condition['kind'][] = [
  'external-auth',
  'basic-auth',
  'client-certificate',
  'rate-limit',
  'connection-limit',
  'body-size',
  'backend-error',
  'affinity',
];

/** Nothing that a request shows: something to do, or about how bytes travel. */
const UNSEEN: Loss = {};
/** The item itself says what stands in place of its routes. */
const INSTEAD: Loss = {};
const LEFT_OUT: Loss = { route: () => leftOut };
const bySlashes: Loss = { view: withoutSlashes };
const otherServerName: Loss = { explains: otherName };
const headerOps: Loss = { route: () => onHeaderOps(oneValueEach) };
const withoutAnswer: Loss = { explains: ({ after }) => isNothing(after) };

export const LOSSES = table<Loss>({
  // What an engine does by itself.
  'engine.path-normalisation': {
    explains: ({ request }) => {
      const path = request.path.replace(/\?.*$/, '');
      return /%|\/\//.test(path) || normalizePath(path) !== path;
    },
  },
  'engine.tls-names': otherServerName,
  'engine.own-endpoints': { everywhere: true, route: () => (route) => (isOwnPage(route) ? [] : [route]) },
  'engine.host-case': {
    everywhere: true,
    view: (r) => atLocation(r, (location) => location.replace(/^https?:\/\/[^/?]*/, (host) => host.toLowerCase())),
  },
  'engine.host-port': {
    everywhere: true,
    view: (r) => atLocation(r, (location) => location.replace(/^(https?:\/\/[^/?]*?):\d+(?=\/|\?|$)/, '$1')),
  },
  'engine.original-path': UNSEEN,

  // Listeners and connections.
  'tls.other-hosts': otherServerName,
  'tls.default-certificate': { explains: (d) => isSecure(d) && d.after.connection !== undefined },
  'tls.without-routes': { explains: (d) => isSecure(d) && isNothing(d.intended) && isNothing(d.after) },
  'tls.secret-namespace': UNSEEN,
  'tls.versions': UNSEEN,
  'gateway.workload': UNSEEN,
  'listener.bind': UNSEEN,
  'listener.conflict': withoutAnswer,
  'listener.addresses': { explains: ({ here }) => here },
  listeners: withoutAnswer,
  'l4.addresses': { explains: ({ before, after }) => before.l4 !== undefined || after.l4 !== undefined },
  l4: { explains: ({ before }) => before.l4 !== undefined },
  // A name that the target does not take: one label, or characters that no DNS label has.
  host: { explains: ({ request }) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(hostOf(request)) },
  'host.name': { explains: ({ request }) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(hostOf(request)) },
  policies: { policies: withoutPolicy },
  'policies.rate-limit': { policies: withoutPolicy },

  // Rules that are left out.
  'route.match': LEFT_OUT,
  'route.without-action': LEFT_OUT,
  'action.none': LEFT_OUT,
  'match.headers': LEFT_OUT,
  'match.headers.invert': LEFT_OUT,
  'match.query': LEFT_OUT,
  'match.path': LEFT_OUT,
  'match.claims': LEFT_OUT,
  'match.size': LEFT_OUT,
  'redirect.path': LEFT_OUT,
  'redirect.code': LEFT_OUT,
  redirect: LEFT_OUT,
  'rewrite.path': LEFT_OUT,

  // Rules that are tried in another order or take other requests.
  'match.path.prefix': { route: () => asElements },
  'match.path.case': INSTEAD,
  'rule-order': {
    explains: ({ here, isByRival }) => here && isByRival(),
  },
  'rule-order.patterns': UNSEEN,

  // Client addresses. The policy knows less of the request than the rule did, so that it refuses more; or there is none.
  'source-address': {
    route:
      ({ severity }) =>
      (route) =>
        severity === 'refused' && route.match.source?.length ? [] : [route],
    explains: ({ here, after, request }, item) =>
      item.severity === 'approximate' && here && after.status === 403 && isTurnedAway(request, item),
  },
  'source-address.headers': { route: () => keepResponseHeaders((name) => name === 'strict-transport-security') },
  // Deeper hosts are turned away where a host of one label would be.
  'source-address.depth': {
    explains: ({ request, after, allowsFor }, item) =>
      after.status === 403 && labelsBelow(item, request) > 1 && allowsFor(`a${suffixOf(item)}`),
  },
  'source-address.port': {
    explains: ({ request, after }, item) =>
      after.status === 404 && /:\d+$/.test(request.host) && labelsBelow(item, request) > 0,
  },

  // What a rule does.
  // No rule has a limit then, also not those that the target needs no word for.
  'max-request-bytes': { everywhere: true, route: () => withoutLimit },
  'policies.body-limit': { explains: ({ before, after }) => before.status === 413 && after.status === 404 },
  'max-request-bytes.streams': { route: () => withoutLimit },
  // Envoy looks at the body when policies and CORS have had their say, and its 413 has the headers of the route.
  'max-request-bytes.buffered': {
    everywhere: true,
    route: () => (route) => (isDefaultBackend(route) ? withoutLimit(route) : [route]),
    view: (r) => (r.status === 413 ? withHeaders(r, {}) : r),
    explains: ({ before, after }) =>
      before.status === 413 &&
      !after.destination &&
      (after.status === 403 || after.status === 404 || isPreflight(after)),
  },
  ...Object.fromEntries(CONDITIONS.map((kind) => [`condition.${kind}`, withoutCondition])),
  // Of answers by the gateway itself: what no rule matches, what a policy refuses.
  hsts: { everywhere: true, view: (r) => (isOwnError(r) ? withoutHsts(r) : r) },
  'not-found.headers': { route: () => keepResponseHeaders((name) => name === 'strict-transport-security') },
  'headers.empty': headerOps,
  'headers.repeated': headerOps,
  'headers.size': headerOps,
  fault: { route: () => changed(({ fault: _, ...route }) => route) },
  'route.injected-answer': { route: () => answersAsFault(true) },
  'route.weighted-answer': { route: () => answersAsFault(false) },
  'redirect.trailing-slash': { route: ({ exactFor }) => keepTrailingSlash(exactFor ?? []) },
  'redirect.strip-query': {
    route: () => onRedirect(({ stripQuery: _, ...action }, route) => [{ ...route, action }]),
  },
  'redirect.path.slashes': bySlashes,
  'rewrite.path.slashes': bySlashes,
  'rewrite.path.root': bySlashes,
  'rewrite.host': {
    route: () => (route) =>
      [onForward(withoutHostRewrite), onDestinations(({ hostRewrite: _, ...to }) => to)].reduce(
        (routes: readonly Route[], change) => routes.flatMap(change),
        [route],
      ),
  },
  // An answer by the gateway itself: only 500 stands for an error, the rules behind it for anything else.
  'direct-response': {
    route: () => (route) =>
      route.action.kind !== 'direct-response'
        ? [route]
        : route.action.status < 400
          ? []
          : [{ ...route, action: { kind: 'direct-response', status: 500 } }],
  },
  'direct-response.body': {
    route: () =>
      changed((route) => {
        if (route.action.kind !== 'direct-response') return route;
        const { body: _, ...action } = route.action;
        return { ...route, action };
      }),
  },

  // Destinations.
  'destination.missing': {
    route: () =>
      onDestinations((d) =>
        'missing' in d.to && (d.to.missing === 'service' || d.to.missing === 'port')
          ? { ...d, to: { status: 500 } }
          : d,
      ),
  },
  'destination.subset': {
    route: () =>
      onDestinations((d) => {
        if (!('host' in d.to)) return d;
        const { subset: _, missing, ...to } = d.to;
        return { ...d, to: missing === undefined || missing === 'subset' ? to : { ...to, missing } };
      }),
  },
  'destination.unchecked': {
    explains: ({ here, intended, after }) => here && intended.status === 503 && !!after.destination,
  },
  'destination.tls': UNSEEN,
  'destination.host': UNSEEN,
  'destination-rule': UNSEEN,
  'mirror.host': { view: withoutMirrorHosts },
  'mirror.request': { view: withoutMirrorHosts },

  // CORS.
  'cors.unmatchedPreflights': {
    route: () =>
      changed((route) => (route.cors ? { ...route, cors: { ...route.cors, unmatchedPreflights: 'ignore' } } : route)),
  },
  'cors.maxAge': {
    route: () => changed((route) => (route.cors ? { ...route, cors: { maxAge: '5', ...route.cors } } : route)),
  },
  // Istio reads `*` of the Gateway API so (dialects/gateway-api/features/cors.ts).
  'cors.anyOrigin': {
    route: () =>
      changed((route) => {
        if (!route.cors) return route;
        const { cors } = route;
        const allowOrigins = cors.allowOrigins.map((o) => (o.kind === 'any' ? URL_ORIGIN : o));
        return { ...route, cors: { ...cors, allowOrigins } };
      }),
  },
  // An origin that is not allowed any more: its answers do not name it.
  'cors.allowOrigins': {
    explains: ({ here, request, intended, after }) =>
      here &&
      'origin' in (request.headers ?? {}) &&
      after.headers?.['access-control-allow-origin'] === undefined &&
      looksAlike(withoutCors(intended), withoutCors(after)),
  },
  'cors.preflight': INSTEAD,

  // An Ingress: hosts, paths, backends, on the ports that its controller has.
  route: LEFT_OUT,
  'route.order': LEFT_OUT,
  'path.prefix': { route: () => asElements },
  'host.wildcard': {
    host: (host) => ({
      ...host,
      domains: host.domains.map((d) => (d.kind === 'suffix' ? { kind: 'one-label', value: d.value } : d)),
    }),
  },
  'host.fallback': {
    host: (host, item) => {
      const domains = host.domains.filter((d) => d.kind === 'any' || !item.hosts?.includes(ingressHostText(d)));
      return domains.length > 0 ? { ...host, domains } : undefined;
    },
  },
  port: { explains: ({ request, after }) => !isUsualPort(request) && after.connection !== undefined },
  'ingress.ports': { gateway: onPort80, explains: isJoined },
  'ingress.one-gateway': { explains: isJoined },
});

/** How bytes are delivered, and settings that no answer shows: one feature for each. */
const UNSEEN_FAMILIES = /^(delivery|annotation)\./;

/** What a feature means; undefined: nobody has said so, and it explains nothing. */
export const lossOf = (feature: string): Loss | undefined =>
  LOSSES.get(feature) ?? (UNSEEN_FAMILIES.test(feature) ? UNSEEN : undefined);

const isUsualPort = ({ port }: GatewayRequest): boolean => port === 80 || port === 443;

/** What is answered on other ports only is answered on 80. */
function onPort80(gateway: EffectiveGateway): EffectiveGateway {
  const { listeners } = gateway;
  if (listeners.some(({ port }) => port === 80)) return gateway;
  const hosts = new Map<string, VirtualHost>();
  for (const { virtualHost: host } of hostPlaces(gateway)) {
    const domains = host.domains.filter((d) => !hosts.has(ingressHostText(d)));
    for (const d of domains) hosts.set(ingressHostText(d), { ...host, domains: [d] });
  }
  if (hosts.size === 0) return gateway;
  const chain: HttpChain = { kind: 'http', match: { transport: 'raw' }, virtualHosts: [...hosts.values()] };
  return { ...gateway, listeners: [...listeners, { port: 80, filterChains: [chain] }] };
}

/** Hosts and paths of any port of any of the gateways are those of the one controller, on its ports; where there is none, none answers. */
function isJoined(d: Compared): boolean {
  if (!isUsualPort(d.request)) return d.after.connection !== undefined;
  if (isUnserved(d.after) && otherName(d)) return true;
  if (d.after.connection !== undefined && d.intended.connection !== undefined) return true;
  // Certificates are for some hosts only; without TLS a host that any port serves is served.
  const answers = d.elsewhere();
  if (isUnserved(d.after) && isUnserved(d.intended)) return isSecure(d) || answers.every(isUnserved);
  return answers.some((answer) => looksAlike(answer, d.after, [withoutScheme]));
}

const withoutScheme: View = (r) => (r.upstream ? { ...r, upstream: { ...r.upstream, proto: '' } } : r);

/** Nobody can be reached there: no connection, or an error page of the gateway. */
const isUnserved = ({ connection, status }: SimulationResult): boolean => connection !== undefined || status === 404;

function withoutHostRewrite(forward: Forward): Forward {
  if (!forward.rewrite) return forward;
  const { host: _, ...rewrite } = forward.rewrite;
  return { ...forward, rewrite };
}

function withoutMirrorHosts(r: SimulationResult): SimulationResult {
  return r.mirrors ? { ...r, mirrors: r.mirrors.map((m) => ({ ...m, host: '', path: '' })) } : r;
}

function withoutPolicy(policies: HttpPolicies, { origin }: ConversionItem): HttpPolicies {
  const kept = <T extends { readonly origin: Origin }>(list: readonly T[]) =>
    list.filter((policy) => !same(policy.origin, origin));
  return {
    ...policies,
    authentication: kept(policies.authentication),
    authorization: kept(policies.authorization),
    ...(policies.rateLimits ? { rateLimits: kept(policies.rateLimits) } : {}),
  };
}
