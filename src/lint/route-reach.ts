// What the algebra says of the routes that could be unreachable, asked once for all rules that want to know.

import type { EffectiveGateway, Route } from '../model/index.js';
import { newRun, type RouteReach, reachability } from '../space/index.js';
import { suspectRoutes } from './suspect-routes.js';

export interface GatewayReach {
  readonly gateway: EffectiveGateway;
  readonly routes: readonly RouteReach[];
}

export interface SuspectReach {
  readonly gateways: readonly GatewayReach[];
  /** Routes that need no look: nothing before them could take all that they match. */
  readonly others: readonly (readonly Route[])[];
}

const known = new WeakMap<readonly EffectiveGateway[], SuspectReach>();

export function suspectReach(gateways: readonly EffectiveGateway[]): SuspectReach {
  let found = known.get(gateways);
  if (!found) {
    const run = newRun();
    const others: (readonly Route[])[] = [];
    const looked = gateways.flatMap((gateway): GatewayReach[] => {
      const suspect = suspectRoutes(gateway, (routes) => others.push(routes));
      return suspect ? [{ gateway, routes: reachability(suspect, { run }) }] : [];
    });
    found = { gateways: looked, others };
    known.set(gateways, found);
  }
  return found;
}
