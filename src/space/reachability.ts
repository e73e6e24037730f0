// For every route of a gateway: a request that reaches it, or the proof that none does (the earlier routes that cover
// it), or why that cannot be decided.

import { type EffectiveGateway, type HttpChain, hostPlaces, type Route, type VirtualHost } from '../model/index.js';
import { literalPrefix, TooLargeError } from '../regex/index.js';
import { atomsOf } from './atoms.js';
import { explore, type Frame, type Point, type Product } from './explore.js';
import type { HostClass } from './hosts.js';
import { frameOf, type Region, walk } from './walk.js';
import { type Witness, witnessOf } from './witness.js';

export type Reach =
  | { readonly status: 'reached'; readonly witness: Witness }
  | {
      readonly status: 'unreachable';
      /** `covered`: earlier routes take everything; `contradiction`: its own conditions exclude each other; `host`: no host chooses its virtual host; `connection`: no connection chooses its filter chain. */
      readonly because: 'covered' | 'contradiction' | 'host' | 'connection';
      readonly coveredBy: readonly Route[];
    }
  | { readonly status: 'undecided'; readonly reason: string };

export interface RouteReach {
  readonly port: number;
  readonly chain: HttpChain;
  readonly virtualHost: VirtualHost;
  readonly route: Route;
  /** Position in the virtual host. */
  readonly index: number;
  readonly reach: Reach;
  /** With `partly`: earlier routes that take some of what this one matches, and a request that shows it. */
  readonly shadowedBy?: { readonly routes: readonly Route[]; readonly witness: Witness };
}

export interface ReachabilityOptions {
  /** Also look for routes of which only a part can be reached. */
  readonly partly?: boolean;
  /** Asks the simulator: the route that answers the witness. A witness that it does not confirm makes the route undecided. */
  readonly confirm?: (witness: Witness) => Route | undefined;
}

/** In the order of the model: ports, chains, virtual hosts, routes. */
export function reachability(gateway: EffectiveGateway, options: ReachabilityOptions = {}): RouteReach[] {
  const { connections, receive, regions } = walk([gateway]);
  // Through every connection and host class that leads to it; the first that reaches a route is its witness.
  const found = new Map<HttpChain, Map<VirtualHost, RouteState[]>>();
  for (const connection of connections) {
    const chain = connection.receptions[0]!;
    if (typeof chain !== 'object' || chain.kind !== 'http') continue;
    const hosts = found.get(chain) ?? new Map<VirtualHost, RouteState[]>();
    found.set(chain, hosts);
    for (const region of regions(connection)) {
      const virtualHost = region.virtualHosts[0];
      if (!virtualHost) continue;
      const states = hosts.get(virtualHost) ?? virtualHost.routes.map((): RouteState => ({ empty: true, reasons: [] }));
      hosts.set(virtualHost, states);
      search(gateway, region, states, (point, host) =>
        witnessOf(point, { gateway, connection: connection.example, receive, host }),
      );
    }
  }
  const out: RouteReach[] = [];
  for (const {
    listener: { port },
    chain,
    virtualHost,
  } of hostPlaces(gateway)) {
    const states = found.get(chain)?.get(virtualHost);
    virtualHost.routes.forEach((route, index) => {
      const state = states?.[index];
      const reach: Reach = state
        ? conclude(state, route, index, options)
        : { status: 'unreachable', because: found.has(chain) ? 'host' : 'connection', coveredBy: [] };
      const shadow = options.partly ? state?.cover?.() : undefined;
      out.push({
        port,
        chain,
        virtualHost,
        route,
        index,
        reach,
        ...(shadow && reach.status === 'reached' && shadow.routes.length > 0
          ? { shadowedBy: { routes: shadow.routes, witness: shadow.witness! } }
          : {}),
      });
    });
  }
  return out;
}

interface Cover {
  readonly routes: readonly Route[];
  readonly witness?: Witness;
}

interface RouteState {
  witness?: Witness;
  /** No region so far where its conditions agree with each other. */
  empty: boolean;
  reasons: string[];
  /** Proven alone, where all routes at once were too many. */
  covered?: boolean;
  cover?: () => Cover;
}

function conclude(state: RouteState, route: Route, index: number, { confirm }: ReachabilityOptions): Reach {
  if (state.witness) {
    if (confirm && confirm(state.witness) !== route)
      return { status: 'undecided', reason: `the simulator answers ${JSON.stringify(state.witness)} by another route` };
    return { status: 'reached', witness: state.witness };
  }
  if (state.reasons.length > 0) return { status: 'undecided', reason: state.reasons[0]! };
  if (state.empty) return { status: 'unreachable', because: 'contradiction', coveredBy: [] };
  return { status: 'unreachable', because: 'covered', coveredBy: index === 0 ? [] : (state.cover?.().routes ?? []) };
}

function search(
  gateway: EffectiveGateway,
  region: Region,
  states: RouteState[],
  witness: (point: Point, host: string) => Witness,
): void {
  const routes = region.virtualHosts[0]!.routes;
  const products = routes.map((r): Product => ({ atoms: atomsOf(r.match, gateway.engine) }));
  const byHost = products.some((p) => p.atoms.some((a) => a.dimension === 'host'));
  for (const host of byHost ? region.hosts : region.hosts.slice(0, 1)) {
    const frame = tryFrame(region, gateway, byHost ? host : undefined, states);
    if (!frame) continue;
    const result = explore([products], frame, {
      wanted: (_, i) => states[i]!.witness === undefined,
      skip: ([list]) => list!.every((i) => states[i]!.witness !== undefined),
      onLeaf([taken], point, drop) {
        if (taken! < 0 || states[taken!]!.witness) return false;
        states[taken!]!.witness = witness(point(), host.example);
        drop(0, taken!);
        return false;
      },
    });
    // Where all at once was too much, one rule alone against the earlier ones that share a beginning may not be.
    const alone = (i: number): void => {
      const beginning = beginningOf(routes[i]!);
      const earlier = products.filter((_, k) => k < i && compatible(beginningOf(routes[k]!), beginning));
      const part = explore([[...earlier, products[i]!]], frame, {
        wanted: (_, k) => k === earlier.length,
        onLeaf([taken], point) {
          if (taken !== earlier.length) return false;
          states[i]!.witness = witness(point(), host.example);
          return true;
        },
      });
      if (part.complete) states[i]!.covered = true;
    };
    states.forEach((state, i) => {
      if (!result.complete && !state.witness && !result.unknown[0]!.has(i)) alone(i);
      const unknown = result.unknown[0]!.get(i);
      if (unknown !== undefined) state.reasons.push(unknown);
      else if (!result.complete && !state.witness && !state.covered) state.reasons.push(result.reason!);
      if (!result.empty[0]!.has(i)) state.empty = false;
      state.cover ??= () => coverOf(routes, products, i, frame, (point) => witness(point, host.example));
    });
  }
}

function tryFrame(
  region: Region,
  gateway: EffectiveGateway,
  host: HostClass | undefined,
  states: readonly RouteState[],
): Frame | undefined {
  try {
    return frameOf(region, [gateway.engine], host);
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    for (const state of states) state.reasons.push(`the hosts have ${error.message}`);
    return undefined;
  }
}

/** The earlier routes that take requests which route `index` matches, and one such request. */
function coverOf(
  routes: readonly Route[],
  products: readonly Product[],
  index: number,
  frame: Frame,
  witness: (point: Point) => Witness,
): Cover {
  const beginning = beginningOf(routes[index]!);
  const earlier = routes.slice(0, index).flatMap((r, i) => (compatible(beginningOf(r), beginning) ? [i] : []));
  const taking = new Set<number>();
  let shown: Witness | undefined;
  explore([earlier.map((i) => products[i]!), [products[index]!]], frame, {
    wanted: (side) => side === 1,
    skip: ([first, own]) => own!.length === 0 || (first!.length > 0 && first!.every((i) => taking.has(i))),
    onLeaf([first, own], point) {
      if (own === 0 && first! >= 0) {
        taking.add(first!);
        shown ??= witness(point());
      }
      return false;
    },
  });
  const covering = [...taking].sort((a, b) => a - b).map((i) => routes[earlier[i]!]!);
  return { routes: covering, ...(shown ? { witness: shown } : {}) };
}

const compatible = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

const beginnings = new WeakMap<Route, string>();

function beginningOf(route: Route): string {
  let beginning = beginnings.get(route);
  if (beginning === undefined) {
    const path = route.match.path;
    if (!path || path.kind === 'any' || path.kind === 'suffix' || path.kind === 'contains') beginning = '';
    else if (path.kind === 'regex') beginning = literalPrefix(path.pattern).prefix;
    else beginning = path.ignoreCase ? '' : path.value;
    beginnings.set(route, beginning);
  }
  return beginning;
}
