// Where does this request go, and why?

import { missingGateways } from '../dialects/parents.js';
import type { GatewayRequest, SimulationResult } from '../model/index.js';
import { requestFromUrl } from '../requests/from-url.js';
import { type LoadedConfig, requireReadable } from './load.js';
import { type SimulatorOptions, simulatorOf } from './simulator.js';

export interface SimulateOptions extends Partial<SimulatorOptions> {}

/**
 * The answer to one request; a text is a URL to GET. Without `now` the tokens of a request are checked against the clock.
 * Rejects with CannotRunError where the gateway that the request means is not in the configuration, and for what is no URL.
 */
export async function simulate(
  config: LoadedConfig,
  request: GatewayRequest | string,
  options: SimulateOptions = {},
): Promise<SimulationResult> {
  requireReadable(config.sources);
  const asked = typeof request === 'string' ? requestFromUrl(request) : request;
  return simulatorOf(config.gateways, {
    now: Date.now(),
    missing: () => missingGateways(config.catalog),
    notes: config.notes,
    ...options,
  }).answer(asked);
}
