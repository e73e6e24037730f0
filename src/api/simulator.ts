// The gateways of a configuration, ready to answer.

import type { AssumedGateway, ReadNote } from '../dialects/dialect.js';
import type { EffectiveGateway, GatewayRequest, JwtRule, SimulationResult, TokenOutcome } from '../model/index.js';
import {
  asReceived,
  compiledOf,
  type Decision,
  type Draw,
  decide,
  explain,
  hintFor,
  jwtRulesFor,
  seededDraw,
  toResult,
} from '../simulate/index.js';
import { locate } from '../sources/index.js';
import { chooseGateway } from './choose-gateway.js';
import { leftOutHint } from './left-out-hint.js';

export interface SimulatorOptions {
  /** For requests that name no gateway. */
  readonly gateway?: string;
  /** Of random choices; absent: the likeliest outcome. */
  readonly seed?: number | undefined;
  readonly trace?: boolean;
  /** Gateways that routes name and the files do not hold (dialects/parents.ts): for the hint. Default: none. */
  readonly missing?: () => readonly AssumedGateway[];
  /** What the readers left out: for the hint. Default: nothing. */
  readonly notes?: readonly ReadNote[];
  /** The time for requests that name none, ms since the epoch. */
  readonly now: number;
}

export interface Simulated {
  readonly result: SimulationResult;
  readonly decision: Decision;
}

export interface Simulator {
  answer(request: GatewayRequest): Promise<SimulationResult>;
  /** The answer and the decision behind it. `draw`: in place of the seed's. */
  simulate(request: GatewayRequest, draw?: Draw): Promise<Simulated>;
  gatewayOf(request: GatewayRequest): EffectiveGateway;
}

/** Throws CannotRunError where the gateway that a request means is not in the files. */
export function simulatorOf(gateways: readonly EffectiveGateway[], options: SimulatorOptions): Simulator {
  const gatewayOf = (request: GatewayRequest) => chooseGateway(gateways, request.gateway ?? options.gateway);
  const simulate = async (request: GatewayRequest, draw?: Draw): Promise<Simulated> => {
    const ready = compiledOf(gatewayOf(request));
    const now = request.now ? Date.parse(request.now) : options.now;
    const rules = jwtRulesFor(ready, request);
    const token = rules.length > 0 ? await checkTokens(rules, asReceived(ready, request), now) : undefined;
    const context = {
      // Each request draws from the start of the seed's stream: its answer does not depend on its neighbours.
      ...(draw ? { draw } : options.seed === undefined ? {} : { draw: seededDraw(options.seed) }),
      ...(token ? { token } : {}),
      now,
    };
    const { decision, trace } = options.trace
      ? explain(ready, request, { ...context, locate })
      : { decision: decide(ready, request, context), trace: undefined };
    const { gateway } = ready;
    const result = toResult(decision, request, { locate, gateway, sessionCookies: true, ...(trace ? { trace } : {}) });
    const hint =
      leftOutHint(result, request, options.notes ?? []) ??
      hintFor(result, request, gateway, { gateways, missing: options.missing });
    return { decision, result: { gateway: gateway.id, ...result, ...(hint === undefined ? {} : { hint }) } };
  };
  return { gatewayOf, simulate, answer: async (request) => (await simulate(request)).result };
}

/** Loads the library only where a gateway checks tokens. */
async function checkTokens(rules: readonly JwtRule[], request: GatewayRequest, now: number): Promise<TokenOutcome> {
  const { verifyTokens } = await import('../tokens/index.js');
  return verifyTokens(rules, request, now);
}
