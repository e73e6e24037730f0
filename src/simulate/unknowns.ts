// What can change one decision and is not predicted: the unknowns of the gateway that reach it, and the conditions of its route.

import type { DecidedAt, EffectiveGateway, GatewayRequest, Locate, UnknownInfluence } from '../model/index.js';
import { influenceOf, influencesAt } from '../model/index.js';
import type { Decision } from './decision.js';

/** In the order of the gateway's list, then of the route's. */
export const unknownsOfDecision = (
  decision: Decision,
  request: GatewayRequest,
  gateway: Pick<EffectiveGateway, 'unsupported'> = { unsupported: [] },
  locate: Locate,
): UnknownInfluence[] => influencesAt(gateway, decidedAt(decision, request)).map((u) => influenceOf(u, locate));

function decidedAt(decision: Decision, { port }: GatewayRequest): DecidedAt {
  const virtualHost = 'virtualHost' in decision ? decision.virtualHost : undefined;
  const route = 'route' in decision ? decision.route : undefined;
  return { port, ...(virtualHost ? { virtualHost } : {}), ...(route ? { route } : {}) };
}
