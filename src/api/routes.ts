// The effective routes, in the order in which they are tried.

import { routeTable } from '../diff/index.js';
import type { RouteTable } from '../model/index.js';
import { locate } from '../sources/index.js';
import { chooseGateway } from './choose-gateway.js';
import { type LoadedConfig, requireReadable } from './load.js';

/** Of all gateways, or of the one called `gateway`. Throws CannotRunError where there is none of that name. */
export function routes(config: LoadedConfig, gateway?: string): RouteTable {
  requireReadable(config.sources);
  const chosen = gateway === undefined ? config.gateways : [chooseGateway(config.gateways, gateway)];
  return routeTable(chosen, { locate });
}
