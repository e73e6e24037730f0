// From a request to the connection that it comes on, and to what has to be done before it is decided.

import type { GatewayRequest, JwtRule } from '../model/index.js';
import { type CompiledGateway, type Connection, selectChain } from './compile.js';
import type { EngineRules } from './engines/engine-rules.js';

/** The connection that a request comes on: without `sni` the name of its host. */
export const connectionOf = (request: GatewayRequest, engine: EngineRules) => ({
  port: request.port,
  transport: request.scheme === 'https' ? ('tls' as const) : ('raw' as const),
  sni: request.scheme === 'https' ? (request.sni === undefined ? engine.hostName(request.host) : request.sni) : null,
  ...(request.clientCertificate === undefined ? {} : { clientCertificate: request.clientCertificate }),
  ...(request.source === undefined ? {} : { source: request.source }),
});

/** Rules for the tokens of a request: where there are some, `verifyTokens` of src/tokens makes `context.token` before the decision. */
export function jwtRulesFor(compiled: CompiledGateway, request: GatewayRequest, open?: Connection): readonly JwtRule[] {
  const connection = open ?? selectChain(compiled, connectionOf(request, compiled.engine));
  return (connection.kind === 'http' && connection.chain.policies?.authentication) || NO_RULES;
}
const NO_RULES: readonly JwtRule[] = [];
