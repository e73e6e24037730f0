// What the specification calls the errors of a route (RouteConditionReason in apis/v1/shared_types.go of sigs.k8s.io/gateway-api v1.6.3), which
// are found under Istio's names. A value that is not supported in some rules makes the route PartiallyInvalid, in all of them not accepted.

import type { ConfigError } from '../features/config-error.js';
import { writtenRules } from '../features/rule.js';
import type { SurveyedRoute } from '../features/surveyed-route.js';
import { HOSTNAME, shortKind } from '../kinds.js';
import type { NamedError } from './condition.js';

export interface StandardErrors {
  /** About what the route refers to: ResolvedRefs. */
  readonly references: readonly NamedError[];
  /** `whole`: every rule has such a value. */
  readonly unsupported?: { readonly error: NamedError; readonly whole: boolean };
}

export function byStandard({ route, kind, errors }: SurveyedRoute): StandardErrors {
  const references: NamedError[] = [];
  const values: ConfigError[] = [];
  for (const error of errors) {
    const reason = referenceReason(error);
    if (reason === undefined) values.push(error);
    else references.push({ ...error, reason });
  }
  const [first] = values;
  if (first === undefined) return { references };
  const rules = new Set(values.map(({ origin }) => origin.path[2]));
  const whole = rules.size === writtenRules(route, kind).length;
  return { references, unsupported: { error: { ...first, reason: 'UnsupportedValue' }, whole } };
}

/** Undefined: the error is not about a reference. */
function referenceReason({ reason, isExtension, message }: ConfigError): string | undefined {
  if (isExtension) return 'InvalidKind';
  if (reason === 'InvalidDestination') return message.includes(shortKind(HOSTNAME)) ? 'InvalidKind' : 'BackendNotFound';
  return reason === 'InvalidFilter' || reason === 'InvalidConfiguration' ? undefined : reason;
}
