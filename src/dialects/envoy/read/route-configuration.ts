// A RouteConfiguration: virtual hosts with their domains, and their routes in order.

import {
  append,
  type DomainPattern,
  type HeaderMatcher,
  type Origin,
  placeKey,
  type Route,
  type RouterCheck,
  type Unsupported,
  type VirtualHost,
} from '../../../model/index.js';
import { unknownFields } from '../fields/unknown-fields.js';
import { actionOf } from './action.js';
import type { Clusters } from './clusters.js';
import { conditionalRequest, conditionalResponse } from './conditional-headers.js';
import type { FilterConfigs } from './filter-configs.js';
import { headerOps } from './headers.js';
import { type WrittenHosts, withHostPorts, writtenHosts } from './host-ports.js';
import { routeMatch } from './match.js';
import { type NamedOrigins, namedObject } from './named-objects.js';
import { field, list, type Node, originAt } from './node.js';
import { unknownField } from './unknown-field.js';
import { enumeration, flag, text, texts } from './values.js';

export interface RoutesContext {
  readonly clusters: Clusters;
  readonly origins: NamedOrigins;
  /** What the HTTP filters of the chain do for each route. */
  readonly filters: FilterConfigs;
  /** Ports of the listener that have these routes. */
  readonly port: number;
  /** Ports of hosts do not count. */
  readonly ignoresPorts: boolean;
  /** No listener is there: as Istio's, which ignore ports. */
  readonly isBare?: true;
  readonly routerCheck?: RouterCheck | undefined;
  readonly unknown: (unknown: Unsupported) => void;
}

export function virtualHostsOf(node: Node, context: RoutesContext): VirtualHost[] {
  for (const [name, what] of [
    ['vhds', 'virtual hosts that are fetched when they are asked for (VHDS)'],
    ['internal_only_headers', 'headers that are taken away from external requests'],
    ['ignore_path_parameters_in_path_matching', 'parameters in paths that do not count'],
  ] as const) {
    const found = field(node, name);
    if (found && found.value !== false) unknownAt(context, `route.${name}`, what, originAt(found));
  }
  for (const unknown of unknownFields(node, 'RouteConfiguration', ['VirtualHost'])) {
    const { feature, detail, origin } = unknownField('routes', unknown, 'change');
    unknownAt(context, feature, detail, origin);
  }
  const hosts = list(node, 'virtual_hosts').map((host) => virtualHost(host, node, context));
  const origin = originAt(node);
  const whole = withBeginnings(hosts, origin);
  if (context.ignoresPorts || context.isBare) return whole.map(({ written: _, ...host }) => host);
  const read = withHostPorts(whole, origin);
  if (read) return read;
  unknownAt(context, 'route.host-ports', 'ports of hosts count (ignore_port_in_host_matching is off)', origin);
  return whole.map(({ written: _, ...host }) => host);
}

function virtualHost(node: Node, configuration: Node, context: RoutesContext): ReadHost {
  const written = texts(node, 'domains');
  const domains = once(written.flatMap((domain) => domainPattern(domain, context.ignoresPorts) ?? []));
  const reached: readonly DomainPattern[] = written.some((d) => beginningOf(d).length > 0)
    ? [{ kind: 'any' }]
    : domains;
  const at: HostContext = { ...context, hostNode: node, configuration, written, domains: reached };
  const matcher = field(node, 'matcher');
  if (matcher) unknownOf(at, 'route.matcher', 'a tree of matchers that chooses the route', originAt(matcher));
  for (const unknown of unknownFields(node, 'VirtualHost', ['Route'])) {
    const { feature, detail, origin } = unknownField('virtual-host', unknown, 'change');
    unknownOf(at, feature, detail, origin, 'change');
  }
  const before = new Set<string>();
  const routes = list(node, 'routes').flatMap((route) => {
    const read = routesOf(route, { ...at, before: before.size > MOST_BEFORE ? undefined : before });
    for (const { origin } of read) before.add(placeKey(origin));
    return read;
  });
  const tls = enumeration(node, 'require_tls', ['NONE', 'EXTERNAL_ONLY', 'ALL']);
  return {
    beginnings: written.flatMap(beginningOf),
    written: writtenHosts(written),
    name: text(node, 'name') ?? '',
    domains,
    routes: tls === undefined || tls === 'NONE' ? routes : [...tlsRedirects(node, tls, at), ...routes],
    origin: originAt(node),
  };
}

/** `shop.example.com` and `shop.example.com:80` are one host. */
const once = (domains: readonly DomainPattern[]): DomainPattern[] => [
  ...new Map(domains.map((domain) => [JSON.stringify(domain), domain])).values(),
];

/** As it was read: hosts that begin so (`api.*`) are none of the model's patterns. */
interface ReadHost extends HostWithPorts {
  readonly beginnings: readonly string[];
}

interface HostWithPorts extends VirtualHost {
  readonly written: WrittenHosts;
}

/** `api.*` → `api.`. */
const beginningOf = (domain: string): string[] =>
  domain.length > 1 && domain.endsWith('*') && !domain.startsWith('*') ? [domain.slice(0, -1).toLowerCase()] : [];

/**
 * After exact hosts and endings, the longest beginning decides, then `*` (RouteMatcher::findVirtualHost): the routes of hosts with a
 * beginning stand in front of those for all hosts, each with a test of the host; behind them nothing else is tried for such a host.
 */
function withBeginnings(hosts: readonly ReadHost[], origin: Origin): HostWithPorts[] {
  const begun = hosts.flatMap((host) => host.beginnings.map((beginning) => ({ host, beginning })));
  const plain = hosts.map(({ beginnings: _, ...host }): HostWithPorts => host);
  if (begun.length === 0) return plain;
  const routes = begun
    .sort((a, b) => b.beginning.length - a.beginning.length)
    .flatMap(({ host, beginning }) => {
      const test: HeaderMatcher = { name: ':authority', value: { kind: 'prefix', value: beginning, ignoreCase: true } };
      const tested = host.routes.map((r) => ({ ...r, match: { ...r.match, headers: [test, ...r.match.headers] } }));
      const reason = `no route of virtual host ${host.name} takes the request`;
      const last: Route = {
        match: { headers: [test], query: [] },
        action: { kind: 'none', reason },
        origin: host.origin ?? origin,
      };
      return [...tested, last];
    });
  const isForAll = ({ domains }: VirtualHost) => domains.some(({ kind }) => kind === 'any');
  const all = plain.find(isForAll);
  const rest = plain.filter((host) => host.domains.length > 0 && host !== all);
  const others = all ?? {
    name: '*',
    domains: [{ kind: 'any' as const }],
    routes: [],
    written: writtenHosts([]),
    origin,
  };
  return [...rest, { ...others, routes: [...routes, ...others.routes] }];
}

/** Undefined: no host can fit, because ports were taken away before. */
function domainPattern(written: string, ignoresPorts: boolean): DomainPattern | undefined {
  const value = written.toLowerCase();
  if (value === '*') return { kind: 'any' };
  if (beginningOf(value).length > 0) return undefined;
  if (/:\d+$/.test(value)) {
    // Elsewhere the port is tested by rules (host-ports.ts).
    if (ignoresPorts || value.startsWith('*')) return undefined;
    return { kind: 'exact', value: value.replace(/:\d+$/, '') };
  }
  if (value.startsWith('*')) return { kind: 'suffix', value: value.slice(1) };
  return { kind: 'exact', value };
}

/** Rules in front of one are told apart from those behind it, as long as there are no more. */
const MOST_BEFORE = 1000;

interface HostContext extends RoutesContext {
  readonly hostNode: Node;
  readonly configuration: Node;
  readonly written: readonly string[];
  readonly domains: readonly DomainPattern[];
  /** Places of the rules that are tried before; absent: not known. */
  readonly before?: ReadonlySet<string> | undefined;
}

/** Requests without TLS are sent to https first, host and port as they came (config_impl.cc, SslRedirectRoute; createSslRedirectPath). */
function tlsRedirects(node: Node, tls: string, context: HostContext): Route[] {
  const origin = originAt(field(node, 'require_tls') ?? node);
  if (tls === 'EXTERNAL_ONLY')
    unknownOf(context, 'route.require-tls', 'which requests come from inside and need no TLS', origin);
  const plain: HeaderMatcher = { name: ':scheme', value: { kind: 'exact', value: 'http' }, origin };
  // So Envoy marks what comes from inside.
  const inside: HeaderMatcher = {
    ...{ name: 'x-envoy-internal', value: { kind: 'exact', value: 'true' }, invert: true, missing: 'absent' },
    origin,
  };
  return [
    {
      match: { headers: tls === 'EXTERNAL_ONLY' ? [plain, inside] : [plain], query: [] },
      action: { kind: 'redirect', status: 301, location: 'https://%REQ(:authority)%%REQ(:path)%' },
      origin,
    },
  ];
}

function routesOf(node: Node, context: HostContext): Route[] {
  const matched = routeMatch(field(node, 'match'), context.routerCheck !== undefined);
  if (matched === 'never') return [];
  const name = text(node, 'name');
  const origin = context.origins.of(node, namedObject(node, context.written, name));
  const { match } = matched;
  const { action, unread, clusterHeader } = actionOf(node, match, context.clusters, context.hostNode);
  // A rule whose match is not wholly read may take what the next rules would, or not.
  for (const what of matched.unread) {
    const detail = `whether this route takes a request depends on ${what}`;
    const except = context.before && context.before.size > 0 ? { except: new Set(context.before) } : {};
    const unknown = reaching({ feature: 'route.match', detail, effect: 'routing', origin }, context);
    context.unknown({ ...unknown, reach: { ...unknown.reach, ...except } });
  }
  const ofThis = (unknown: Unsupported) => context.unknown(reaching(unknown, context, origin));
  for (const unknown of unknownFields(node, 'Route')) ofThis(unknownField('route', unknown, 'change'));
  for (const detail of unread) ofThis({ feature: 'route.action', detail, effect: 'change', origin });
  const levels = levelsOf(node, context);
  const request = headerOps(levels, 'request');
  const response = headerOps(levels, 'response');
  for (const detail of [...request.unread, ...response.unread])
    ofThis({ feature: 'route.headers', detail, effect: 'change', origin });
  const route: Route = {
    ...(name === undefined ? {} : { name }),
    match,
    action,
    ...(request.ops ? { requestHeaders: request.ops } : {}),
    ...(response.ops ? { responseHeaders: response.ops } : {}),
    origin,
    ...(field(node, 'match') ? { matchOrigin: { resource: origin.resource, path: [...origin.path, 'match'] } } : {}),
  };
  const [asked, answered] = [conditionalRequest(route, request.conditional, ofThis), response.conditional];
  const whole = asked
    .map((one) => conditionalResponse(one, answered, ofThis))
    .flatMap((one) => context.filters.apply(one, [node, context.hostNode, context.configuration], ofThis));
  return clusterHeader === undefined ? whole : whole.flatMap((r) => byHeader(r, clusterHeader, context));
}

/** From the most specific to the least, unless the configuration wants it the other way round. */
function levelsOf(node: Node, { hostNode, configuration }: HostContext): (Node | undefined)[] {
  const levels = [node, hostNode, configuration];
  return flag(configuration, 'most_specific_header_mutations_wins') ? levels.reverse() : levels;
}

/** Routes of `cluster_header` that are written out, at most. */
const MOST_CLUSTERS = 500;

/** The cluster is the value of a header: a route for each cluster that there is, then the answer for all other values. */
function byHeader(route: Route, header: string, context: HostContext): Route[] {
  const { action } = route;
  if (action.kind !== 'forward') return [route];
  const { byName, complete } = context.clusters;
  // router_check_tool takes whatever name the header has.
  const names = context.routerCheck ? (context.routerCheck.headers.get(header) ?? []) : [...byName.keys()];
  if ((!complete && !context.routerCheck) || names.length > MOST_CLUSTERS) {
    const detail = `the cluster is what header ${header} says`;
    const unknown: Unsupported = { feature: 'route.cluster-header', detail, effect: 'routing', origin: route.origin };
    context.unknown(reaching(unknown, context, route.origin));
    return [{ ...route, action: { kind: 'none', reason: detail } }];
  }
  const origin = route.origin;
  const routes = names.map((name): Route => {
    const value: HeaderMatcher = { name: header, value: { kind: 'exact', value: name }, origin };
    const to = context.filters.destination(name, origin);
    return {
      ...route,
      match: { ...route.match, headers: [...route.match.headers, value] },
      action: { ...action, destinations: [{ to, weight: 1, origin }] },
    };
  });
  append(routes, [
    { ...route, action: { ...action, destinations: [{ to: { status: 503, origin }, weight: 1, origin }] } },
  ]);
  return routes;
}

const unknownAt = (context: RoutesContext, feature: string, what: string, origin: Origin): void =>
  context.unknown({
    feature,
    detail: `${what}`,
    effect: 'routing',
    reach: { ports: [context.port] },
    origin,
  });

const unknownOf = (
  context: HostContext,
  feature: string,
  detail: string,
  origin: Origin,
  effect: Unsupported['effect'] = 'routing',
): void => context.unknown(reaching({ feature, detail, effect, origin }, context));

/** It reaches the hosts of the virtual host; `rule`: requests that this rule takes. */
const reaching = (unknown: Unsupported, { port, domains }: HostContext, rule?: Origin): Unsupported => ({
  ...unknown,
  reach: {
    ports: [port],
    ...(domains.some((d) => d.kind === 'any') ? {} : { hosts: domains }),
    ...(rule ? { places: new Set([placeKey(rule)]) } : {}),
  },
});
