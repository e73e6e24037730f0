// Where authorization policies stand before the routes: for each route a request that the policies accept and that
// reaches it, or the proof that there is none. Routes, what is denied and what is allowed are explored at once
// (space/guards.ts).

import { chainPlaces, type EffectiveGateway, type HttpChain, type Route } from '../model/index.js';
import { TooLargeError } from '../regex/index.js';
import {
  atomsOf,
  explore,
  frameOf,
  type Guards,
  guardsOf,
  type HostClass,
  type Product,
  type Region,
  type Run,
  type Visitor,
  type Walk,
  type Witness,
  walk,
  withWork,
  witnessOf,
} from '../space/index.js';

export interface Admission {
  readonly witness?: Witness;
  /** Why it is not known whether there is a request; absent without a witness: there is none. */
  readonly unknown?: string;
}

/** Of each route behind policies, by chain: a route may stand in several. */
export type Admissions = ReadonlyMap<HttpChain, ReadonlyMap<Route, Admission>>;

type Found = Map<Route, { witness?: Witness; unknown?: string }>;

/** `run`: what may be spent. */
export function admissionsOf(gateway: EffectiveGateway, run: Run): Admissions {
  const out = new Map<HttpChain, Found>();
  const guarded = (chain: unknown): chain is HttpChain =>
    typeof chain === 'object' && (chain as HttpChain).kind === 'http' && hasAuthorization(chain as HttpChain);
  if (![...chainPlaces(gateway)].some(({ chain }) => guarded(chain))) return out;
  const all = walk([gateway]);
  for (const connection of all.connections) {
    const chain = connection.receptions[0];
    if (!guarded(chain)) continue;
    const found: Found = out.get(chain) ?? new Map();
    out.set(chain, found);
    const guards = guardsOf(chain.policies!.authorization, connection.example.port, gateway.engine);
    for (const region of all.regions(connection)) search(region, { gateway, receive: all.receive, guards, found }, run);
  }
  return out;
}

const hasAuthorization = ({ policies }: HttpChain): boolean => (policies?.authorization.length ?? 0) > 0;

interface Guarded {
  readonly gateway: EffectiveGateway;
  readonly receive: Walk['receive'];
  /** Undefined: they have too many alternatives. */
  readonly guards: Guards | undefined;
  readonly found: Found;
}

/** Adds to `found` what can be said of the routes of one region. */
function search(region: Region, { gateway, receive, guards, found }: Guarded, run: Run): void {
  const routes = region.virtualHosts[0]?.routes ?? [];
  const states = routes.map((route) => {
    const state = found.get(route) ?? {};
    found.set(route, state);
    return state;
  });
  const leaveOpen = (reason: string) => {
    for (const state of states) state.unknown ??= reason;
  };
  if (!guards) {
    leaveOpen('its policies have too many alternatives');
    return;
  }
  let open = states.filter((s) => s.witness === undefined).length;
  const products = routes.map((r): Product => ({ atoms: atomsOf(r.match, gateway.engine) }));
  const lists = [products, guards.deny, guards.allow];
  const byHost = lists.some((list) => list.some((p) => p.atoms.some((a) => a.dimension === 'host')));
  const lets = (denied: number, allowed: number) => denied < 0 && (guards.allowing === undefined || allowed >= 0);
  const within = (host: HostClass): void => {
    const frame = frameOf(region, [gateway.engine], byHost ? host : undefined);
    const visitor: Visitor = {
      onLeaf([taken, denied, allowed], point) {
        const state = states[taken!];
        if (state && !state.witness && lets(denied!, allowed!)) {
          open--;
          state.witness = witnessOf(point(), {
            gateway,
            connection: region.connection.example,
            receive,
            host: host.example,
          });
        }
        return open === 0;
      },
    };
    const rules = lists.reduce((n, list) => n + list.length, 0);
    const result = withWork(run, rules, (work) => explore(lists, frame, visitor, work));
    const reason = result.reason ?? result.unknown.flatMap((m) => [...m.values()])[0];
    if (reason !== undefined) leaveOpen(reason);
  };
  for (const host of byHost ? region.hosts : region.hosts.slice(0, 1))
    try {
      within(host);
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      leaveOpen(error.message);
    }
}
