// One text for equal values: keys sorted, origins left out. Two routes are structurally the same where their texts are.

import type { HttpChain, Route, VirtualHost } from '../model/index.js';

/** No part of the meaning. */
const LEFT_OUT = new Set([
  'origin',
  'matchOrigin',
  'bodyLimitOrigin',
  'chance',
  'escaped',
  'places',
  'shapedBy',
  'why',
]);

/** JSON with sorted keys, without origins and words, and without subsets that are the whole host. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (key, v: unknown) => {
    if (LEFT_OUT.has(key)) return undefined;
    if (typeof v !== 'object' || v === null || Array.isArray(v)) return v;
    const object = 'wholeHost' in v ? withoutSubset(v) : v;
    const entries = Object.entries(object);
    for (let i = 1; i < entries.length; i++)
      if (entries[i - 1]![0] > entries[i]![0]) return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
    return object;
  });
}

const withoutSubset = (to: object): object => ({ ...to, subset: undefined, wholeHost: undefined });

const routes = new WeakMap<Route, string>();

/** What a route matches and does; its name left out. */
export function routeText(route: Route): string {
  let text = routes.get(route);
  if (text === undefined) {
    const { name: _, ...rest } = route;
    text = canonicalText(rest);
    routes.set(route, text);
  }
  return text;
}

/** Two virtual hosts do the same, whatever their names and hosts. */
export const sameRoutes = (a: VirtualHost, b: VirtualHost): boolean =>
  a === b ||
  (a.routes.length === b.routes.length &&
    a.routes.every((route, i) => route === b.routes[i] || routeText(route) === routeText(b.routes[i]!)));

const policies = new WeakMap<HttpChain, string>();

/** What a chain asks before it routes. */
export function policiesText(chain: HttpChain): string {
  let text = policies.get(chain);
  if (text === undefined) {
    text = canonicalText(chain.policies ?? null);
    policies.set(chain, text);
  }
  return text;
}
