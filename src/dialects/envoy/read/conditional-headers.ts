// Changes of headers that depend on whether the header is there (envoy.config.core.v3.HeaderValueOption, ADD_IF_ABSENT and
// OVERWRITE_IF_EXISTS): of requests, routes of their own say it.

import type { HeaderMatcher, Route, Unsupported } from '../../../model/index.js';
import { type ConditionalHeader, withSet } from './headers.js';

/** Headers whose changes depend on a request are written out, at most. */
const MOST_CONDITIONAL = 4;

/** Routes in front take requests that have a header, and those that have not: each with its changes. */
export function conditionalRequest(
  route: Route,
  changes: readonly ConditionalHeader[],
  unknown: (unknown: Unsupported) => void,
): Route[] {
  const [first, ...rest] = changes;
  if (!first) return [route];
  if (changes.length > MOST_CONDITIONAL) {
    noteConditional(route, changes, unknown);
    return [route];
  }
  const name = first.name.toLowerCase();
  const having: HeaderMatcher = { name, value: { kind: 'any' }, origin: route.origin };
  const changed = withSet(route.requestHeaders, [first]);
  const set: Route = { ...route, ...(changed ? { requestHeaders: changed } : {}) };
  const [present, absent] = first.where === 'present' ? [set, route] : [route, set];
  return [{ ...present, match: { ...route.match, headers: [...route.match.headers, having] } }, absent].flatMap((one) =>
    conditionalRequest(one, rest, unknown),
  );
}

/** Answers of the gateway itself have none of these headers; those of destinations are not known. */
export function conditionalResponse(
  route: Route,
  changes: readonly ConditionalHeader[],
  unknown: (unknown: Unsupported) => void,
): Route {
  if (changes.length === 0) return route;
  if (route.action.kind !== 'redirect' && route.action.kind !== 'direct-response') {
    noteConditional(route, changes, unknown);
    return route;
  }
  const responseHeaders = withSet(
    route.responseHeaders,
    changes.filter(({ where }) => where === 'absent'),
  );
  return responseHeaders ? { ...route, responseHeaders } : route;
}

function noteConditional(
  { origin }: Route,
  changes: readonly ConditionalHeader[],
  unknown: (unknown: Unsupported) => void,
): void {
  for (const { name, where } of changes) {
    const detail = `header ${name}, which is set where it is ${where}`;
    unknown({ feature: 'route.headers', detail, effect: 'change', origin });
  }
}
