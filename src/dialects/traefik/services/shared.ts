// Servers of one Service and port that several services of weights, mirrors or failovers name: Traefik keeps them under one name
// (fullServiceName and addToConfig in pkg/provider/kubernetes/crd), so that the last definition counts for all of them. TraefikServices come
// behind IngressRoutes; among objects of one kind the order is chance (the store of the informer is a map of Go).

import { formatResource, type JsonObject, type Resource } from '../../../model/index.js';
import { compareText, objectOf, objectsOf, specOf, stringOf } from '../../../resources/fields.js';
import { listed } from '../api-server.js';
import { Disabled, Dropped, normalized } from '../names.js';
import type { ServiceContext } from './context.js';
import type { Target } from './target.js';

export interface SharedServers {
  /** What the servers are for everybody; where chance decides, one of the possible ones. */
  readonly target: Target;
  readonly spec: JsonObject;
  readonly sign: string;
  /** Whose definition counts. */
  readonly resource: Resource;
  /** Why chance decides; absent: it does not. */
  readonly chance?: string;
}

export const sharedKey = (namespace: string, { name, port }: JsonObject): string =>
  normalized(`${namespace}-${stringOf(name) ?? ''}-${String(port ?? 0)}`);

const known = new WeakMap<ServiceContext['config'], ReadonlyMap<string, SharedServers>>();

/** By `sharedKey`. `targetOf`: of one definition; throws Dropped or Disabled where there is none. */
export function sharedServers(
  context: ServiceContext,
  taken: (route: Resource) => boolean,
  targetOf: (spec: JsonObject, resource: Resource) => Target,
): ReadonlyMap<string, SharedServers> {
  let found = known.get(context.config);
  if (!found) {
    const define = definer(targetOf);
    const routes = listed(context.catalog, 'IngressRoute').filter(taken);
    for (const resource of routes)
      for (const route of objectsOf(specOf(resource).routes)) {
        const services = objectsOf(route.services);
        // A service alone is kept under the name of its route.
        if (services.length > 1) for (const spec of services) define.add(spec, resource, 0);
      }
    for (const resource of listed(context.catalog, 'TraefikService'))
      for (const spec of membersOf(specOf(resource))) define.add(spec, resource, 1);
    known.set(context.config, (found = define.settled()));
  }
  return found;
}

function membersOf(spec: JsonObject): readonly JsonObject[] {
  const [weighted, hashed, mirroring, failover] = [spec.weighted, spec.highestRandomWeight, spec.mirroring, spec.failover].map((part) => objectOf(part)); // biome-ignore format: one line
  if (weighted) return objectsOf(weighted.services);
  if (mirroring) return [mirroring, ...objectsOf(mirroring.mirrors)];
  if (hashed) return objectsOf(hashed.services);
  return [failover?.service, failover?.fallback].flatMap((part): JsonObject[] => {
    const member = objectOf(part);
    return member ? [member] : [];
  });
}

function definer(targetOf: (spec: JsonObject, resource: Resource) => Target) {
  const ranks: readonly Map<string, Map<Resource, SharedServers>>[] = [new Map(), new Map()];
  return {
    add(spec: JsonObject, resource: Resource, rank: 0 | 1): void {
      if (stringOf(spec.kind) === 'TraefikService') return;
      const key = sharedKey(stringOf(spec.namespace) || resource.namespace, spec);
      try {
        const target = targetOf(spec, resource);
        const byObject = ranks[rank]!.get(key) ?? new Map<Resource, SharedServers>();
        // Of one object the last counts.
        byObject.set(resource, { spec, resource, target, sign: signOf(target, spec) });
        ranks[rank]!.set(key, byObject);
      } catch (error) {
        if (!(error instanceof Dropped || error instanceof Disabled)) throw error;
      }
    },
    settled(): ReadonlyMap<string, SharedServers> {
      const found = new Map<string, SharedServers>();
      for (const byObject of ranks) for (const [key, of] of byObject) found.set(key, settledOf([...of.values()]));
      return found;
    },
  };
}

export const signOf = (target: Target, { serversTransport }: JsonObject): string =>
  JSON.stringify([target, serversTransport], (key, value: unknown) => (key === 'origin' ? undefined : value));

/** Whatever the order of the files, the first by name stands for what chance decides. */
function settledOf(unordered: readonly SharedServers[]): SharedServers {
  const definitions = [...unordered].sort((a, b) =>
    compareText(formatResource(a.resource), formatResource(b.resource)),
  );
  const [first] = definitions;
  const other = definitions.find(({ sign }) => sign !== first!.sign);
  if (!other) return first!;
  const named = [first!, other].map(({ resource }) => formatResource(resource)).join(' and ');
  const chance = `${named} say different things of one Service and port; Traefik keeps one of them for both, and chance decides at each reload which`;
  return { ...first!, chance };
}
