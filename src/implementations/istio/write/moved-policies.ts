// Policies that are bound to a gateway's old workload (by labels, or by a reference to a Gateway) bound to the one that takes its place.
// The old ones stay: they guard the old gateway until it goes. Policies of the root namespace that name no workload hold everywhere.

import {
  chainPlaces,
  type EffectiveGateway,
  type JsonObject,
  type Origin,
  type Resource,
  type Unsupported,
} from '../../../model/index.js';
import { objectOf, specOf } from '../../../resources/fields.js';

export interface NewPlace {
  readonly namespace: string;
  /** Begins the names of the copies. */
  readonly name: string;
  /** `selector` or `targetRefs` of the copies. */
  readonly binding: Readonly<Record<string, unknown>>;
  /** Where objects for the whole mesh are. */
  readonly rootNamespace: string;
}

export interface MovedPolicy {
  readonly object: Readonly<Record<string, unknown>>;
  readonly origin: Origin;
}

/** A policy of Istio whose text the files hold: a config dump names it without. */
export const isPolicyObject = ({ group, namedIn }: Resource): boolean =>
  group === 'security.istio.io' && namedIn === undefined;

/** What a policy says that the model does not hold (an external authorization, keys to fetch) moves with its text all the same. */
export const isOfPolicy = ({ origin }: Pick<Unsupported, 'origin'>): boolean => isPolicyObject(origin.resource);

/** RequestAuthentications and AuthorizationPolicies of a gateway, in the order of their kinds and names. */
export function movedPolicies(gateway: EffectiveGateway, place: NewPlace): MovedPolicy[] {
  const used = new Set<string>();
  return policiesOf(gateway)
    .filter((resource) => isPolicyObject(resource) && !holdsEverywhere(resource, place.rootNamespace))
    .map((resource) => {
      const { selector: _, targetRef: __, targetRefs: ___, ...rest } = specOf(resource);
      const base = `${place.name}-${resource.name}`;
      let name = base;
      for (let n = 2; used.has(`${resource.kind} ${name}`); n++) name = `${base}-${n}`;
      used.add(`${resource.kind} ${name}`);
      const dryRun = resource.annotations['istio.io/dry-run'];
      return {
        object: {
          apiVersion: resource.apiVersion,
          kind: resource.kind,
          metadata: {
            name,
            namespace: place.namespace,
            ...(dryRun === undefined ? {} : { annotations: { 'istio.io/dry-run': dryRun } }),
          },
          spec: { ...place.binding, ...rest },
        },
        origin: { resource, path: [] },
      };
    });
}

function holdsEverywhere(resource: Resource, rootNamespace: string): boolean {
  const { selector, targetRef, targetRefs } = specOf(resource) as JsonObject;
  const bound = Object.keys(objectOf(objectOf(selector)?.matchLabels) ?? {}).length > 0 || targetRef || targetRefs;
  return !bound && resource.namespace === rootNamespace;
}

function policiesOf(gateway: EffectiveGateway): Resource[] {
  const found = new Set<Resource>();
  for (const { chain } of chainPlaces(gateway)) {
    const { policies } = chain;
    const authentication = policies && 'authentication' in policies ? policies.authentication : [];
    for (const { origin } of [...authentication, ...(policies?.authorization ?? [])]) found.add(origin.resource);
  }
  for (const u of gateway.unsupported) if (isOfPolicy(u)) found.add(u.origin.resource);
  const key = (r: Resource) => `${r.kind === 'RequestAuthentication' ? 0 : 1} ${r.namespace} ${r.name}`;
  return [...found].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
