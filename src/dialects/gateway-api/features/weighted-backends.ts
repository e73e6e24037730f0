// To where a rule sends its requests: backends by weight, 1 where none is written, 0 counting as not there. A rule whose
// weights add up to nothing answers 500 (Gateway API spec, HTTPRouteRule.backendRefs; Istio: buildHTTPDestination and
// buildGRPCDestination in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import type { Json, Origin, WeightedDestination } from '../../../model/index.js';
import { at } from '../../../resources/fields.js';
import { has, listAt, numberAt, objectAt, stringAt } from '../fields.js';
import { HTTP_ROUTE } from '../kinds.js';
import { outcomeOf, resolveBackend } from './backend.js';
import { type ConfigError, isInvalidBackend } from './config-error.js';
import { headerChange } from './header-modifier.js';
import type { BackendContext } from './own-kinds.js';

export interface Backends {
  /** Empty: no backend has a weight. */
  readonly destinations: readonly WeightedDestination[];
  /** The last invalid backend: what Istio reports. */
  readonly invalid?: ConfigError;
}

const weightOf = (reference: Json) => numberAt(reference, 'weight') ?? 1;

/** `origin`: of the rule. An error that is returned alone costs the whole route. */
export function weightedBackends(rule: Json, origin: Origin, context: BackendContext): Backends | ConfigError {
  const destinations: WeightedDestination[] = [];
  let invalid: ConfigError | undefined;
  for (const [i, reference] of listAt(rule, 'backendRefs').entries()) {
    if (weightOf(reference) === 0) continue;
    const place = at(origin, 'backendRefs', i);
    const backend = resolveBackend(reference, place, context);
    if (backend.error !== undefined) {
      if (!isInvalidBackend(backend.error)) return backend.error;
      invalid = backend.error;
    }
    const changes = backendFilters(reference, place, context);
    if ('reason' in changes) return changes;
    destinations.push({
      to: outcomeOf(backend, place),
      weight: weightOf(reference),
      ...changes,
      origin: place,
    });
  }
  return { destinations, ...(invalid && { invalid }) };
}

type BackendChanges = Pick<WeightedDestination, 'requestHeaders' | 'responseHeaders' | 'hostRewrite'>;

function backendFilters(reference: Json, origin: Origin, context: BackendContext): BackendChanges | ConfigError {
  let changes: BackendChanges = {};
  for (const [i, filter] of listAt(reference, 'filters').entries()) {
    const more = backendFilter(filter, at(origin, 'filters', i), context);
    if ('reason' in more) return more;
    changes = { ...changes, ...more };
  }
  return changes;
}

/** Only headers can be changed per backend, and the host (validateBackendRefFilters in Envoy Gateway's internal/gatewayapi/validate.go). */
function backendFilter(
  filter: Json,
  origin: Origin,
  { implementation, routeKind }: BackendContext,
): BackendChanges | ConfigError {
  const type = stringAt(filter, 'type') ?? '';
  const rewrite = objectAt(filter, 'urlRewrite');
  if (type === 'URLRewrite' && implementation.hostOfBackend && routeKind === HTTP_ROUTE && !has(rewrite, 'path')) {
    const host = stringAt(rewrite, 'hostname');
    return host === undefined ? {} : { hostRewrite: host };
  }
  if (type === 'ResponseHeaderModifier') {
    const change = headerChange(objectAt(filter, 'responseHeaderModifier'), origin);
    return 'reason' in change ? change : change.ops ? { responseHeaders: change.ops } : {};
  }
  if (type !== 'RequestHeaderModifier')
    return { reason: 'InvalidFilter', message: `a filter of type ${type} cannot be used on a backend`, origin };
  const change = headerChange(objectAt(filter, 'requestHeaderModifier'), origin);
  if ('reason' in change) return change;
  const { ops, host } = change;
  if (host !== undefined && implementation.hostHeader === 'invalid')
    return { reason: 'InvalidFilter', message: 'the Host header is not changed by a header modifier', origin };
  return { ...(ops && { requestHeaders: ops }), ...(host !== undefined && { hostRewrite: host }) };
}
