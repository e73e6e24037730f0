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
export const canonicalText = (value: unknown): string => textOf(value) ?? 'null';

/** Written by hand: with a replacer, JSON.stringify was a tenth of a comparison. undefined: JSON has nothing for it. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value)
      ? `[${value.map((v) => textOf(v) ?? 'null').join()}]`
      : textOfObject('wholeHost' in value ? withoutSubset(value) : value);
  return JSON.stringify(value);
}

function textOfObject(object: object): string {
  const entries = Object.entries(object);
  for (let i = 1; i < entries.length; i++)
    if (entries[i - 1]![0] > entries[i]![0]) {
      entries.sort(([a], [b]) => (a < b ? -1 : 1));
      break;
    }
  const fields: string[] = [];
  for (const [key, value] of entries) {
    const field = LEFT_OUT.has(key) ? undefined : textOf(value);
    if (field !== undefined) fields.push(`${quoted(key)}:${field}`);
  }
  // Joined, not added up: a text of added parts keeps all of them.
  return `{${fields.join()}}`;
}

/** Names of fields are few and come again and again. */
const names = new Map<string, string>();
const MOST_NAMES = 10_000;

function quoted(name: string): string {
  let text = names.get(name);
  if (text === undefined) {
    if (names.size >= MOST_NAMES) names.clear();
    names.set(name, (text = JSON.stringify(name)));
  }
  return text;
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
