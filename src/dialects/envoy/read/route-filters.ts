// What the filters of a connection manager do for one route: the configuration of the route, of its virtual host or of the route
// configuration in place of the filter's own (envoy.config.route.v3.Route, typed_per_filter_config).

import type { Origin, RateLimit, Route, Unsupported } from '../../../model/index.js';
import { guardedRoutes } from './address-rules.js';
import type { Clusters } from './clusters.js';
import { corsOf, unreadOfCors } from './cors.js';
import { type FaultRead, faultOf } from './fault.js';
import { type HttpFilter, isBeforePolicies, unknownFilter } from './http-filter.js';
import type { NamedOrigins } from './named-objects.js';
import { entry, field, type Node, originAt } from './node.js';
import { rateLimitOf } from './rate-limit.js';
import { rbacOf } from './rbac.js';
import { anyOf, shortType } from './typed.js';
import { flag, number, text } from './values.js';

export interface Around {
  readonly port: number;
  /** Name of the route configuration. */
  readonly configuration: string;
  readonly clusters: Clusters;
  readonly origins: NamedOrigins;
  readonly unknown: (unknown: Unsupported) => void;
}

/** A configuration of the levels for one filter. */
interface Own {
  readonly config: Node;
  readonly type: string;
  readonly disabled: boolean;
}

/** The most specific first. */
function ownConfigs(levels: readonly Node[], name: string): Own[] {
  return levels.flatMap((level): Own[] => {
    const found =
      entry(field(level, 'typed_per_filter_config'), name) ?? entry(field(level, 'per_filter_config'), name);
    if (!found) return [];
    const any = anyOf(found);
    if (shortType(any.type) !== 'FilterConfig') return [{ ...any, disabled: false }];
    const inner = field(any.config, 'config');
    return [{ ...(inner ? anyOf(inner) : any), disabled: flag(any.config, 'disabled') ?? false }];
  });
}

export interface AroundRoute extends Around {
  /** Of single routes and virtual hosts, by where they stand. */
  readonly limits: Map<string, RateLimit>;
}

/** One route, or several where a filter tests the request. `levels`: route, virtual host, route configuration. */
export function applied(
  route: Route,
  levels: readonly Node[],
  filters: readonly HttpFilter[],
  around: AroundRoute,
): Route[] {
  const state: Applied = { route, guards: [] };
  for (const filter of filters) {
    const configs = ownConfigs(levels, filter.name);
    const [own] = configs;
    if (!(own ? own.disabled : filter.disabled)) applyFilter(state, filter, configs, { ...around, levels, filters });
    else if (own && !filter.disabled) noteSwitchedOff(filter, own, around);
  }
  return [...state.guards, ...withFault(state.route, state.faults)];
}

/** What the filters made of a route so far. */
interface Applied {
  route: Route;
  faults?: FaultRead;
  guards: Route[];
}

interface AroundFilter extends AroundRoute {
  readonly levels: readonly Node[];
  readonly filters: readonly HttpFilter[];
}

function applyFilter(state: Applied, filter: HttpFilter, configs: readonly Own[], around: AroundFilter): void {
  const [own] = configs;
  const { levels, unknown } = around;
  switch (filter.role) {
    case 'cors':
      state.route = withCors(state.route, [...configs.map(({ config }) => config), ...oldCors(levels)], around);
      break;
    case 'fault':
      state.faults = faultOf(own?.config ?? filter.config);
      for (const what of state.faults.unread) unknown(ofRoute('filter.fault', what, state.route.origin));
      break;
    case 'buffer':
      state.route = withBodyLimit(state.route, own?.config, filter);
      break;
    case 'rbac':
      if (own) state.guards = guardsOf(state.route, own, filter, around);
      break;
    case 'limit':
      limitRoute(state.route, filter, around);
      break;
    case 'jwt':
      if (own) unknown(ofRoute(`filter.${filter.name}`, `${filter.name} for this route`, originAt(own.config)));
      break;
    case 'unknown':
      if (own && filter.disabled) unknown(unknownFilter({ ...filter, type: filter.type || own.type }, own.config));
      break;
    case 'none':
  }
}

/** A bucket of a route or a virtual host, known by their names. */
function limitRoute(
  { name, origin }: Route,
  filter: HttpFilter,
  { port, configuration, limits, unknown, levels, filters }: AroundFilter,
): void {
  const place = isBeforePolicies(filters, filters.indexOf(filter)) ? 'first' : 'last';
  for (const [i, level] of (['route', 'virtual-host'] as const).entries()) {
    const [own] = ownConfigs([levels[i]!], filter.name);
    if (!own) continue;
    const virtualHost = text(levels[1], 'name') ?? '';
    if (level === 'route' && name === undefined) {
      unknown(ofRoute(`filter.${filter.name}`, 'the rate limit of a route without a name', origin));
      continue;
    }
    const on = {
      level,
      port,
      configuration,
      virtualHost,
      ...(level === 'route' && name !== undefined ? { route: name } : {}),
    };
    const { limit, unread } = rateLimitOf(own.config, place, on);
    if (limit) limits.set(`${level} ${virtualHost} ${level === 'route' ? name : ''}`, limit);
    for (const what of unread) unknown(ofRoute(`filter.${filter.name}`, what, origin));
  }
}

const ofRoute = (feature: string, what: string, origin: Origin): Unsupported => ({
  feature,
  detail: `${what}`,
  effect: 'change',
  origin,
});

/** The whole gateway has the policy and this route has not: the model has policies of the whole chain only. */
function noteSwitchedOff(filter: HttpFilter, own: Own, { unknown }: Around): void {
  if (filter.role === 'rbac' || filter.role === 'jwt' || filter.role === 'limit')
    unknown({
      ...ofRoute(`filter.${filter.name}`, `${filter.name} is switched off for this route`, originAt(own.config)),
      effect: 'security',
    });
}

/** The fields that Envoy had before: of the route's action, and of the virtual host. */
const oldCors = ([route, host]: readonly Node[]): Node[] =>
  [field(field(route, 'route'), 'cors'), field(host, 'cors')].filter((node) => node !== undefined);

function withCors(route: Route, policies: readonly Node[], { unknown }: Around): Route {
  const cors = corsOf(policies);
  for (const what of unreadOfCors(policies)) unknown(ofRoute('filter.cors', what, route.origin));
  return cors ? { ...route, cors } : route;
}

function withBodyLimit(route: Route, own: Node | undefined, filter: HttpFilter): Route {
  if (own && flag(own, 'disabled')) return route;
  const config = field(own, 'buffer') ?? (own ? undefined : filter.config) ?? own;
  const bytes = number(config, 'max_request_bytes');
  return bytes === undefined || !config
    ? route
    : { ...route, maxRequestBytes: bytes, bodyLimitOrigin: originAt(config) };
}

function guardsOf(route: Route, own: Own, filter: HttpFilter, around: Around): Route[] {
  const rules = field(own.config, 'rbac');
  const replaces = field(filter.config, 'rules') !== undefined || field(filter.config, 'matcher') !== undefined;
  const read = rules ? rbacOf(rules, around.origins) : { policies: [], unread: [] };
  const routes = replaces || read.unread.length > 0 ? undefined : guardedRoutes(route, read.policies);
  if (routes) return routes;
  around.unknown({
    ...ofRoute(`filter.${filter.name}`, 'an authorization of this route alone', originAt(own.config)),
    effect: 'security',
    guards: true,
  });
  return [];
}

/** A fault for some headers or one cluster is a route of its own in front. */
function withFault(route: Route, read: FaultRead | undefined): Route[] {
  if (!read?.fault) return [route];
  const { fault, headers, cluster } = read;
  if (cluster !== undefined && !leadsTo(route, cluster)) return [route];
  const faulty = { ...route, fault };
  if (headers.length === 0) return [faulty];
  return [{ ...faulty, match: { ...route.match, headers: [...route.match.headers, ...headers] } }, route];
}

const leadsTo = ({ action }: Route, cluster: string): boolean =>
  action.kind === 'forward' &&
  action.destinations.some(({ to }) => 'host' in to && (to.host === cluster || cluster.endsWith(`|${to.host}`)));
