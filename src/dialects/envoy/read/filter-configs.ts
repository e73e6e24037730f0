// The HTTP filters of a connection manager: what runs before routing (token checks, authorization, rate limits), and what each does for a
// route: the configuration of the route, of its virtual host or of the route configuration in place of the filter's own
// (envoy.config.route.v3.Route, typed_per_filter_config).

import {
  append,
  type BodyLimit,
  type Destination,
  type HttpPolicies,
  type JwtRule,
  type Origin,
  type RateLimit,
  type Route,
  table,
  type Unsupported,
} from '../../../model/index.js';
import { guardedRoutes } from './address-rules.js';
import { type Clusters, destinationOf } from './clusters.js';
import { corsOf, unreadOfCors } from './cors.js';
import { type FaultRead, faultOf } from './fault.js';
import { jwtOf } from './jwt.js';
import { isHarmless, unpredicted } from './known-filters.js';
import type { NamedOrigins } from './named-objects.js';
import { entry, field, list, type Node, originAt } from './node.js';
import { rateLimitOf } from './rate-limit.js';
import { rbacOf } from './rbac.js';
import { anyOf, shortType, type Typed, typedOf } from './typed.js';
import { flag, number, text } from './values.js';

export interface FilterConfigs {
  /** Asked when all routes were read: limits of single routes are among them. */
  policies(): HttpPolicies | undefined;
  readonly bodyLimit?: BodyLimit;
  /** What a route does with the filters: one route, or several where a filter tests the request. `levels`: route, virtual host, configuration. */
  apply(route: Route, levels: readonly Node[], unknown: (unknown: Unsupported) => void): Route[];
  destination(cluster: string, origin: Origin): Destination;
}

type Role = 'cors' | 'fault' | 'rbac' | 'jwt' | 'limit' | 'buffer' | 'none' | 'unknown';

interface HttpFilter extends Typed {
  readonly role: Role;
  readonly node: Node;
  /** Only routes with a configuration of their own have it. */
  readonly disabled: boolean;
}

const ROLES = table<Role>({
  Cors: 'cors',
  HTTPFault: 'fault',
  RBAC: 'rbac',
  JwtAuthentication: 'jwt',
  LocalRateLimit: 'limit',
  Buffer: 'buffer',
});
const ROLES_BY_NAME = table<Role>({
  'envoy.filters.http.cors': 'cors',
  'envoy.cors': 'cors',
  'envoy.filters.http.fault': 'fault',
  'envoy.fault': 'fault',
  'envoy.filters.http.rbac': 'rbac',
});

function filterOf(node: Node): HttpFilter {
  const typed = typedOf(node);
  const word = shortType(typed.type);
  const known = typed.type.startsWith('envoy.') ? ROLES.get(word) : undefined;
  const named = typed.type === '' ? ROLES_BY_NAME.get(typed.name) : undefined;
  const role = known ?? named ?? (isHarmless(typed) ? 'none' : 'unknown');
  return { ...typed, role, node, disabled: flag(node, 'disabled') ?? false };
}

interface Around {
  readonly port: number;
  /** Name of the route configuration. */
  readonly configuration: string;
  readonly clusters: Clusters;
  readonly origins: NamedOrigins;
  readonly unknown: (unknown: Unsupported) => void;
}

export function filterConfigs(manager: Node | undefined, around: Around): FilterConfigs {
  const filters = list(manager, 'http_filters').map(filterOf);
  const told = (unknown: Omit<Unsupported, 'reach'>) => around.unknown({ ...unknown, reach: { ports: [around.port] } });
  for (const filter of filters) if (filter.role === 'unknown' && !filter.disabled) told(unknownFilter(filter));
  const policies = policiesOf(filters, around.origins, told);
  noteOrder(filters, told);
  const bodyLimit = bodyLimitOf(filters);
  const limits = new Map<string, RateLimit>();
  return {
    policies: () => (limits.size === 0 ? policies : withLimits(policies, [...limits.values()])),
    ...(bodyLimit ? { bodyLimit } : {}),
    apply: (route, levels, unknown) => applied(route, levels, filters, { ...around, unknown, limits }),
    destination: (cluster, origin) => destinationOf(cluster, around.clusters, origin),
  };
}

const withLimits = (policies: HttpPolicies | undefined, limits: readonly RateLimit[]): HttpPolicies => ({
  authentication: policies?.authentication ?? [],
  authorization: policies?.authorization ?? [],
  rateLimits: [...(policies?.rateLimits ?? []), ...limits],
});

const unknownFilter = (filter: HttpFilter, config: Node = filter.config): Omit<Unsupported, 'reach'> => {
  const { detail, effect, guards } = unpredicted(filter);
  return {
    feature: `filter.${filter.name || shortType(filter.type)}`,
    detail: `${detail}`,
    effect,
    ...(guards ? { guards } : {}),
    content: config.value,
    origin: originAt(config),
  };
};

const security = (what: string, node: Node): Omit<Unsupported, 'reach'> => ({
  feature: 'filter.policies',
  detail: `${what}`,
  effect: 'security',
  guards: true,
  content: node.value,
  origin: originAt(node),
});

interface Policies {
  readonly authentication: JwtRule[];
  readonly authorization: HttpPolicies['authorization'][number][];
  readonly rateLimits: RateLimit[];
}

function policiesOf(
  filters: readonly HttpFilter[],
  origins: NamedOrigins,
  told: (unknown: Omit<Unsupported, 'reach'>) => void,
): HttpPolicies | undefined {
  const found: Policies = { authentication: [], authorization: [], rateLimits: [] };
  for (const [i, filter] of filters.entries()) {
    if (filter.disabled) continue;
    const place = isBeforePolicies(filters, i) ? 'first' : 'last';
    for (const what of addPolicies(found, filter, place, origins)) told(security(what, filter.config));
  }
  const { authentication, authorization, rateLimits } = found;
  if (authentication.length + authorization.length + rateLimits.length === 0) return undefined;
  return { authentication, authorization, ...(rateLimits.length > 0 ? { rateLimits } : {}) };
}

/** Returns what was not read. */
function addPolicies(
  found: Policies,
  { role, config }: HttpFilter,
  place: RateLimit['place'],
  origins: NamedOrigins,
): readonly string[] {
  if (role === 'jwt') {
    const { rules, unread } = jwtOf(config);
    append(found.authentication, rules);
    return unread;
  }
  if (role === 'limit') {
    const { limit, unread } = rateLimitOf(config, place);
    if (limit) found.rateLimits.push(limit);
    return unread;
  }
  if (role !== 'rbac') return [];
  const { policies, unread } = rbacOf(config, origins);
  const allows = ({ action }: { readonly action: string }) => action === 'ALLOW';
  const several = found.authorization.some(allows) && policies.some(allows);
  append(found.authorization, policies);
  return several ? [...unread, 'several filters that have to accept a request'] : unread;
}

const DECIDES: ReadonlySet<Role> = new Set(['jwt', 'rbac']);

const isBeforePolicies = (filters: readonly HttpFilter[], index: number): boolean =>
  filters.slice(index).some(({ role }) => DECIDES.has(role));

/** The model has one order: token checks, authorization, faults, CORS. */
function noteOrder(filters: readonly HttpFilter[], told: (unknown: Omit<Unsupported, 'reach'>) => void): void {
  const active = filters.filter(({ disabled }) => !disabled);
  const first = (role: Role) => active.findIndex((f) => f.role === role);
  const last = (role: Role) => active.findLastIndex((f) => f.role === role);
  const late = (a: Role, b: Role) => first(a) >= 0 && last(b) >= 0 && first(a) < last(b);
  if (late('rbac', 'jwt'))
    told(security('an authorization in front of the token check', active[first('rbac')]!.config));
  for (const role of ['cors', 'fault'] as const)
    for (const policy of ['jwt', 'rbac'] as const)
      if (late(role, policy)) told(security(`${role} in front of ${policy}`, active[first(role)]!.config));
}

function bodyLimitOf(filters: readonly HttpFilter[]): BodyLimit | undefined {
  const index = filters.findIndex(({ role }) => role === 'buffer');
  const filter = filters[index];
  if (!filter) return undefined;
  const maxBytes = filter.disabled ? undefined : number(filter.config, 'max_request_bytes');
  return {
    ...(maxBytes === undefined ? {} : { maxBytes }),
    place: isBeforePolicies(filters, index) ? 'first' : 'last',
    origin: originAt(filter.config),
  };
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

interface AroundRoute extends Around {
  /** Of single routes and virtual hosts, by where they stand. */
  readonly limits: Map<string, RateLimit>;
}

function applied(route: Route, levels: readonly Node[], filters: readonly HttpFilter[], around: AroundRoute): Route[] {
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
