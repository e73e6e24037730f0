// Services of IngressRoutes and TraefikServices: configBuilder in pkg/provider/kubernetes/crd/kubernetes_http.go.

import { formatResource, isObject, type Json, type JsonObject, type Origin, originOf } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { at, booleanOf, numberOf, objectOf, objectsOf, specOf, stringOf } from '../../../resources/fields.js';
import type { ServicePortRef } from '../../../resources/ingress.js';
import { isTaken, listed } from '../api-server.js';
import { Disabled, Dropped, idOf, normalized } from '../names.js';
import { middlewareKeys } from '../references.js';
import type { StaticConfig } from '../static.js';
import type { ServiceContext } from './context.js';
import { destination, findServicePort, hasEndpoints, usualScheme } from './kubernetes.js';
import { type SharedServers, sharedKey, sharedServers, signOf } from './shared.js';
import type { Sticky, Target } from './target.js';

/** Found at once, so that a mistake drops the route; built later, so that what is named elsewhere can be missing. */
type Built = () => Target;

/** The only service of a route, or of a middleware, of an object in `namespace`. @throws Dropped */
export const serviceTarget = (spec: JsonObject, namespace: string, origin: Origin, context: ServiceContext): Built =>
  serviceOf(spec, namespace, origin, context, false);

/** One of several services of a route, or a member of a TraefikService: what is said of its servers, others say too. @throws Dropped */
export const memberService = (spec: JsonObject, namespace: string, origin: Origin, context: ServiceContext): Built =>
  serviceOf(spec, namespace, origin, context, !context.provider.safeNaming);

function serviceOf(
  spec: JsonObject,
  namespace: string,
  origin: Origin,
  context: ServiceContext,
  isShared: boolean,
): Built {
  const name = stringOf(spec.name) ?? '';
  const kind = stringOf(spec.kind) ?? '';
  const ns = stringOf(spec.namespace) || namespace;
  const { provider } = context;
  if (!name.includes('@') && ns !== namespace && !provider.allowCrossNamespace)
    throw new Dropped(`the Service ${ns}/${name} is in another namespace, and allowCrossNamespace is not set`);
  if (name.includes('@') && provider.crossProviderNamespaces && !provider.crossProviderNamespaces.includes(namespace))
    throw new Dropped(`${name} is of another provider, and ${namespace} is not in crossProviderNamespaces`);
  if (kind === 'TraefikService') return () => namedTarget(name, ns, context, []);
  if (kind !== '' && kind !== 'Service') throw new Dropped(`there is no kind ${kind} of services`);
  const own = serversTarget(spec, ns, name, origin, context);
  const shared = isShared ? sharedBy(spec, ns, context) : undefined;
  return () => {
    checkTransport(shared?.spec ?? spec, ns, context);
    return shared ? withShared(own, shared, spec, context) : own;
  };
}

function sharedBy(spec: JsonObject, namespace: string, context: ServiceContext): SharedServers | undefined {
  const all = sharedServers(
    context,
    (route) => isTaken(route, context.provider),
    (one, resource) => {
      const name = stringOf(one.name) ?? '';
      const ns = stringOf(one.namespace) || resource.namespace;
      return serversTarget(one, ns, name, originOf(resource, 'spec'), context);
    },
  );
  return all.get(sharedKey(namespace, spec));
}

/** Where it stands stays; what its servers are is said by the definition that counts. */
function withShared(own: Target, shared: SharedServers, spec: JsonObject, { verdicts }: ServiceContext): Target {
  const { target, chance, sign } = shared;
  if (own.kind !== 'server' || target.kind !== 'server') return own;
  const { origin } = own.to;
  const detail =
    chance ?? `${formatResource(shared.resource)} says other things of the same Service and port, and counts here too`;
  if (origin && (chance !== undefined || signOf(own, spec) !== sign))
    verdicts.note(chance === undefined ? 'traefik-warning' : 'traefik-tie', origin, detail);
  return {
    ...target,
    to: { ...target.to, ...(origin ? { origin } : {}) },
    ...(chance === undefined ? {} : { chance: { detail, origin: origin! } }),
  };
}

const SCHEMES = new Set(['http', 'https', 'h2c']);
const STRATEGIES = new Set(['', 'wrr', 'p2c', 'hrw', 'leasttime', 'RoundRobin']);

/** buildServersLB and loadServers. */
function serversTarget(
  spec: JsonObject,
  namespace: string,
  name: string,
  origin: Origin,
  context: ServiceContext,
): Target {
  const { catalog, provider } = context;
  if (!STRATEGIES.has(stringOf(spec.strategy) ?? ''))
    throw new Dropped(`there is no strategy ${stringOf(spec.strategy)}`);
  const found = findServicePort(catalog, namespace, name, portRef(spec.port), {
    externalName: provider.allowExternalNameServices,
    looksForExternalPort: true,
  });
  if (isObject(spec.healthCheck) && found.service && found.service.type !== 'ExternalName')
    throw new Dropped(`healthCheck is for Services of type ExternalName only, ${namespace}/${name} is none`);
  const scheme = stringOf(spec.scheme) || usualScheme(found.port, found.to.port);
  if (!SCHEMES.has(scheme)) throw new Dropped(`there is no scheme ${scheme}`);
  const middlewares = middlewareKeys(objectsOf(spec.middlewares), namespace, provider);
  if (!hasEndpoints(catalog, found, { condition: 'serving', absent: true })) {
    if (!provider.allowEmptyServices) throw new Dropped(`the Service ${namespace}/${name} has no endpoints`);
    return { kind: 'empty', origin };
  }
  const sticky = stickyOf(spec.sticky, origin);
  return {
    kind: 'server',
    to: destination(found, scheme, origin),
    passHost: booleanOf(spec.passHostHeader) ?? true,
    middlewares,
    ...(sticky ? { sticky } : {}),
  };
}

function stickyOf(written: Json | undefined, origin: Origin): Sticky | undefined {
  const cookie = objectOf(objectOf(written)?.cookie);
  return cookie ? { name: stringOf(cookie.name) ?? '', origin: at(origin, 'sticky', 'cookie') } : undefined;
}

export function portRef(port: Json | undefined): ServicePortRef | undefined {
  if (typeof port === 'number') return port === 0 ? undefined : { number: port };
  return typeof port === 'string' && port !== '' ? { name: port } : undefined;
}

/** A ServersTransport that is not there disables the router (getLoadBalancerServiceHandler). */
function checkTransport(spec: JsonObject, namespace: string, { catalog }: ServiceContext): void {
  const name = stringOf(spec.serversTransport);
  if (!name) return;
  if (name.includes('@')) {
    if (name.endsWith('@kubernetescrd') && !transportIds(catalog).has(name.slice(0, name.indexOf('@'))))
      throw new Disabled(`there is no ServersTransport ${name}`);
    return;
  }
  if (!transportIds(catalog).has(idOf(namespace, name)))
    throw new Disabled(`there is no ServersTransport ${namespace}/${name}`);
}

export const transportIds = (catalog: Catalog): ReadonlySet<string> =>
  new Set(listed(catalog, 'ServersTransport').map((r) => idOf(r.namespace, r.name)));

/** How deep TraefikServices may refer to others. */
const MAX_DEPTH = 20;

/** A service by its name: `name@internal`, or a TraefikService. @throws Disabled */
function namedTarget(name: string, namespace: string, context: ServiceContext, path: readonly string[]): Target {
  const separator = name.lastIndexOf('@');
  const provider = separator < 0 ? 'kubernetescrd' : name.slice(separator + 1);
  if (provider === 'internal')
    return internalTarget(`${normalized(name.slice(0, separator))}@internal`, context.config);
  if (provider !== 'kubernetescrd') throw new Disabled(`there is no service ${name}`);
  const id = separator < 0 ? idOf(namespace, name) : normalized(`${namespace}-${name.slice(0, separator)}`);
  const resource = listed(context.catalog, 'TraefikService').findLast((r) => idOf(r.namespace, r.name) === id);
  if (!resource) throw new Disabled(`there is no TraefikService ${separator < 0 ? `${namespace}/${name}` : name}`);
  if (path.includes(id) || path.length > MAX_DEPTH) throw new Disabled(`the TraefikService ${id} leads back to itself`);
  try {
    return traefikService(specOf(resource), resource.namespace, originOf(resource, 'spec'), context, [...path, id]);
  } catch (error) {
    if (error instanceof Dropped)
      throw new Disabled(`the TraefikService ${resource.namespace}/${resource.name} is left out: ${error.message}`);
    throw error;
  }
}

function internalTarget(name: string, config: StaticConfig): Target {
  switch (name) {
    case 'noop@internal':
      return { kind: 'internal', status: 418, body: '' };
    case 'ping@internal':
      if (!config.ping) throw new Disabled('ping is not switched on in the static configuration');
      return { kind: 'internal', status: 200, body: 'OK' };
    case 'api@internal':
    case 'dashboard@internal':
      if (!config.api) throw new Disabled('the API is not switched on in the static configuration');
      return { kind: 'internal', status: 200, body: '' };
    default:
      throw new Disabled(`there is no service ${name}`);
  }
}

/** buildTraefikService. @throws Dropped, Disabled */
function traefikService(
  spec: JsonObject,
  namespace: string,
  origin: Origin,
  context: ServiceContext,
  path: readonly string[],
): Target {
  const member = (entry: JsonObject, place: Origin): Target => memberTarget(entry, namespace, place, context, path);
  const weighted = objectOf(spec.weighted);
  if (weighted)
    return weightedTarget(
      objectsOf(weighted.services),
      at(origin, 'weighted', 'services'),
      member,
      stickyOf(weighted.sticky, at(origin, 'weighted')),
    );
  const mirroring = objectOf(spec.mirroring);
  if (mirroring)
    return {
      kind: 'mirroring',
      main: member(mirroring, at(origin, 'mirroring')),
      mirrors: objectsOf(mirroring.mirrors).map((entry, i) => {
        const place = at(origin, 'mirroring', 'mirrors', i);
        return { target: member(entry, place), percent: percentOf(entry), origin: place };
      }),
    };
  const hrw = objectOf(spec.highestRandomWeight);
  if (hrw)
    return weightedTarget(objectsOf(hrw.services), at(origin, 'highestRandomWeight', 'services'), member, undefined);
  const failover = objectOf(spec.failover);
  if (failover)
    return {
      kind: 'failover',
      main: member(objectOf(failover.service) ?? {}, at(origin, 'failover', 'service')),
      fallback: member(objectOf(failover.fallback) ?? {}, at(origin, 'failover', 'fallback')),
      origin: at(origin, 'failover'),
    };
  throw new Dropped('it is empty');
}

/** A router whose mirror has another share does not work (Traefik pkg/server/service/loadbalancer/mirror, AddMirror). @throws Disabled */
function percentOf({ percent }: JsonObject): number {
  const share = numberOf(percent) ?? 0;
  if (share < 0 || share > 100) throw new Disabled(`the percent of a mirror is ${share}; it must be between 0 and 100`);
  return share;
}

function memberTarget(
  entry: JsonObject,
  namespace: string,
  origin: Origin,
  context: ServiceContext,
  path: readonly string[],
): Target {
  if (stringOf(entry.kind) !== 'TraefikService') return memberService(entry, namespace, origin, context)();
  const name = stringOf(entry.name) ?? '';
  const ns = stringOf(entry.namespace) || namespace;
  if (!name.includes('@') && ns !== namespace && !context.provider.allowCrossNamespace)
    throw new Dropped(`the TraefikService ${ns}/${name} is in another namespace, and allowCrossNamespace is not set`);
  return namedTarget(name, ns, context, path);
}

function weightedTarget(
  services: readonly JsonObject[],
  origin: Origin,
  member: (entry: JsonObject, origin: Origin) => Target,
  sticky: Sticky | undefined,
): Target {
  return {
    kind: 'weighted',
    members: services.map((entry, i) => ({
      target: member(entry, at(origin, i)),
      weight: numberOf(entry.weight) ?? 1,
      origin: at(origin, i),
    })),
    ...(sticky ? { sticky } : {}),
  };
}
