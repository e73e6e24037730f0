// What a new configuration of a gateway changes, as routes in words: which came, which went, which stand elsewhere in the order, and
// what is different in those that stayed.

import { type EffectiveGateway, hostPlaces, type Listener, type Route, type VirtualHost } from '../model/index.js';
import { canonicalText, routeText } from './canonical.js';
import { changedRules } from './changed.js';
import { actionWords, destinationWords, domainWords, matchWords } from './words.js';

export interface RouteChanges {
  /** `port 80 shop.example.com: path begins /cart → cart.default.svc.cluster.local:80`. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Routes with the same words that do something else: `… (timeout, request headers)`. */
  readonly changed: readonly string[];
  /** The same routes, tried in another order. */
  readonly moved: readonly string[];
  /** Something around the routes: policies, TLS, limits, what is not served as configured. */
  readonly around: boolean;
}

interface Line {
  readonly text: string;
  /** Absent: bytes are forwarded. */
  readonly route?: Route;
}

export function routeChanges(before: EffectiveGateway, after: EffectiveGateway): RouteChanges {
  const same = sameHosts(before, after);
  const [old, now] = [routeLines(before, same), routeLines(after, same)];
  const [gone, come] = changedRules(old.map(textOf), now.map(textOf));
  const left = byText([...gone].map((i) => old[i] as Line));
  const added: string[] = [];
  const moved: string[] = [];
  const pairs = stayed(old, gone, now, come);
  for (const i of come) {
    const line = now[i] as Line;
    const same = left.get(line.text)?.shift();
    if (same === undefined) added.push(line.text);
    else {
      moved.push(line.text);
      pairs.push([same, line]);
    }
  }
  return {
    added,
    removed: [...left.values()].flat().map(textOf),
    changed: pairs.flatMap(([was, is]) => changeOf(was, is)),
    moved,
    around: aroundRoutes(before) !== aroundRoutes(after),
  };
}

const textOf = ({ text }: Line): string => text;

function byText(lines: readonly Line[]): Map<string, Line[]> {
  const found = new Map<string, Line[]>();
  for (const line of lines) {
    const same = found.get(line.text);
    if (same === undefined) found.set(line.text, [line]);
    else same.push(line);
  }
  return found;
}

/** Lines on both sides in the same order. */
function stayed(
  old: readonly Line[],
  gone: ReadonlySet<number>,
  now: readonly Line[],
  come: ReadonlySet<number>,
): (readonly [Line, Line])[] {
  const kept = old.filter((_, i) => !gone.has(i));
  return now.filter((_, i) => !come.has(i)).map((line, i) => [kept[i] as Line, line]);
}

function changeOf({ route: was }: Line, { text, route: is }: Line): string[] {
  if (was === undefined || is === undefined || routeText(was) === routeText(is)) return [];
  const [before, after] = [partsOf(was), partsOf(is)];
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => canonicalText(before.get(name) ?? null) !== canonicalText(after.get(name) ?? null),
  );
  return [names.length === 0 ? text : `${text} (${names.join(', ')})`];
}

/** What a line of words leaves out of a route, by name. */
function partsOf({ action, requestHeaders, responseHeaders, cors, fault, conditions, maxRequestBytes }: Route) {
  const delivery = action.kind === 'forward' ? action.delivery : undefined;
  const { timeoutMs, idleTimeoutMs, connectTimeoutMs, retries, hash, balance, tls, limits, ejection, other } =
    delivery ?? {};
  return new Map<string, unknown>([
    ['request headers', requestHeaders],
    ['response headers', responseHeaders],
    ['CORS', cors],
    ['fault injection', fault],
    ['conditions', conditions],
    ['limit of request bodies', [maxRequestBytes, delivery?.maxRequestBytes]],
    ['timeout', [timeoutMs, idleTimeoutMs, connectTimeoutMs]],
    ['retries', retries],
    ['load balancing', [hash, balance]],
    ['TLS to the destination', tls],
    ['circuit breaker', limits],
    ['outlier detection', ejection],
    ['delivery', other],
    ['destination', action.kind === 'forward' ? [action.destinations, action.mirrors] : undefined],
    ['rewrite', action.kind === 'forward' ? action.rewrite : undefined],
    ['answer', action.kind === 'forward' ? undefined : action],
  ]);
}

/** All but the routes. */
function aroundRoutes({ listeners, closed, unsupported, intake }: EffectiveGateway): string {
  const shell = ({ filterChains, ...listener }: Listener) => ({
    ...listener,
    chains: filterChains.map((chain) =>
      chain.kind === 'http' ? { ...chain, virtualHosts: chain.virtualHosts.map(({ domains }) => domains) } : chain,
    ),
  });
  const notServed = unsupported.map(({ feature, detail }) => [feature, detail]);
  return canonicalText([listeners.map(shell), closed?.map(({ port, why }) => [port, why]), notServed, intake]);
}

/**
 * Virtual hosts that are the very same in both (a file changed that says nothing of them), in the same place and order: nothing of them
 * changed. None where they stand in another order.
 */
function sameHosts(before: EffectiveGateway, after: EffectiveGateway): ReadonlySet<VirtualHost> {
  const places = (gateway: EffectiveGateway) =>
    [...hostPlaces(gateway)].map(({ listener, chain, virtualHost }) => ({
      virtualHost,
      where: `${listener.port} ${chain.match.sni?.map(domainWords).join(', ') ?? '*'}`,
    }));
  const [old, now] = [places(before), places(after)];
  const [there, here] = [new Map(old.map((p) => [p.virtualHost, p.where])), new Set(now.map((p) => p.virtualHost))];
  const [kept, stayed] = [old.filter((p) => here.has(p.virtualHost)), now.filter((p) => there.has(p.virtualHost))];
  const isSame =
    kept.length === stayed.length &&
    kept.every((p, i) => p.virtualHost === stayed[i]!.virtualHost && p.where === stayed[i]!.where);
  return isSame ? new Set(kept.map((p) => p.virtualHost)) : new Set();
}

const routeLines = ({ listeners }: EffectiveGateway, leftOut: ReadonlySet<VirtualHost>): Line[] =>
  listeners.flatMap(({ port, filterChains }) =>
    filterChains.flatMap((chain): Line[] => {
      const names = chain.match.sni?.map(domainWords).join(', ') ?? '*';
      if (chain.kind === 'l4') return [{ text: `port ${port} ${names} → ${destinationWords(chain.destinations)}` }];
      return chain.virtualHosts.flatMap((virtualHost) => {
        if (leftOut.has(virtualHost)) return [];
        const { domains, routes } = virtualHost;
        return routes.map((route) => {
          const match = matchWords(route.match).join(', ') || 'anything';
          return {
            text: `port ${port} ${domains.map(domainWords).join(', ')}: ${match} → ${actionWords(route)}`,
            route,
          };
        });
      });
    }),
  );
