// One request, asked of the simulator as `meshgw simulate` asks it.

import type { GatewayRequest } from '../model/index.js';
import { asReceived, compiledOf, explain, gatewayFor, hintFor, jwtRulesFor, toResult } from '../simulate/index.js';
import { verifyTokens } from '../tokens/index.js';
import type { Answered } from './answer.js';
import type { Revived } from './revive.js';

/** `gateway`: its id; where there is none of it, the gateway that knows the host is asked. Undefined: there is no gateway at all. */
export async function ask(
  { gateways, locate }: Revived,
  asked: GatewayRequest,
  gateway: string,
  claims: Readonly<Record<string, unknown>> | undefined,
): Promise<(Answered & { readonly gateway: string }) | undefined> {
  const chosen = gateways.find((g) => g.id === gateway) ?? gatewayFor(asked, gateways);
  if (!chosen) return undefined;
  const request = { ...asked, gateway: chosen.id };
  const ready = compiledOf(chosen);
  const now = Date.now();
  const rules = jwtRulesFor(ready, request);
  const token = claims
    ? { claims }
    : rules.length > 0
      ? await verifyTokens(rules, asReceived(ready, request), now)
      : undefined;
  const { decision, trace } = explain(ready, request, { now, ...(token ? { token } : {}), locate });
  const answered = toResult(decision, request, { locate, trace, gateway: chosen, sessionCookies: true });
  const hint = hintFor(answered, request, chosen, { gateways });
  return { result: hint === undefined ? answered : { ...answered, hint }, trace, claims, gateway: chosen.id };
}
