// HTTPRoutes as services and routes of Kong: rules with the same backends share a service; in the two traditional flavours matches with
// the same filters, method and headers share a route, with expressions each host and match has one (TranslateHTTPRoutesToKongstateServices
// in internal/dataplane/translator/subtranslator/httproute.go and httproute_atc.go of Kong/kubernetes-ingress-controller 3.5).

import { append, formatResource, type JsonObject, type Origin, originOf, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { at, durationMsOf, objectOf, objectsOf, specOf, stringOf } from '../../../resources/fields.js';
import { isGranted } from '../../../resources/reference-grant.js';
import { findService, knowsService } from '../../../resources/services.js';
import type { ReadNote } from '../../dialect.js';
import { type Backend, kongService } from '../controller/services.js';
import type { KongPlugin, KongRoute, KongService, ServiceSetting } from '../entities.js';
import { type AttachedRoute, HTTP_ROUTE } from './attached.js';
import { expressionRoutes } from './expressions.js';
import { groupBy, sorted } from './group.js';
import type { HttpMatch, HttpRule } from './http-rule.js';
import { traditionalRoutes } from './traditional.js';

export interface GatewayApiContext {
  readonly catalog: Catalog;
  readonly expressions: boolean;
  readonly notes: ReadNote[];
}

export interface HttpRoutes {
  readonly routes: readonly KongRoute[];
  /** Of filters, and of services without a backend. */
  readonly plugins: readonly KongPlugin[];
}

export function httpRoutes(attached: readonly AttachedRoute[], context: GatewayApiContext): HttpRoutes {
  const routes: KongRoute[] = [];
  const plugins: KongPlugin[] = [];
  const rules = attached.map((route) => rulesOf(route, context));
  const make = context.expressions ? expressionRoutes(rules.flat()) : traditionalRoutes;
  for (const of of rules) {
    for (const group of groupBy(of, ({ rule }) => sorted(objectsOf(rule.backendRefs).map(withDefaults)))) {
      const [first] = group;
      const service = serviceOf(group, context);
      const made = make(group, service, context.notes);
      if (!made) continue;
      append(routes, made.routes);
      append(plugins, made.plugins);
      const named = objectsOf(first!.rule.backendRefs);
      if (service.to.length === 0 && named.length > 0) plugins.push(noBackend(service));
    }
  }
  return { routes, plugins };
}

function rulesOf({ resource, hostnames, protocols }: AttachedRoute, context: GatewayApiContext): readonly HttpRule[] {
  const rules = objectsOf(specOf(resource).rules ?? DEFAULT_RULES);
  const made = rules.map((rule, index): HttpRule => {
    const origin = originOf(resource, 'spec', 'rules', index);
    return { resource, hostnames, protocols, rule, index, matches: matchesOf(rule, origin), origin };
  });
  const query = made.flatMap(({ matches }) => matches).find(({ match }) => objectsOf(match.queryParams).length > 0);
  if (!query || context.expressions) return made;
  context.notes.push({
    code: 'kong-route',
    message: `${formatResource(resource)} asks for query parameters, which only the router flavour expressions has: the controller leaves the whole route out`,
    origin: query.origin,
  });
  return [];
}

/** What the CRD says in place of rules, and of matches. */
const DEFAULT_MATCH = { path: { type: 'PathPrefix', value: '/' } };
const DEFAULT_RULES = [{ matches: [DEFAULT_MATCH] }];

const matchesOf = (rule: JsonObject, origin: Origin): readonly HttpMatch[] =>
  objectsOf(rule.matches ?? [DEFAULT_MATCH]).map((match, index) => {
    const path = objectOf(match.path);
    return {
      match,
      index,
      path: { type: stringOf(path?.type) ?? 'PathPrefix', value: stringOf(path?.value) ?? '/' },
      origin: { resource: origin.resource, path: [...origin.path, ...(rule.matches ? ['matches', index] : [])] },
    };
  });

const withDefaults = (ref: JsonObject) => ({
  group: ref.group ?? '',
  kind: ref.kind ?? 'Service',
  name: ref.name,
  namespace: ref.namespace,
  port: ref.port,
  weight: ref.weight ?? 1,
  filters: ref.filters,
});

function serviceOf(rules: readonly HttpRule[], { catalog, notes }: GatewayApiContext): KongService {
  const { resource, rule, index, origin } = rules[0]!;
  const name = `httproute.${resource.namespace}.${resource.name}.${index}`;
  const backends = objectsOf(rule.backendRefs).flatMap((ref, i): Backend[] => {
    const place = at(origin, 'backendRefs', i);
    const backend = backendOf(ref, place, resource);
    const problem = backendProblem(ref, backend, resource, catalog);
    if (problem === undefined) return [backend];
    notes.push({ code: 'kong-backend', message: `${problem}: the controller leaves the backend out`, origin: place });
    return [];
  });
  // Targets of weight 0 get nothing.
  const service = kongService(
    catalog,
    name,
    backends.filter(({ weight }) => weight !== 0),
    { origin, ofRoute: true },
  );
  // Of several rules with a time limit, that of the last counts.
  const limit = rules.map(timeLimitOf).findLast((found) => found !== undefined && found.value !== 60_000);
  if (!limit) return service;
  // What the annotations of the Services say goes before it (kongstate/service.go).
  const said = new Set(service.settings.map((setting) => setting.name));
  const more = TIMEOUTS.filter((name) => !said.has(name)).map((name) => ({ name, ...limit }));
  return { ...service, settings: [...more, ...service.settings] };
}

const TIMEOUTS = ['connect-timeout', 'read-timeout', 'write-timeout'] as const;

/** The controller takes it for all three times of Kong, none of which is for the whole answer. */
function timeLimitOf({ rule, origin }: HttpRule): Pick<ServiceSetting, 'value' | 'origin'> | undefined {
  const value = durationMsOf(objectOf(rule.timeouts)?.backendRequest ?? undefined);
  return value === undefined ? undefined : { value, origin: at(origin, 'timeouts', 'backendRequest') };
}

const backendOf = (ref: JsonObject, origin: Origin, route: Resource): Backend => ({
  namespace: stringOf(ref.namespace) ?? route.namespace,
  name: stringOf(ref.name) ?? '',
  // Without a number there is no port (-1).
  port: { number: typeof ref.port === 'number' ? ref.port : 0 },
  weight: typeof ref.weight === 'number' ? ref.weight : 1,
  origin,
});

function backendProblem(
  ref: JsonObject,
  { namespace, name }: Backend,
  route: Resource,
  catalog: Catalog,
): string | undefined {
  const kind = stringOf(ref.kind) ?? 'Service';
  if (kind !== 'Service' || (stringOf(ref.group) ?? '') !== '') return `${kind} ${name} is no Service`;
  if (!findService(catalog, namespace, name) && knowsService(catalog, namespace, name))
    return `there is no Service ${namespace}/${name}`;
  const grant = { fromKind: HTTP_ROUTE, fromNamespace: route.namespace, toKind: '/Service' };
  return isGranted({ ...grant, toNamespace: namespace, toName: name }, catalog)
    ? undefined
    : `no ReferenceGrant allows Service ${namespace}/${name}`;
}

/** What the specification asks for where no backend is there. */
const noBackend = ({ name, origin }: KongService): KongPlugin => ({
  name: 'request-termination',
  config: { status_code: 500, message: 'no existing backendRef provided' },
  enabled: true,
  service: name,
  origin,
});
