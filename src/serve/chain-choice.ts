// The filter chain of a client's connection, chosen anew after a reload, with all that a decision needs beside the request.

import { type Connection, type decide, selectChain } from '../simulate/index.js';
import type { ActiveConfig, Arrival, Runtime } from './runtime.js';

/** What every decision about a request on one connection is given. */
export type ChainContext = NonNullable<Parameters<typeof decide>[2]> & { readonly connection: Connection };

export interface ChainChoice {
  readonly config: ActiveConfig;
  readonly context: ChainContext;
}

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
