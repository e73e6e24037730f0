// For every route of a gateway: a request that reaches it, or the proof that none does (the earlier routes that cover
// it), or why that cannot be decided.

import { type EffectiveGateway, type HttpChain, hostPlaces, type Route, type VirtualHost } from '../model/index.js';
import { TooLargeError } from '../regex/index.js';
import { atomsOf } from './atoms.js';
import { beginningOf } from './beginnings.js';
import type { Frame } from './dimension.js';
import type { Point } from './explore.js';
import type { HostClass } from './hosts.js';
import { type Cover, type Found, lookAtRules, type Rule } from './look-at-rules.js';
import { frameOf, type Region, walk } from './walk.js';
import { type Witness, witnessOf } from './witness.js';
import { newRun, type Run } from './work.js';

export type Reach =
  | { readonly status: 'reached'; readonly witness: Witness }
  | {
      readonly status: 'unreachable';
      /** `covered`: earlier routes take everything; `contradiction`: its own conditions exclude each other; `host`: no host chooses its virtual host; `connection`: no connection chooses its filter chain. */
      readonly because: 'covered' | 'contradiction' | 'host' | 'connection';
      readonly coveredBy: readonly Route[];
      /** Why `coveredBy` may not be all that it takes to cover the route; absent: it is. */
      readonly coverUndecided?: string;
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
  /** With `partly`: why there may be more such routes. */
  readonly shadowUndecided?: string;
}

export interface ReachabilityOptions {
  /** Also look for routes of which only a part can be reached. */
  readonly partly?: boolean;
  /** Asks the simulator: the route that answers the witness. A witness that it does not confirm makes the route undecided. */
  readonly confirm?: (witness: Witness) => Route | undefined;
  /** What may be spent, where several questions are one run; absent: a run of its own. */
  readonly run?: Run;
}

/** In the order of the model: ports, chains, virtual hosts, routes. */
export function reachability(gateway: EffectiveGateway, options: ReachabilityOptions = {}): RouteReach[] {
  const { connections, receive, regions } = walk([gateway]);
  const run = options.run ?? newRun();
  // Virtual hosts that ask for the same are looked at once.
  const known = new Map<string, readonly Found[]>();
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
      if (states.some((s) => s.witness === undefined))
        search(gateway, region, states, { run, known }, (point, host) =>
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
        ? conclude(state, route, virtualHost.routes, options)
        : { status: 'unreachable', because: found.has(chain) ? 'host' : 'connection', coveredBy: [] };
      const cover = options.partly && index > 0 && reach.status === 'reached' ? state?.cover?.() : undefined;
      out.push({ port, chain, virtualHost, route, index, reach, ...shadowOf(cover, virtualHost.routes) });
    });
  }
  return out;
}

interface RouteState {
  witness?: Witness;
  /** No region so far where its conditions agree with each other. */
  empty: boolean;
  reasons: string[];
  cover?: () => Cover & { readonly witness?: Witness };
}

function shadowOf(
  cover: ReturnType<NonNullable<RouteState['cover']>> | undefined,
  routes: readonly Route[],
): Pick<RouteReach, 'shadowedBy' | 'shadowUndecided'> {
  if (!cover) return {};
  return {
    ...(cover.by.length > 0
      ? { shadowedBy: { routes: cover.by.map((i) => routes[i]!), witness: cover.witness! } }
      : {}),
    ...(cover.reason === undefined ? {} : { shadowUndecided: cover.reason }),
  };
}

function conclude(state: RouteState, route: Route, routes: readonly Route[], { confirm }: ReachabilityOptions): Reach {
  if (state.witness) {
    if (confirm && confirm(state.witness) !== route)
      return { status: 'undecided', reason: `the simulator answers ${JSON.stringify(state.witness)} by another route` };
    return { status: 'reached', witness: state.witness };
  }
  if (state.reasons.length > 0) return { status: 'undecided', reason: state.reasons[0]! };
  if (state.empty) return { status: 'unreachable', because: 'contradiction', coveredBy: [] };
  const cover = state.cover?.();
  return {
    status: 'unreachable',
    because: 'covered',
    coveredBy: cover?.by.map((i) => routes[i]!) ?? [],
    ...(cover?.reason === undefined ? {} : { coverUndecided: cover.reason }),
  };
}

interface Shared {
  readonly run: Run;
  readonly known: Map<string, readonly Found[]>;
}

function search(
  gateway: EffectiveGateway,
  region: Region,
  states: RouteState[],
  { run, known }: Shared,
  witness: (point: Point, host: string) => Witness,
): void {
  const { routes } = region.virtualHosts[0]!;
  const rules = routes.map((r): Rule => ({ atoms: atomsOf(r.match, gateway.engine), beginning: beginningOf(r) }));
  const byHost = rules.some((p) => p.atoms.some((a) => a.dimension === 'host'));
  for (const host of byHost ? region.hosts : region.hosts.slice(0, 1)) {
    const frame = tryFrame(region, gateway, byHost ? host : undefined, states);
    if (!frame) continue;
    const at = { host: host.example, source: region.connection.example.source };
    const key =
      byHost || frame.source ? undefined : `${frame.scheme} ${at.source} ${JSON.stringify(rules.map((r) => r.atoms))}`;
    const found = (key === undefined ? undefined : known.get(key)) ?? lookAtRules(rules, frame, at, run);
    if (key !== undefined) known.set(key, found);
    states.forEach((state, i) => {
      const { point, empty, reason, cover } = found[i]!;
      if (point) state.witness ??= witness(point, host.example);
      else if (reason !== undefined) state.reasons.push(reason);
      if (!empty) state.empty = false;
      state.cover ??= () => {
        const { shown, ...rest } = cover();
        return { ...rest, ...(shown ? { witness: witness(shown, host.example) } : {}) };
      };
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
