// What the two sides of a comparison do with the requests of one region, as ordered lists that are explored at once:
// the routes of both sides and, where there are any, what their authorization policies deny and allow.

import type { AuthorizationPolicy, AuthorizationRule, EffectiveGateway, HttpChain, Route } from '../model/index.js';
import {
  atomsOf,
  beginningOf,
  type GuardRule,
  type Guards,
  guardsOf,
  guardsOfHosts,
  indexBeginnings,
  type Product,
  type Reception,
  type Region,
} from '../space/index.js';
import { routeText } from './canonical.js';
import { changedRules } from './changed.js';

/** 0: before, 1: after. */
export type Side = 0 | 1;

/** The rules that answer one request, before and after; undefined: none. */
export type RoutePair = readonly [Route | undefined, Route | undefined];

export interface Sides {
  /** Of `explored` before and after, then for each side what is denied and what is allowed. */
  readonly lists: readonly (readonly Product[])[];
  /** All routes, before and after. */
  readonly routes: Lists;
  /** Those of them that can make a difference. */
  readonly explored: Lists;
  /** What each rule of `explored` matches and does. */
  readonly texts: readonly [readonly string[], readonly string[]];
  /** Rules of `explored` that the other side does not have in the same order. */
  readonly changed: readonly [ReadonlySet<number>, ReadonlySet<number>];
  /** Policies decide before the routes. */
  readonly guarded: boolean;
  /** Who answers, given the first rule of each list that takes a request; a refusal is a route that answers 403. */
  answering(taken: readonly number[]): RoutePair;
  /** Where a rule of one of the lists comes from. */
  originOf(list: number, index: number): Route['origin'];
}

type Lists = readonly [readonly Route[], readonly Route[]];

const NO_GUARDS: Guards = { deny: [], allow: [], allowing: undefined };

/** undefined: the policies have more alternatives than can be multiplied out. */
export function sidesOf(region: Region, gateways: readonly EffectiveGateway[]): Sides | undefined {
  const guards = region.connection.receptions.map((_, side) => guardsAt(region, side as Side, gateways[side]!));
  if (!guards.every((g) => g !== undefined)) return undefined;
  const guarded = guards.some((g) => g.deny.length > 0 || g.allowing !== undefined);
  const routes = region.virtualHosts.map((v) => v?.routes ?? []) as unknown as Lists;
  // Policies decide before routes do, so that where they are, all requests are looked at.
  const explored = guarded ? routes : besideChanges(routes);
  const texts = textsOf(explored);
  const products = explored.map((list, side) =>
    list.map((r): Product => ({ atoms: atomsOf(r.match, gateways[side]!.engine) })),
  );
  const guardLists = guarded ? guards.flatMap((g): (readonly GuardRule[])[] => [g.deny, g.allow]) : [];
  const answer = (side: Side, taken: readonly number[]): Route | undefined => {
    if (guarded) {
      const { deny, allowing } = guards[side]!;
      const [denied, allowed] = [taken[2 + 2 * side]!, taken[3 + 2 * side]!];
      if (denied >= 0) return refusal(deny[denied]!.policy, deny[denied]!.rule);
      if (allowing && allowed < 0) return refusal(allowing, undefined);
    }
    return explored[side][taken[side]!];
  };
  return {
    lists: [...products, ...guardLists],
    routes,
    explored,
    texts,
    changed: changedRules(...texts),
    guarded,
    answering: (taken) => [answer(0, taken), answer(1, taken)],
    originOf: (list, index) => (list < 2 ? explored[list]![index]!.origin : guardLists[list - 2]![index]!.rule.origin),
  };
}

const textsOf = ([before, after]: Lists) => [before.map(routeText), after.map(routeText)] as const;

/**
 * The changed rules, and those that may share a path with one of them. All others take requests that no changed rule matches: the
 * same rule of the rest, which both sides have in the same order, answers them.
 */
function besideChanges(routes: Lists): Lists {
  const changed = changedRules(...textsOf(routes));
  const beginnings = new Set(routes.flatMap((list, side) => [...changed[side]!].map((i) => beginningOf(list[i]!))));
  if (beginnings.has('')) return routes;
  return routes.map((list) => {
    const { places, near } = indexBeginnings(list.map(beginningOf));
    const kept = new Set<number>();
    const met = new Set<string>();
    for (const beginning of beginnings)
      for (const text of near(beginning)) {
        if (met.has(text)) continue;
        met.add(text);
        for (const i of places.get(text)!) kept.add(i);
      }
    return list.filter((_, i) => kept.has(i));
  }) as unknown as Lists;
}

/** undefined: too many alternatives. */
function guardsAt(region: Region, side: Side, { engine }: EffectiveGateway): Guards | undefined {
  const reception = region.connection.receptions[side]!;
  const policies = isHttp(reception) ? (reception.policies?.authorization ?? []) : [];
  const own = policies.length === 0 ? NO_GUARDS : knownGuards(policies, region.connection.example.port, engine);
  return own && guardsOfHosts(own, region.hosts);
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
