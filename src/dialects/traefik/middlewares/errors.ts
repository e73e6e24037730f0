// Errors: pkg/middlewares/customerrors. Answers with certain statuses, of the destination and of middlewares inside, get the page of a
// Service; the status stays, unless it is rewritten.

import type { JsonObject, Resource, Route } from '../../../model/index.js';
import { originOf } from '../../../model/index.js';
import { objectOf, stringsOf } from '../../../resources/fields.js';
import { Disabled } from '../names.js';
import { serviceTarget } from '../services/crd.js';
import type { Kind, LoadingContext } from './middleware.js';

/** @throws Dropped */
export function loadErrors(spec: JsonObject, resource: Resource, context: LoadingContext): void {
  serviceTarget(
    objectOf(spec.service) ?? {},
    resource.namespace,
    originOf(resource, 'spec', 'errors', 'service'),
    context,
  );
}

export const errorPages: Kind = (spec, origin) => {
  const ranges = stringsOf(spec.status).flatMap((text) => text.split(',').map(rangeOf));
  const caught = (status: number): boolean => ranges.some(([from, to]) => status >= from && status <= to);
  return (flow, _, next) => {
    void origin;
    return next(flow).map(
      (route): Route => (route.action.kind === 'forward' || !caught(statusOf(route)) ? route : route),
    );
  };
};

const statusOf = ({ action }: Route): number => ('status' in action ? action.status : 0);

function rangeOf(text: string): readonly [number, number] {
  const [, from, to] = /^(\d{3})(?:-(\d{3}))?$/.exec(text.trim()) ?? [];
  if (from === undefined) throw new Disabled(`${text} is no status`);
  return [Number(from), Number(to ?? from)];
}
