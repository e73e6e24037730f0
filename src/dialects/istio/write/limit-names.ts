// Names of routes that an EnvoyFilter has to find: Istio gives Envoy's route the name of the rule of the VirtualService
// (translateRoute in pilot/pkg/networking/core/route/route.go, Istio source of 2026-08-22). Rules with the same limits share a name.

import { type EffectiveGateway, mapRoutes, type Route, routesOf } from '../../../model/index.js';
import { bodyLimitOf } from '../../body-limits.js';
import { rateLimitsOf } from '../../client-rate-limits.js';

/** Named after the Ingress whose limits they have: `shop-api`; `shop-api-2` where one object has several. */
export function withLimitNames(gateway: EffectiveGateway): EffectiveGateway {
  const names = new Map<string, string>();
  const named = (route: Route): Route => {
    const limits = rateLimitsOf(route);
    if (route.name !== undefined || (limits.length === 0 && bodyLimitOf(route) === undefined)) return route;
    const { resource } = route.origin;
    const base = `${resource.namespace}-${resource.name}`;
    const key = `${base} ${bodyLimitOf(route)} ${limits.map((l) => `${l.origin.resource.order} ${l.summary}`).join()}`;
    let name = names.get(key);
    if (name === undefined) {
      const taken = new Set(names.values());
      name = base;
      for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
      names.set(key, name);
    }
    return { ...route, name };
  };
  return mapRoutes(gateway, (routes) => routes.map(named));
}

/** Of each name, a route that has it. */
export function namedRoutes(gateway: EffectiveGateway): ReadonlyMap<string, Route> {
  const found = new Map<string, Route>();
  for (const route of routesOf(gateway))
    if (route.name !== undefined && !found.has(route.name)) found.set(route.name, route);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
