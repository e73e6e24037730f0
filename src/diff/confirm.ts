// The simulator's word on a witness.

import type { EffectiveGateway, Route } from '../model/index.js';
import { type CompiledGateway, compile, type Decision, type DecisionContext, decide } from '../simulate/index.js';
import type { Witness } from '../space/index.js';

/** What a witness needs beside the request: the claims of a token that cannot be made without its key. */
export const contextOf = ({ claims }: Pick<Witness, 'claims'>): DecisionContext =>
  claims ? { token: { claims } } : {};

export const routeOf = (decision: Decision): Route | undefined => ('route' in decision ? decision.route : undefined);

/** For `reachability`: the route that answers a witness. */
export function confirmWith(gateway: EffectiveGateway, compiled: CompiledGateway = compile(gateway)) {
  return (witness: Witness): Route | undefined => routeOf(decide(compiled, witness.request, contextOf(witness)));
}
