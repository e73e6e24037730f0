// What the filters of a connection manager do for all of its routes: token checks, authorization, rate limits, limits of bodies.

import {
  append,
  type BodyLimit,
  type HttpPolicies,
  type JwtRule,
  type RateLimit,
  type Unsupported,
} from '../../../model/index.js';
import { type HttpFilter, isBeforePolicies, type Role } from './http-filter.js';
import { jwtOf } from './jwt.js';
import type { NamedOrigins } from './named-objects.js';
import { type Node, originAt } from './node.js';
import { rateLimitOf } from './rate-limit.js';
import { rbacOf } from './rbac.js';
import { number } from './values.js';

const security = (what: string, node: Node): Omit<Unsupported, 'reach'> => ({
  feature: 'filter.policies',
  detail: `${what}`,
  effect: 'security',
  guards: true,
  content: node.value,
  origin: originAt(node),
});

interface Policies {
  readonly authentication: JwtRule[];
  readonly authorization: HttpPolicies['authorization'][number][];
  readonly rateLimits: RateLimit[];
}

export function policiesOf(
  filters: readonly HttpFilter[],
  origins: NamedOrigins,
  told: (unknown: Omit<Unsupported, 'reach'>) => void,
): HttpPolicies | undefined {
  const found: Policies = { authentication: [], authorization: [], rateLimits: [] };
  for (const [i, filter] of filters.entries()) {
    if (filter.disabled) continue;
    const place = isBeforePolicies(filters, i) ? 'first' : 'last';
    for (const what of addPolicies(found, filter, place, origins)) told(security(what, filter.config));
  }
  const { authentication, authorization, rateLimits } = found;
  if (authentication.length + authorization.length + rateLimits.length === 0) return undefined;
  return { authentication, authorization, ...(rateLimits.length > 0 ? { rateLimits } : {}) };
}

/** Returns what was not read. */
function addPolicies(
  found: Policies,
  { role, config }: HttpFilter,
  place: RateLimit['place'],
  origins: NamedOrigins,
): readonly string[] {
  if (role === 'jwt') {
    const { rules, unread } = jwtOf(config);
    append(found.authentication, rules);
    return unread;
  }
  if (role === 'limit') {
    const { limit, unread } = rateLimitOf(config, place);
    if (limit) found.rateLimits.push(limit);
    return unread;
  }
  if (role !== 'rbac') return [];
  const { policies, unread } = rbacOf(config, origins);
  const allows = ({ action }: { readonly action: string }) => action === 'ALLOW';
  const several = found.authorization.some(allows) && policies.some(allows);
  append(found.authorization, policies);
  return several ? [...unread, 'several filters that have to accept a request'] : unread;
}

/** The model has one order: token checks, authorization, faults, CORS. */
export function noteOrder(filters: readonly HttpFilter[], told: (unknown: Omit<Unsupported, 'reach'>) => void): void {
  const active = filters.filter(({ disabled }) => !disabled);
  const first = (role: Role) => active.findIndex((f) => f.role === role);
  const last = (role: Role) => active.findLastIndex((f) => f.role === role);
  const late = (a: Role, b: Role) => first(a) >= 0 && last(b) >= 0 && first(a) < last(b);
  if (late('rbac', 'jwt'))
    told(security('an authorization in front of the token check', active[first('rbac')]!.config));
  for (const role of ['cors', 'fault'] as const)
    for (const policy of ['jwt', 'rbac'] as const)
      if (late(role, policy)) told(security(`${role} in front of ${policy}`, active[first(role)]!.config));
}

export function bodyLimitOf(filters: readonly HttpFilter[]): BodyLimit | undefined {
  const index = filters.findIndex(({ role }) => role === 'buffer');
  const filter = filters[index];
  if (!filter) return undefined;
  const maxBytes = filter.disabled ? undefined : number(filter.config, 'max_request_bytes');
  return {
    ...(maxBytes === undefined ? {} : { maxBytes }),
    place: isBeforePolicies(filters, index) ? 'first' : 'last',
    origin: originAt(filter.config),
  };
}
