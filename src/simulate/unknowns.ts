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

function decidedAt(decision: Decision, request: GatewayRequest): DecidedAt {
  const { port } = request;
  const virtualHost = 'virtualHost' in decision ? decision.virtualHost : serverOf(decision, request);
  const route = 'route' in decision ? decision.route : chainOf(decision);
  return { port, ...(virtualHost ? { virtualHost } : {}), ...(route ? { route } : {}) };
}

/** Where bytes are forwarded or hung up on, the server name is what the connection was decided by. */
function serverOf({ kind }: Decision, { scheme, host, sni }: GatewayRequest): DecidedAt['virtualHost'] {
  if (kind !== 'l4' && kind !== 'closed') return undefined;
  const name = scheme === 'https' ? (sni === undefined ? host : (sni ?? '')) : '';
  return {
    domains: [name === '' ? { kind: 'any' } : { kind: 'exact', value: name.replace(/:\d+$/, '').toLowerCase() }],
  };
}

function chainOf(decision: Decision): DecidedAt['route'] {
  const origin = 'chain' in decision ? decision.chain?.origin : undefined;
  return origin && { origin, action: { kind: 'direct-response', status: 0 } };
}
