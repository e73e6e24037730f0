// Which policy counts for a rule: the one for the rule by its name, then for its route, then for the listener, then for the Gateway; of
// several for one target the oldest. A policy of a route with `mergeType` is laid over the one of the listener or the Gateway, any other
// stands in its place as a whole (internal/gatewayapi/policyindex.go and securitypolicy.go, v1.9.1).

import { isObject, type Json, type JsonObject, own, type Resource } from '../../../../model/index.js';
import type { Catalog } from '../../../../resources/catalog.js';
import { createdAt } from '../../../../resources/creation.js';
import { perCatalog, Scope } from '../../../../resources/kept-answers.js';
import { compareText, has, listAt, objectAt, stringAt } from '../../fields.js';
import { shortKind } from '../../kinds.js';

/** What a policy is asked for. */
export interface Place {
  readonly route: Resource;
  /** Name of the rule, where it has one. */
  readonly rule: string | undefined;
  /** The Gateway or the ListenerSet that has the listener, and the listener's name. */
  readonly gateway: Resource;
  readonly listener: string;
}

/** A policy and what it says; of a merged one the whole, and both policies. */
export interface Attached {
  readonly policy: Resource;
  readonly parent?: Resource;
  readonly spec: JsonObject;
}

/** Oldest first, then by namespace and name. */
const byAge = (a: Resource, b: Resource): number =>
  createdAt(a) - createdAt(b) || compareText(a.namespace, b.namespace) || compareText(a.name, b.name);

interface Target {
  readonly kind: string;
  readonly name: string;
  readonly section: string | undefined;
}

/** `targetRefs` and the older `targetRef`; those by labels are looked at apart. */
const targetsOf = (spec: JsonObject): readonly Target[] =>
  [...listAt(spec, 'targetRefs'), ...(has(spec, 'targetRef') ? [objectAt(spec, 'targetRef')] : [])].map((ref) => ({
    kind: stringAt(ref, 'kind') ?? '',
    name: stringAt(ref, 'name') ?? '',
    section: stringAt(ref, 'sectionName'),
  }));

const specOf = (policy: Resource): JsonObject => objectAt(policy.object, 'spec');

/** `targetSelectors`: only labels that have to be equal; of the policy's own namespace. */
const selects = (spec: JsonObject, target: Resource): boolean =>
  listAt(spec, 'targetSelectors').some((selector) => {
    if (stringAt(selector, 'kind') !== shortKind(`${target.group}/${target.kind}`)) return false;
    const labels = Object.entries(objectAt(selector, 'matchLabels'));
    return labels.every(([key, value]) => own(target.labels, key) === value);
  });

/** Is `policy` for `target`, as a whole or for `section` of it? */
function isFor(policy: Resource, target: Resource, section: string | undefined): boolean {
  if (policy.namespace !== target.namespace) return false;
  const spec = specOf(policy);
  if (section === undefined && selects(spec, target)) return true;
  return targetsOf(spec).some((t) => t.kind === target.kind && t.name === target.name && t.section === section);
}

const scopes = perCatalog(() => new Scope());

/** Policies of a kind, oldest first. */
export function policiesOf(kind: string, catalog: Catalog): readonly Resource[] {
  const scope = scopes(catalog);
  return scope.keep(scope, kind, () => catalog.ofKind(kind).toSorted(byAge));
}

export function attachedTo(kind: string, place: Place, catalog: Catalog): Attached | undefined {
  const policies = policiesOf(kind, catalog);
  if (policies.length === 0) return undefined;
  const first = (target: Resource, section: string | undefined) => policies.find((p) => isFor(p, target, section));
  const below =
    (place.rule === undefined ? undefined : first(place.route, place.rule)) ?? first(place.route, undefined);
  const above = () => first(place.gateway, place.listener) ?? first(place.gateway, undefined);
  if (below === undefined) {
    const policy = above();
    return policy && { policy, spec: specOf(policy) };
  }
  const spec = specOf(below);
  const parent = has(spec, 'mergeType') ? above() : undefined;
  return parent ? { policy: below, parent, spec: merged(specOf(parent), spec) } : { policy: below, spec };
}

/** The policies that say something of a Gateway or one of its listeners. */
export const attachedToGateway = (kind: string, gateway: Resource, listener: string | undefined, catalog: Catalog) =>
  policiesOf(kind, catalog).find((p) => isFor(p, gateway, listener));

export const isForGateway = isFor;

/** For the route, or for one of its rules. */
export const isForRoute = (policy: Resource, route: Resource): boolean =>
  isFor(policy, route, undefined) ||
  (policy.namespace === route.namespace &&
    targetsOf(specOf(policy)).some((t) => t.kind === route.kind && t.name === route.name));

/** Objects are laid over each other, lists stand in place of lists. */
function merged(under: JsonObject, over: JsonObject): JsonObject {
  const both = new Map<string, Json>(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const below = both.get(key);
    both.set(key, isObject(below) && isObject(value) ? merged(below, value) : value);
  }
  return Object.fromEntries(both);
}
