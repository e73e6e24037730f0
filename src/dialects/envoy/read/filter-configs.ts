// The HTTP filters of a connection manager: what runs before routing (token checks, authorization, rate limits), and what each does for a
// route.

import type {
  BodyLimit,
  Destination,
  HttpPolicies,
  Origin,
  RateLimit,
  Route,
  Unsupported,
} from '../../../model/index.js';
import { destinationOf } from './clusters.js';
import { bodyLimitOf, noteOrder, policiesOf } from './filter-policies.js';
import { filterOf, unknownFilter } from './http-filter.js';
import { list, type Node } from './node.js';
import { type Around, applied } from './route-filters.js';

export interface FilterConfigs {
  /** Asked when all routes were read: limits of single routes are among them. */
  policies(): HttpPolicies | undefined;
  readonly bodyLimit?: BodyLimit;
  /** What a route does with the filters: one route, or several where a filter tests the request. `levels`: route, virtual host, configuration. */
  apply(route: Route, levels: readonly Node[], unknown: (unknown: Unsupported) => void): Route[];
  destination(cluster: string, origin: Origin): Destination;
}

export function filterConfigs(manager: Node | undefined, around: Around): FilterConfigs {
  const filters = list(manager, 'http_filters').map(filterOf);
  const told = (unknown: Omit<Unsupported, 'reach'>) => around.unknown({ ...unknown, reach: { ports: [around.port] } });
  for (const filter of filters) if (filter.role === 'unknown' && !filter.disabled) told(unknownFilter(filter));
  const policies = policiesOf(filters, around.origins, told);
  noteOrder(filters, told);
  const bodyLimit = bodyLimitOf(filters);
  const limits = new Map<string, RateLimit>();
  return {
    policies: () => (limits.size === 0 ? policies : withLimits(policies, [...limits.values()])),
    ...(bodyLimit ? { bodyLimit } : {}),
    apply: (route, levels, unknown) => applied(route, levels, filters, { ...around, unknown, limits }),
    destination: (cluster, origin) => destinationOf(cluster, around.clusters, origin),
  };
}

const withLimits = (policies: HttpPolicies | undefined, limits: readonly RateLimit[]): HttpPolicies => ({
  authentication: policies?.authentication ?? [],
  authorization: policies?.authorization ?? [],
  rateLimits: [...(policies?.rateLimits ?? []), ...limits],
});
