// What the two sides of a comparison do with the requests of one region, as ordered lists that are explored at once:
// the routes of both sides and, where there are any, what their authorization policies deny and allow.

import type { AuthorizationPolicy, AuthorizationRule, EffectiveGateway, HttpChain, Route } from '../model/index.js';
import {
  atomsOf,
  type GuardRule,
  type Guards,
  guardsOf,
  guardsOfHosts,
  type Product,
  type Reception,
  type Region,
} from '../space/index.js';

export interface Sides {
  /** Routes before and after, then for each side what is denied and what is allowed. */
  readonly lists: readonly (readonly Product[])[];
  readonly routes: readonly [readonly Route[], readonly Route[]];
  readonly guarded: boolean;
  /** Who answers, given the first rule of each list that takes a request; a refusal is a route that answers 403. */
  answering(taken: readonly number[]): readonly [Route | undefined, Route | undefined];
  /** Where a rule of one of the lists comes from. */
  originOf(list: number, index: number): Route['origin'];
}

const NO_GUARDS: Guards = { deny: [], allow: [], allowing: undefined };

/** undefined: the policies have more alternatives than can be multiplied out. */
export function sidesOf(region: Region, gateways: readonly EffectiveGateway[]): Sides | undefined {
  const routes = region.virtualHosts.map((v) => v?.routes ?? []) as [readonly Route[], readonly Route[]];
  const { port } = region.connection.example;
  const guards: Guards[] = [];
  for (const [side, reception] of region.connection.receptions.entries()) {
    const policies = isHttp(reception) ? (reception.policies?.authorization ?? []) : [];
    const own = policies.length === 0 ? NO_GUARDS : knownGuards(policies, port, gateways[side]!.engine);
    if (!own) return undefined;
    guards.push(guardsOfHosts(own, region.hosts));
  }
  const guarded = guards.some((g) => g.deny.length > 0 || g.allowing !== undefined);
  const products = routes.map((list, side) =>
    list.map((r): Product => ({ atoms: atomsOf(r.match, gateways[side]!.engine) })),
  );
  const guardLists = guarded ? guards.flatMap((g): (readonly GuardRule[])[] => [g.deny, g.allow]) : [];
  const answer = (side: 0 | 1, taken: readonly number[]): Route | undefined => {
    if (guarded) {
      const { deny, allowing } = guards[side]!;
      const [denied, allowed] = [taken[2 + 2 * side]!, taken[3 + 2 * side]!];
      if (denied >= 0) return refusal(deny[denied]!.policy, deny[denied]!.rule);
      if (allowing && allowed < 0) return refusal(allowing, undefined);
    }
    return routes[side][taken[side]!];
  };
  return {
    lists: [...products, ...guardLists],
    routes,
    guarded,
    answering: (taken) => [answer(0, taken), answer(1, taken)],
    originOf: (list, index) => (list < 2 ? routes[list]![index]!.origin : guardLists[list - 2]![index]!.rule.origin),
  };
}

const known = new WeakMap<readonly AuthorizationPolicy[], Map<string, Guards | undefined>>();

/** Every region of a chain has the same. */
function knownGuards(
  policies: readonly AuthorizationPolicy[],
  port: number,
  engine: EffectiveGateway['engine'],
): Guards | undefined {
  const key = `${port} ${engine}`;
  const ports = known.get(policies) ?? new Map<string, Guards | undefined>();
  known.set(policies, ports);
  if (!ports.has(key)) ports.set(key, guardsOf(policies, port, engine));
  return ports.get(key);
}

const isHttp = (r: Reception): r is HttpChain => typeof r === 'object' && r.kind === 'http';

const refusals = new WeakMap<AuthorizationPolicy | AuthorizationRule, Route>();

/** The answer of a policy, as a route (simulate/policies: 403, `RBAC: access denied`). */
function refusal(policy: AuthorizationPolicy, rule: AuthorizationRule | undefined): Route {
  const by = rule ?? policy;
  let route = refusals.get(by);
  if (!route) {
    route = {
      match: { headers: [], query: [] },
      action: { kind: 'direct-response', status: 403, body: 'RBAC: access denied' },
      origin: by.origin,
    };
    refusals.set(by, route);
  }
  return route;
}
