// The gateways of a configuration, ready to answer: each is compiled when it is first asked.

import type { EffectiveGateway, GatewayRequest, SimulationResult } from '../model/index.js';
import { type CompiledGateway, compile, decide, explain, seededDraw, toResult } from '../simulate/index.js';
import { locate } from '../sources/index.js';
import { chooseGateway } from './choose-gateway.js';

export interface SimulatorOptions {
  /** For requests that name no gateway. */
  readonly gateway?: string;
  readonly seed: number;
  readonly trace?: boolean;
  /** The time for requests that name none, ms since the epoch. */
  readonly now: number;
}

export interface Simulator {
  answer(request: GatewayRequest): SimulationResult;
  gatewayOf(request: GatewayRequest): EffectiveGateway;
}

/** Throws CannotRunError where the gateway that a request means is not in the files. */
export function simulatorOf(gateways: readonly EffectiveGateway[], options: SimulatorOptions): Simulator {
  const compiled = new Map<EffectiveGateway, CompiledGateway>();
  const gatewayOf = (request: GatewayRequest) => chooseGateway(gateways, request.gateway ?? options.gateway);
  return {
    gatewayOf,
    answer(request) {
      const gateway = gatewayOf(request);
      let ready = compiled.get(gateway);
      if (!ready) compiled.set(gateway, (ready = compile(gateway)));
      // Each request draws from the start of the seed's stream: its answer does not depend on its neighbours.
      const context = { draw: seededDraw(options.seed), now: request.now ? Date.parse(request.now) : options.now };
      if (!options.trace) return toResult(decide(ready, request, context), request, { locate });
      const { decision, trace } = explain(ready, request, { ...context, locate });
      return toResult(decision, request, { locate, trace });
    },
  };
}
