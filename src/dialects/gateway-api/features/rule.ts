// One rule of an HTTPRoute or GRPCRoute, as routes that a listener can take: one per match, since each match has its own
// place in the order (convertHTTPRoute and convertGRPCRoute in pilot/pkg/config/kube/gateway/conversion.go,
// HTTPRouteCollection in route_collections.go, 2026-08-22).

import { destinationDelivery } from '../../../implementations/istio/destination-delivery.js';
import {
  type Action,
  type HeaderOps,
  type Json,
  originOf,
  type Resource,
  type WeightedDestination,
} from '../../../model/index.js';
import { has, listAt, objectAt, stringAt } from '../fields.js';
import type { Implementation } from '../implementations/implementation.js';
import { GRPC_ROUTE } from '../kinds.js';
import type { ConfigError } from './config-error.js';
import { deliveryOf } from './delivery.js';
import { grpcMatch } from './grpc-match.js';
import { httpMatch, MATCH_ALL, type RankedMatch, writtenMatches } from './http-match.js';
import type { BackendContext } from './own-kinds.js';
import type { RankedRoute, RedirectPlace } from './ranked-route.js';
import { redirectAction } from './redirect.js';
import { rewriteOf } from './rewrite.js';
import { ruleFilters } from './rule-filters.js';
import { weightedBackends } from './weighted-backends.js';

export interface ConvertedRule {
  readonly routes: readonly RankedRoute[];
  /** The rule works; a backend or a mirror does not. */
  readonly error?: ConfigError;
}

export function convertRule(
  route: Resource,
  rule: Json,
  index: number,
  context: BackendContext,
  implementation: Implementation,
): ConvertedRule | ConfigError {
  const origin = originOf(route, 'spec', 'rules', index);
  const name = stringAt(rule, 'name') ?? `${route.namespace}.${route.name}.${index}`;
  const matches = matchesOf(route, rule, index, context);
  if ('reason' in matches) return matches;
  const filters = ruleFilters(rule, origin, context);
  if ('reason' in filters) return filters;
  const backends = weightedBackends(rule, origin, context);
  if ('reason' in backends) return backends;

  const written = implementation.delivery
    ? implementation.delivery(rule, origin)
    : deliveryOf(rule, origin, implementation.retries?.(context.catalog), context);
  const ruled = context.controlPlane === 'istio' ? ruledDelivery(backends.destinations, context) : undefined;
  const delivery = ruled ? { ...written, ...ruled, origin } : written;
  const { extension } = filters;
  const changes = extension?.responseHeaders
    ? { ...filters.changes, responseHeaders: joinedOps(filters.changes.responseHeaders, extension.responseHeaders) }
    : filters.changes;
  const action = (matched: RankedMatch, place: RedirectPlace): Action => {
    if (extension?.answer) return extension.answer;
    if (filters.redirect !== undefined) return redirectAction(filters.redirect, matched, place, implementation);
    if (backends.destinations.length === 0) return { kind: 'direct-response', status: 500 };
    const changed =
      filters.rewrite && rewriteOf(filters.rewrite.filter, matched, implementation, filters.rewrite.origin);
    const host = filters.host ?? extension?.host;
    const said = {
      ...(changed?.host === undefined && host !== undefined && { host }),
      ...(extension?.path && { path: extension.path }),
    };
    const rewrite = Object.keys(said).length > 0 ? { ...changed, ...said } : changed;
    return {
      kind: 'forward',
      destinations: backends.destinations,
      ...(rewrite && { rewrite }),
      ...(filters.mirrors.length > 0 && { mirrors: filters.mirrors }),
      ...(delivery && { delivery }),
    };
  };
  const error = backends.invalid ?? filters.error;
  return {
    routes: matches.list.map((matched) => ({
      rank: matched.rank,
      on: (place) => ({
        name,
        match: matched.match,
        action: action(matched, place),
        ...changes,
        origin,
        ...(matched.origin && { matchOrigin: matched.origin }),
      }),
    })),
    ...(error && { error }),
  };
}

/** What DestinationRules say of the backends: Istio makes VirtualServices of routes (hashForVirtualService in core/route/route.go). */
const ruledDelivery = (destinations: readonly WeightedDestination[], { clusters }: BackendContext) =>
  destinationDelivery(
    destinations.flatMap(({ to }) => ('host' in to ? [{ host: to.host, port: to.port, to }] : [])),
    clusters.rule,
  );

const joinedOps = (a: HeaderOps | undefined, b: HeaderOps): HeaderOps =>
  a
    ? {
        ...a,
        set: [...(a.set ?? []), ...(b.set ?? [])],
        add: [...(a.add ?? []), ...(b.add ?? [])],
      }
    : b;

/** By the specification: requests of a rule that cannot be used are answered with an error (HTTPRouteRule.filters). */
export function failingRule(
  route: Resource,
  rule: Json,
  index: number,
  context: BackendContext,
): readonly RankedRoute[] {
  const matches = matchesOf(route, rule, index, context);
  if ('reason' in matches) return [];
  const origin = originOf(route, 'spec', 'rules', index);
  const name = stringAt(rule, 'name') ?? `${route.namespace}.${route.name}.${index}`;
  return matches.list.map((matched) => ({
    rank: matched.rank,
    on: () => ({ name, match: matched.match, action: { kind: 'direct-response', status: 500 }, origin }),
  }));
}

function matchesOf(
  route: Resource,
  rule: Json,
  index: number,
  context: BackendContext,
): { list: RankedMatch[] } | ConfigError {
  const grpc = context.routeKind === GRPC_ROUTE;
  // The API server fills in a match for an HTTPRoute, and none for a GRPCRoute.
  const written = grpc && !has(rule, 'matches') ? [null] : writtenMatches(rule);
  const list: RankedMatch[] = [];
  for (const [i, match] of written.entries()) {
    const ranked =
      match === null ? MATCH_ALL : grpc ? grpcMatch(route, index, i, match) : httpMatch(route, index, i, match);
    if ('reason' in ranked) return ranked;
    // A default that nobody wrote has no place of its own.
    const { origin, ...unplaced } = ranked;
    list.push(origin !== undefined && listAt(rule, 'matches').length > 0 ? { ...unplaced, origin } : unplaced);
  }
  return { list };
}

/** A rule of a spec that leaves `rules` out: the API server fills in one without backends, which answers 500. */
export const writtenRules = (route: Resource, kind: string): readonly Json[] => {
  const spec = objectAt(route.object, 'spec');
  return has(spec, 'rules') || kind === GRPC_ROUTE ? listAt(spec, 'rules') : [{}];
};
