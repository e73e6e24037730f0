// A route object with what became of it.

import type { AttachedRoute } from './attachment.js';
import type { ConfigError } from './config-error.js';
import type { L4Rule } from './l4-rule.js';
import type { GatewayListener } from './listener.js';
import type { RankedRoute } from './ranked-route.js';

export interface SurveyedRoute extends AttachedRoute {
  /** Listeners that take it, of Gateways that are programmed. */
  readonly accepted: readonly GatewayListener[];
  /** Of HTTPRoute and GRPCRoute; empty where an error costs the whole route. */
  readonly routes: readonly RankedRoute[];
  /** Of TLSRoute and TCPRoute. */
  readonly l4: readonly L4Rule[];
  readonly errors: readonly ConfigError[];
}
