// The status of a route at each of its parents: Accepted and ResolvedRefs (createRouteStatus in
// pilot/pkg/config/kube/gateway/conditions.go, 2026-08-22).

import { isObject, type ObjectStatus, type ParentStatus, type StatusCondition } from '../../../model/index.js';
import type { DenialReason, ParentRef } from '../features/attachment.js';
import type { SurveyedRoute } from '../features/surveyed-route.js';
import { listAt, objectAt } from '../fields.js';
import type { Implementation } from '../implementations/implementation.js';
import { gatewayOfParent, type Survey } from '../survey.js';
import { conditionsAbout, failed, type NamedError } from './condition.js';
import { byStandard } from './standard-reasons.js';

export const routeStatus = (route: SurveyedRoute, found: Survey): ObjectStatus => ({
  resource: route.route,
  parents: route.parents.map((parent, i) => parentStatus(parent, i, route, found)),
});

/** Of several listeners that one parentRef reaches the best result counts; among failures the one that came furthest. */
const SEVERITY: Readonly<Record<DenialReason, number>> = {
  NotAllowedByListeners: 1,
  NoMatchingListenerHostname: 2,
  NoMatchingParent: 3,
};

function parentStatus(parent: ParentRef, index: number, route: SurveyedRoute, found: Survey): ParentStatus {
  const { links, kind, namespace, name, origin } = parent;
  const written = listAt(objectAt(route.route.object, 'spec'), 'parentRefs')[index];
  const gateway = gatewayOfParent(parent, found);
  const served = gateway !== undefined && gateway.serves && links.length > 0;
  return {
    reference: isObject(written) ? written : {},
    kind,
    namespace,
    name,
    controllerName: gateway?.controllerName ?? '',
    conditions: served ? conditionsAt(parent, route, gateway.implementation) : [],
    origin,
  };
}

function accepted({ links, origin }: ParentRef): StatusCondition {
  const make = conditionsAbout(origin);
  const accepting = links.filter((l) => l.denied === undefined).length;
  const denials = links.flatMap((l) => l.denied ?? []).sort((a, b) => SEVERITY[a.reason] - SEVERITY[b.reason]);
  const worst = accepting === 0 ? denials[0] : undefined;
  if (worst !== undefined) {
    const messages = new Set(denials.filter((d) => d.reason === worst.reason).map((d) => d.message));
    return make('Accepted', false, worst.reason, [...messages].join('; '));
  }
  const message = accepting > 1 ? `Route was valid, bound to ${accepting} parents` : 'Route was valid';
  return make('Accepted', true, 'Accepted', message);
}

function conditionsAt(parent: ParentRef, route: SurveyedRoute, implementation: Implementation): StatusCondition[] {
  const binding = accepted(parent);
  if (implementation.controlPlane === 'istio') return [binding, references(route, parent)];
  const { references: referred, unsupported } = byStandard(route);
  return [
    binding.status && unsupported?.whole ? failed('Accepted', unsupported.error) : binding,
    references({ errors: referred }, parent),
    ...(binding.status && unsupported && !unsupported.whole
      ? [{ ...failed('PartiallyInvalid', unsupported.error), status: true }]
      : []),
  ];
}

function references({ errors }: { readonly errors: readonly NamedError[] }, { origin }: ParentRef): StatusCondition {
  const error = errors.at(-1);
  return error
    ? failed('ResolvedRefs', error)
    : conditionsAbout(origin)('ResolvedRefs', true, 'ResolvedRefs', 'All references resolved');
}
