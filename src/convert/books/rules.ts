// What became of each rule of the source: written, left out (by which item), needless, or forgotten.

import type { WrittenRules } from '../../dialects/dialect.js';
import {
  type EffectiveGateway,
  greatest,
  type Origin,
  type Route,
  routePlaces,
  routesOf,
  showsOwnCertificate,
} from '../../model/index.js';
import type { Closed } from '../closed.js';
import { FEATURES } from '../features/index.js';
import type { LossItem } from '../item.js';

export interface RuleFate {
  readonly written: boolean;
  /** The item that says why it is left out, for some of its hosts or for all. */
  readonly leftOut?: LossItem;
  readonly needless: boolean;
  /** It is for connections that nothing is written for: those with the controller's own certificate. */
  readonly unserved: boolean;
  /** The item because of which another rule stands in its place. */
  readonly closed?: LossItem;
}

export interface RuleFates {
  /** Of a rule of the source. */
  readonly of: (route: Route) => RuleFate;
  /** The rules of the source that a writer's copy is made from. */
  readonly sourcesOf: (made: Route) => readonly Route[];
  /** Rules of which nobody said anything. */
  readonly forgotten: readonly Route[];
}

export function ruleFates(
  gateways: readonly EffectiveGateway[],
  { written, needless }: WrittenRules,
  items: readonly LossItem[],
  closed: Pick<Closed, 'rules'>,
): RuleFates {
  const copyOf = (route: Route): Route => closed.rules.get(route) ?? route;
  const originals = new Map([...closed.rules].map(([route, copy]) => [copy, route]));
  const originalOf = (route: Route): Route => originals.get(route) ?? route;
  /** As the writer was given them. */
  const all = new Set(gateways.flatMap(routesOf).map(copyOf));
  const byOrigin = new Map<Origin, Route[]>();
  for (const route of all) {
    const same = byOrigin.get(route.origin);
    if (same) same.push(route);
    else byOrigin.set(route.origin, [route]);
  }
  const sourcesOf = (made: Route): readonly Route[] => {
    if (all.has(made)) return [made];
    const from = (byOrigin.get(made.origin) ?? []).filter((route) => isCopy(made, route));
    // A copy may have more conditions: it is made from the rule with the most of its own.
    const most = greatest(
      from.map((r) => r.match.headers.length),
      0,
    );
    return from.filter((r) => r.match.headers.length === most);
  };
  const inOutput = new Set([...written].flatMap(sourcesOf));
  const unneeded = new Set([...needless].flatMap(sourcesOf));
  // Without a certificate no listener is written for their TLS, which the item says.
  const unserved = new Set<Route>();
  if (items.some(({ key }) => key === 'tls.default-certificate'))
    for (const { chain, route } of gateways.flatMap((g) => [...routePlaces(g)])) {
      if (chain.tls) unneeded.add(copyOf(route));
      if (showsOwnCertificate(chain)) unserved.add(copyOf(route));
    }
  const out = new Map<Route, LossItem>();
  for (const item of items)
    if (FEATURES[item.key].leavesOut)
      for (const route of (item.routes ?? []).flatMap(sourcesOf)) if (!out.has(route)) out.set(route, item);
  const because = new Map(
    items.flatMap((item) => (item.closed ? [...(item.instead?.keys() ?? [])].map((r) => [r, item] as const) : [])),
  );
  return {
    of: (source) => {
      const route = copyOf(source);
      const leftOut = out.get(route);
      const closed = because.get(source);
      return {
        written: inOutput.has(route),
        needless: unneeded.has(route),
        unserved: unserved.has(route),
        ...(leftOut ? { leftOut } : {}),
        ...(closed ? { closed } : {}),
      };
    },
    sourcesOf: (made) => sourcesOf(made).map(originalOf),
    forgotten: [...all].filter((r) => !inOutput.has(r) && !unneeded.has(r) && !out.has(r)).map(originalOf),
  };
}

const isCopy = (made: Route, route: Route): boolean =>
  made.matchOrigin === route.matchOrigin &&
  made.match.source === route.match.source &&
  route.match.headers.every((h) => made.match.headers.includes(h));
