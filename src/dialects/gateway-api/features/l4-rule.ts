// Rules of TLSRoute and TCPRoute: bytes go to backends by weight. Where nothing can be reached the connection is closed
// (convertTLSRoute, convertTCPRoute, buildTCPDestination in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import {
  append,
  type Json,
  type Origin,
  originOf,
  type Resource,
  type WeightedDestination,
} from '../../../model/index.js';
import { at } from '../../../resources/fields.js';
import { NOWHERE_HOST } from '../../../resources/services.js';
import { listAt, numberAt, objectAt } from '../fields.js';
import { resolveBackend } from './backend.js';
import { type ConfigError, isInvalidBackend } from './config-error.js';
import type { BackendContext } from './own-kinds.js';

export interface L4Rule {
  /** Empty: no backend has a weight. */
  readonly destinations: readonly WeightedDestination[];
  readonly origin: Origin;
}

/** Where a connection goes that is to be closed: a service that no file holds. */
export const nowhere = (origin: Origin, why?: string): readonly WeightedDestination[] => [
  {
    to: { host: NOWHERE_HOST, port: 65535, missing: 'service', ...(why === undefined ? {} : { why }), origin },
    weight: 1,
    origin,
  },
];

export function l4Rules(
  route: Resource,
  context: BackendContext,
): { readonly rules: readonly L4Rule[]; readonly errors: readonly ConfigError[] } {
  const rules: L4Rule[] = [];
  const errors: ConfigError[] = [];
  for (const [i, rule] of listAt(objectAt(route.object, 'spec'), 'rules').entries()) {
    const origin = originOf(route, 'spec', 'rules', i);
    const result = destinationsOf(rule, origin, context);
    if ('reason' in result) return { rules: [], errors: [result] };
    if (result.invalid) errors.push(result.invalid);
    rules.push({ destinations: result.destinations, origin });
  }
  return { rules, errors };
}

function destinationsOf(
  rule: Json,
  origin: Origin,
  context: BackendContext,
): { destinations: readonly WeightedDestination[]; invalid?: ConfigError } | ConfigError {
  const destinations: WeightedDestination[] = [];
  let invalid: ConfigError | undefined;
  for (const [i, reference] of listAt(rule, 'backendRefs').entries()) {
    const weight = numberAt(reference, 'weight') ?? 1;
    if (weight === 0) continue;
    const place = at(origin, 'backendRefs', i);
    const { destination, error } = resolveBackend(reference, place, context);
    if (error && !isInvalidBackend(error)) return error;
    if (error) invalid = error;
    if (destination) destinations.push({ to: destination, weight, origin: place });
    else
      append(
        destinations,
        nowhere(place).map((closed) => ({ ...closed, weight })),
      );
  }
  return { destinations, ...(invalid && { invalid }) };
}
