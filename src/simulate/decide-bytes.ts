// Decides about a connection whose bytes are forwarded: policies, then one of the destinations.

import type { GatewayRequest } from '../model/index.js';
import { isDestination } from './action.js';
import type { BytesConnection } from './compile.js';
import { connectionOf } from './connection-of.js';
import type { Bytes, DecisionContext, NoAnswer } from './decision.js';
import type { EngineRules } from './engines/engine-rules.js';
import { pick } from './pick.js';
import { refuseConnection } from './policies/index.js';
import { splitOfBytes } from './split.js';

export function decideBytes(
  connection: BytesConnection,
  request: GatewayRequest,
  engine: EngineRules,
  context: DecisionContext,
): Bytes | NoAnswer {
  const { listener, chain, choices } = connection;
  if (chain.policies) {
    const { port, sni, source } = connectionOf(request, engine);
    const refused = refuseConnection(chain.policies, { port, sni: sni ?? '', source: source ?? '127.0.0.1' });
    if (refused)
      return { kind: 'closed', cause: 'policy', listener, chain, detail: refused.detail, decidedBy: refused.origin };
  }
  const choice = pick(choices.choices, choices.total, context);
  if (!choice) return { kind: 'closed', cause: 'no-l4-destination', listener, chain };
  const { to } = choice.destination;
  const split = choices.choices.length > 1 ? splitOfBytes(choices) : undefined;
  if (!isDestination(to)) return { kind: 'closed', cause: 'missing-destination', listener, chain };
  if (to.missing)
    return { kind: 'closed', cause: 'missing-destination', listener, chain, ...(to.why && { detail: to.why }) };
  return {
    kind: 'l4',
    // No server name chooses a chain for bytes without TLS.
    l4: request.scheme === 'http' ? 'tcp' : chain.l4,
    listener,
    chain,
    destination: to,
    chosen: choice.destination,
    ...(split ? { split } : {}),
  };
}
