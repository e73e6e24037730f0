// A request as the connection hands it on: for whatever is looked at before the decision.

import type { GatewayRequest } from '../model/index.js';
import type { CompiledGateway } from './compile.js';

/** Without the headers that belong to the hop (`EngineRules.receive`), by lower-case names; the same request where there are none. */
export function asReceived({ engine }: Pick<CompiledGateway, 'engine'>, request: GatewayRequest): GatewayRequest {
  if (!engine.receive || !Object.keys(request.headers ?? {}).some((name) => /^connection$/i.test(name))) return request;
  const headers = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(request.headers ?? {})) {
    const name = key.toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), ...[value].flat().map(String)]);
  }
  engine.receive(headers);
  return { ...request, headers: Object.fromEntries(headers) };
}
