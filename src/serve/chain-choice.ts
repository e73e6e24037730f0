// The filter chain of a client's connection, chosen anew after a reload, with all that a decision needs beside the request.

import { type Connection, selectChain } from '../simulate/index.js';
import type { ActiveConfig, Arrival, ChainChoice, Runtime } from './runtime.js';

/** For a request that began with `config`. */
export function chainChoice(runtime: Runtime, config: ActiveConfig, arrival: Arrival): ChainChoice {
  if (arrival.chosen.config === config) return arrival.chosen;
  const { port, sni, source } = arrival;
  const transport = arrival.tls ? 'tls' : 'raw';
  const choice = choiceOf(runtime, config, selectChain(config.compiled, { port, transport, sni, source }));
  // A request that has waited for its token check since before a reload must not take the others back.
  if (config === runtime.config) arrival.chosen = choice;
  return choice;
}

export const choiceOf = (runtime: Runtime, config: ActiveConfig, connection: Connection): ChainChoice => ({
  config,
  context: { draw: runtime.draw, takeToken: runtime.takeToken, connection },
});
