// Errors: pkg/middlewares/customerrors. Answers with certain statuses, of the destination and of middlewares inside, get the page of a
// Service; the status stays, unless it is rewritten.

import type { Condition, JsonObject, Resource, Route } from '../../../model/index.js';
import { originOf } from '../../../model/index.js';
import { at, objectOf, stringsOf } from '../../../resources/fields.js';
import { serviceTarget } from '../services/crd.js';
import type { Kind, LoadingContext } from './middleware.js';
import { statusRangeOf } from './values.js';

/** @throws Dropped */
export function loadErrors(spec: JsonObject, resource: Resource, context: LoadingContext): void {
  serviceTarget(
    objectOf(spec.service) ?? {},
    resource.namespace,
    originOf(resource, 'spec', 'errors', 'service'),
    context,
  );
}

export const errorPages: Kind = (spec, origin, { resource }) => {
  const ranges = stringsOf(spec.status).map(statusRangeOf);
  for (const from of Object.keys(objectOf(spec.statusRewrites) ?? {})) statusRangeOf(from);
  const caught = (status: number): boolean => ranges.some(([from, to]) => status >= from && status <= to);
  const condition: Condition = {
    kind: 'backend-error',
    summary: `answers with status ${stringsOf(spec.status).join(', ')} get the page of the Service that the Middleware ${resource.namespace}/${resource.name} names`,
    origin: at(origin, 'status'),
  };
  // The destination answers 200 to a simulation; what middlewares inside answer keeps its status, and gets another body.
  return (flow, _, next) =>
    next({ ...flow, conditions: [...flow.conditions, condition] }).map((route): Route => {
      if (route.action.kind === 'forward' || !caught(statusOf(route))) return route;
      const { status } = route.action as { readonly status: number };
      return { ...route, action: { kind: 'direct-response', status, why: 'the page of the middleware errors' } };
    });
};

const statusOf = ({ action }: Route): number => ('status' in action ? action.status : 0);
